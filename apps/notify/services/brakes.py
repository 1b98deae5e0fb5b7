"""How fast all senders together may use one transport: a share of its budget for life-safety, the
rest for everything else.

Allowance is fetched in small slices from a row that all senders share, so that a sender that dies
takes at most a slice with it. Two in a hundred of the budget stay unused: a slice may be used a
moment later than it was granted.
"""

import asyncio
from datetime import timedelta
from time import monotonic

from apps.base.hot import pool
from apps.notify.core.messages import Lane

LIFE_SHARE = 0.9
MARGIN = 0.98
SLICE_S = 0.05
KEEP_S = 0.5
LONGEST_WAIT_S = 2.0

# The virtual scheduling form of the generic cell rate algorithm, `n` cells at a time.
_TAKE = """
    INSERT INTO notify_budget AS b (name, spent_until, trouble)
    VALUES (%(name)s, clock_timestamp() + %(cost)s, '')
    ON CONFLICT (name) DO UPDATE
    SET spent_until = greatest(b.spent_until, clock_timestamp()) + %(cost)s
    RETURNING extract(epoch FROM spent_until - %(cost)s - clock_timestamp())::float8,
              coalesce(extract(epoch FROM paused_until - clock_timestamp()), 0)::float8
"""
_PAUSE = """
    INSERT INTO notify_budget AS b (name, spent_until, paused_until, trouble)
    SELECT name, clock_timestamp(), clock_timestamp() + %(length)s, ''
    FROM unnest(%(names)s::text[]) AS name
    ON CONFLICT (name) DO UPDATE SET paused_until =
        greatest(coalesce(b.paused_until, '-infinity'), clock_timestamp() + %(length)s)
"""
_TELL = "SELECT pg_notify('notify_pause', %s)"


class Paused(Exception):
    """The provider asked for a longer pause: put the chunk back."""


class SharedBrake:
    """One transport's brake in one sender, for one kind of lane."""

    def __init__(self, budget: str, per_minute: int, *, life: bool) -> None:
        self.budget = budget
        share = LIFE_SHARE if life else 1 - LIFE_SHARE
        self.rate_hz = per_minute * share * MARGIN / 60
        self.name = f"{budget}:{'life' if life else 'other'}"
        self._stock = 0
        self._stock_until_s = 0.0
        self._paused_until_s = 0.0
        self._lock = asyncio.Lock()

    @property
    def paused_s(self) -> float:
        """Seconds until the transport may be used again."""
        return max(self._paused_until_s - monotonic(), 0.0)

    async def take(self) -> None:
        """Wait until one more may go. Raises Paused."""
        if not self.rate_hz:
            return
        while True:
            await self._sit_out()
            if self._stock > 0 and monotonic() < self._stock_until_s:
                self._stock -= 1
                return
            async with self._lock:
                if self._stock <= 0 or monotonic() >= self._stock_until_s:
                    await self._refill()

    async def _sit_out(self) -> None:
        if self.paused_s > LONGEST_WAIT_S:
            raise Paused
        if self.paused_s:
            await asyncio.sleep(self.paused_s)

    async def _refill(self) -> None:
        count = max(int(self.rate_hz * SLICE_S), 1)
        cost = timedelta(seconds=count / self.rate_hz)
        async with (await pool()).connection() as link:
            cursor = await link.execute(_TAKE, {"name": self.name, "cost": cost})
            row = await cursor.fetchone()
        assert row is not None, "an upsert returns its row"
        wait_s, paused_s = row
        self.hold(paused_s)
        await asyncio.sleep(max(wait_s, 0.0))
        self._stock, self._stock_until_s = count, monotonic() + KEEP_S

    def hold(self, seconds: float) -> None:
        """Nothing goes for so long."""
        self._paused_until_s = max(self._paused_until_s, monotonic() + seconds)

    async def pause(self, length: timedelta) -> None:
        """The provider asks everybody to wait: all lanes, all senders."""
        self.hold(length.total_seconds())
        names = [f"{self.budget}:life", f"{self.budget}:other"]
        async with (await pool()).connection() as link:
            await link.execute(_PAUSE, {"names": names, "length": length})
            await link.execute(_TELL, [f"{self.budget} {length.total_seconds()}"])


class Brakes:
    """All brakes of one sender."""

    def __init__(self) -> None:
        self._made: dict[str, SharedBrake] = {}

    def of(self, budget: str, per_minute: int, lane: int) -> SharedBrake:
        brake = SharedBrake(budget, per_minute, life=lane == Lane.LIFE_SAFETY)
        return self._made.setdefault(brake.name, brake)

    def hold(self, budget: str, seconds: float) -> None:
        """Another sender was asked to wait."""
        for brake in self._made.values():
            if brake.budget == budget:
                brake.hold(seconds)

    def paused(self) -> set[str]:
        return {brake.budget for brake in self._made.values() if brake.paused_s > LONGEST_WAIT_S}
