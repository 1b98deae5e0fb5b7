"""The sender: leases chunks, hands them to their transports, keeps the ledger. Run as many as you
like; kill any at any moment: what it had in flight and not yet noted is sent again, and devices
show it once.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import psycopg

from apps.base import clock
from apps.base.hot import close_pool, pool
from apps.base.threads import in_thread
from apps.notify.core.messages import Lane
from apps.notify.core.outcomes import FIRST_WAIT, Outcome, Verdict
from apps.notify.services import outbox
from apps.notify.services.alarms import raise_alarm
from apps.notify.services.brakes import Brakes, Paused, SharedBrake
from apps.notify.services.outbox import Held
from apps.notify.services.telling import CHANNEL
from apps.notify.services.transports import forget_transports, transport, transports

FLUSH_S = 0.1
BEAT_S = 2.0
LOOK_AGAIN_S = 1.0
MAX_CHUNKS = 8
KEPT_FREE = 4  # for life-safety, however much else waits
GRACE_S = 10
logger = logging.getLogger(__name__)


class Sender:
    """One sender process; `run` until `stop` is set."""

    def __init__(self) -> None:
        self.lease = uuid.uuid4()
        self.stopping = asyncio.Event()
        self.woken = asyncio.Event()
        self.brakes = Brakes()
        self.held: dict[int, Held] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._alarms: set[asyncio.Task[None]] = set()
        self._beat_s = 0.0

    async def run(self) -> None:
        keepers = [asyncio.create_task(loop()) for loop in (self._listen, self._keep_ledger)]
        try:
            await self._work()
        finally:
            await self._wind_up(keepers)

    async def run_dry(self) -> None:
        """Send what is due, and return; for tests and the demo."""
        keeper = asyncio.create_task(self._keep_ledger())
        try:
            while await self._take_up(MAX_CHUNKS, Lane.INFORMATION) or self._tasks:
                await self._some_done()
        finally:
            await self._wind_up([keeper])

    async def _work(self) -> None:
        while not self.stopping.is_set():
            self.woken.clear()
            try:
                taken = await self._take_up_all()
            except (psycopg.OperationalError, OSError) as error:
                logger.warning("sender: the database is away (%s)", error)
                await asyncio.sleep(LOOK_AGAIN_S)
                continue
            if not taken:
                await self._wait()

    async def _take_up_all(self) -> int:
        """Anything while there is room for it, then life-safety alone."""
        taken = await self._take_up(MAX_CHUNKS - KEPT_FREE, Lane.INFORMATION)
        return taken + await self._take_up(MAX_CHUNKS, Lane.LIFE_SAFETY)

    async def _take_up(self, up_to: int, max_lane: Lane) -> int:
        room = up_to - len(self.held)
        if room <= 0:
            return 0
        claimed = await outbox.claim(
            self.lease, limit=room, max_lane=max_lane, held=self._resting(), ours=list(self.held)
        )
        for held in claimed:
            self.held[held.id] = held
            self._tasks[held.id] = asyncio.create_task(self._send(held))
        return len(claimed)

    def _resting(self) -> list[str]:
        """Transports whose provider asked for a pause."""
        paused = self.brakes.paused()
        return [kind for kind in transports.kinds() if budget_of(kind) in paused]

    async def _wait(self) -> None:
        """Until somebody tells something, a chunk is done, or a while has passed."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.woken.wait(), LOOK_AGAIN_S)

    async def _some_done(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    # ------------------------------------------------------------ one chunk

    async def _send(self, held: Held) -> None:
        """1. Hand it to its transport. 2. Note what came of it. 3. Put back what is open."""
        brake = self._brake(held)
        try:
            if held.parcel.expires_at <= clock.now():
                held.give_up("expired")
            elif held.parcel.recipients:
                await transport(held.transport).send(held.parcel, self._reporter(held), brake)
        except Paused:
            pass  # the brake knows for how long
        except Exception:
            logger.exception("sender: %s failed", held.transport)
            held.after = max(held.after, FIRST_WAIT)
        finally:
            await asyncio.shield(self._let_go(held, brake))

    def _brake(self, held: Held) -> SharedBrake:
        per_minute = transport(held.transport).per_minute
        return self.brakes.of(budget_of(held.transport), per_minute, held.parcel.lane)

    def _reporter(self, held: Held) -> Callable[[int, Outcome], None]:
        def report(offset: int, outcome: Outcome) -> None:
            held.note(offset, outcome)
            if outcome.pause or outcome.alarm or outcome.verdict is Verdict.STOP:
                self._follow_up(held, outcome)

        return report

    def _follow_up(self, held: Held, outcome: Outcome) -> None:
        if outcome.pause:
            self._brake(held).hold(outcome.pause.total_seconds())
        task = asyncio.create_task(self._tell_others(held, outcome))
        self._alarms.add(task)
        task.add_done_callback(self._alarms.discard)

    async def _tell_others(self, held: Held, outcome: Outcome) -> None:
        """The other senders must wait too; staff must look."""
        if outcome.pause:
            await self._brake(held).pause(outcome.pause)
        if outcome.verdict is Verdict.STOP:
            await outbox.stop(held)
        if outcome.alarm:
            raise_ = in_thread(raise_alarm)
            await raise_(transport=held.transport, reason=outcome.reason)

    async def _let_go(self, held: Held, brake: SharedBrake) -> None:
        """A message that was refused is stopped before its chunk can be taken up again."""
        try:
            await asyncio.gather(*self._alarms, return_exceptions=True)
            await outbox.note(self.lease, [held])
            wait = max(held.after, timedelta(seconds=brake.paused_s))
            await outbox.put_back(self.lease, held, wait=wait)
        except (psycopg.OperationalError, OSError) as error:
            logger.warning("sender: chunk %d could not be noted (%s)", held.id, error)
        finally:
            self.held.pop(held.id, None)
            self._tasks.pop(held.id, None)
            self.woken.set()

    # ------------------------------------------------------------ keepers

    async def _keep_ledger(self) -> None:
        """Note what changed ten times a second; prolong all leases every other second."""
        while True:
            await asyncio.sleep(FLUSH_S)
            due = monotonic() - self._beat_s >= BEAT_S
            chunks = [held for held in self.held.values() if held.dirty or due]
            self._beat_s = monotonic() if due else self._beat_s
            if chunks:
                await self._note(chunks)

    async def _note(self, chunks: list[Held]) -> None:
        try:
            kept = await outbox.note(self.lease, chunks)
        except (psycopg.OperationalError, OSError) as error:
            logger.warning("sender: the ledger could not be written (%s)", error)
            for held in chunks:
                held.dirty = True
            return
        for held in chunks:
            task = self._tasks.get(held.id)
            if held.id not in kept and task is not None and held.id in self.held:
                task.cancel()  # stopped by staff, or taken over by another sender

    async def _listen(self) -> None:
        """Wake when something is told; rest when another sender was asked to."""
        while True:
            try:
                async with (await pool()).connection() as link:
                    await link.execute(f"LISTEN {CHANNEL}")
                    await link.execute("LISTEN notify_pause")
                    async for heard in link.notifies():
                        self._hear(heard.channel, heard.payload)
            except (psycopg.OperationalError, OSError):
                await asyncio.sleep(LOOK_AGAIN_S)

    def _hear(self, channel: str, payload: str) -> None:
        if channel == CHANNEL:
            self.woken.set()
        else:
            budget, seconds = payload.split()
            self.brakes.hold(budget, float(seconds))

    async def _wind_up(self, keepers: list[asyncio.Task[None]]) -> None:
        """Let what is in flight end, then close everything."""
        waiting = {*self._tasks.values(), *self._alarms}
        if waiting:
            await asyncio.wait(waiting, timeout=GRACE_S)
        for task in (*keepers, *self._tasks.values()):
            task.cancel()
        await asyncio.gather(*keepers, *self._tasks.values(), return_exceptions=True)
        for kind in transports.kinds():
            await transport(kind).close()
        forget_transports()
        await close_pool()


def budget_of(kind: str) -> str:
    """Topics and tokens spend from one budget."""
    return kind.partition("_")[0]
