"""The `signals` process: asks every controller what it shows, and commands those it may.

One task a junction; a controller that is silent, or answers senselessly, is written down as such
and disturbs nobody else. What we command is renewed every second; when we die, or lose the lease,
the controller takes itself back when its backup time has run.
"""

import asyncio
import logging
import signal
import uuid

from apps.base.threads import in_thread
from apps.traffic.core.layout import Unsafe
from apps.traffic.models import Junction, JunctionState
from apps.traffic.process.attendant import Attendant
from apps.traffic.selectors.junctions import junctions_to_watch
from apps.traffic.services.states import note_trouble
from apps.traffic.snapshot import load_plan
from devices.models import SignalController
from devices.snmp.asking import Asking
from devices.snmp.link import Link
from devices.snmp.v3 import LinkV3

RELOAD_S = 5.0
logger = logging.getLogger(__name__)


async def serve() -> None:
    """Watch until asked to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await watch(ended)


async def watch(ended: asyncio.Event) -> None:
    """A task for each junction that has a controller; junctions come and go while we run."""
    links = await Links.open()
    holder = uuid.uuid4()
    tasks: dict[int, asyncio.Task[None]] = {}
    try:
        while not ended.is_set():
            junctions = {
                junction.pk: junction for junction in await in_thread(junctions_to_watch)()
            }
            for pk in tasks.keys() - junctions.keys():
                tasks.pop(pk).cancel()
            for pk, junction in junctions.items():
                if pk not in tasks or tasks[pk].done():
                    tasks[pk] = asyncio.create_task(_attend(links, junction, holder))
            await _until(ended, RELOAD_S)
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        await links.close()


class Links:
    """How agents are asked: plain UDP, and, once one needs it, SNMP v3."""

    def __init__(self, plain: Link) -> None:
        self._plain = plain
        self._secure: LinkV3 | None = None

    @classmethod
    async def open(cls) -> "Links":
        return cls(await Link.open())

    def to(self, controller: SignalController) -> Asking:
        if controller.version != SignalController.Version.V3:
            return self._plain
        self._secure = self._secure or LinkV3()
        return self._secure

    async def close(self) -> None:
        await self._plain.close()
        if self._secure is not None:
            await self._secure.close()


async def _attend(links: Links, junction: Junction, holder: uuid.UUID) -> None:
    """Until something unforeseen happens; `watch` then begins anew."""
    try:
        plan = await in_thread(load_plan)(junction)
    except Unsafe as error:
        await in_thread(note_trouble)(
            junction=junction,
            health=JunctionState.Health.SENSELESS,
            trouble=str(error),
        )
        await asyncio.sleep(RELOAD_S)
        return
    assert junction.controller is not None
    attendant = Attendant(links.to(junction.controller), junction, plan, holder)
    try:
        await attendant.attend()
    except asyncio.CancelledError:
        await attendant.let_go()
        raise
    except Exception:
        logger.exception("signals: junction %s", junction.code)


async def _until(ended: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(ended.wait(), seconds)
    except TimeoutError:
        return
