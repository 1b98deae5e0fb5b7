"""Who parks when: for each space and day a list of stays, drawn from the town's seed alone.

Nothing is remembered: what stands where at an instant is a function of seed, space and instant, so
a simulator may be stopped and started without a car vanishing or a counter jumping back. A day goes
from four in the morning to four, and its cars are its own.

Each space is a two-state process whose arrival rate follows the hour so that its share of taken
time tends to the profile p: rate = p / (1 − p) / mean stay, stays exponential.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from random import Random
from zoneinfo import ZoneInfo

DAY_BEGINS = time(4)
SHORTEST_STAY_S = 240.0
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Habit:
    """Share of spaces taken at each hour of the clock, and how long a car stays."""

    weekday: tuple[float, ...]
    weekend: tuple[float, ...]
    mean_stay_s: float

    def share(self, hour: int, *, weekend: bool) -> float:
        return (self.weekend if weekend else self.weekday)[hour % 24]


@dataclass(frozen=True, slots=True)
class Stay:
    """Seconds since the day began; a car that stays overnight ends with the day."""

    from_s: float
    to_s: float


STATION = Habit(
    weekday=(.16, .14, .13, .12, .13, .18, .34, .58, .78, .88, .91, .92, .90, .91, .90, .88, .84,
             .76, .62, .48, .38, .30, .24, .19),
    weekend=(.18, .16, .14, .13, .13, .15, .20, .27, .36, .46, .55, .62, .66, .68, .67, .64, .60,
             .55, .49, .42, .36, .31, .26, .22),
    mean_stay_s=9_000,
)  # fmt: skip
MARKET = Habit(
    weekday=(.10, .08, .08, .08, .10, .16, .26, .40, .55, .68, .80, .88, .90, .82, .74, .76, .82,
             .88, .86, .70, .50, .34, .22, .14),
    weekend=(.12, .10, .08, .08, .10, .14, .22, .36, .56, .76, .90, .95, .96, .95, .94, .93, .92,
             .90, .84, .70, .52, .36, .24, .16),
    mean_stay_s=3_600,
)  # fmt: skip
STREET = Habit(
    weekday=(.30, .26, .24, .22, .24, .30, .42, .60, .76, .86, .90, .93, .94, .92, .90, .90, .91,
             .92, .90, .82, .70, .58, .46, .36),
    weekend=(.34, .30, .28, .26, .26, .28, .34, .42, .52, .62, .70, .76, .80, .80, .78, .76, .74,
             .74, .74, .70, .62, .54, .46, .40),
    mean_stay_s=2_400,
)  # fmt: skip


def day_of(local: datetime) -> date:
    """The day a local instant belongs to; before four it is still yesterday."""
    return (local - timedelta(hours=DAY_BEGINS.hour)).date()


def begin_of(day_on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day_on, DAY_BEGINS, tzinfo=zone)


def stays_of(space: str, day_on: date, habit: Habit, *, seed: int) -> tuple[Stay, ...]:
    """The stays of one space on one day, in order, none overlapping."""
    digest = blake2b(f"{seed}/{space}/{day_on}".encode(), digest_size=8).digest()
    chance = Random(int.from_bytes(digest, "big"))
    weekend = day_on.weekday() >= 5
    stays: list[Stay] = []
    at_s = 0.0
    if chance.random() < habit.share(DAY_BEGINS.hour, weekend=weekend):
        at_s = _park(stays, 0.0, chance, habit)
    while at_s < DAY_S:
        hour = int(at_s // 3600)
        share = habit.share(DAY_BEGINS.hour + hour, weekend=weekend)
        gap_s = chance.expovariate(share / (1 - share) / habit.mean_stay_s)
        if at_s + gap_s >= (hour + 1) * 3600:
            at_s = (hour + 1) * 3600.0  # memoryless: draw again at the next hour's rate
        else:
            at_s = _park(stays, at_s + gap_s, chance, habit)
    return tuple(stays)


def _park(stays: list[Stay], from_s: float, chance: Random, habit: Habit) -> float:
    to_s = min(from_s + SHORTEST_STAY_S + chance.expovariate(1 / habit.mean_stay_s), DAY_S)
    stays.append(Stay(round(from_s, 3), round(to_s, 3)))
    return to_s


def is_taken(stays: Sequence[Stay], at_s: float) -> bool:
    return any(stay.from_s <= at_s < stay.to_s for stay in stays)


def arrivals_until(stays: Sequence[Stay], at_s: float) -> int:
    return sum(stay.from_s <= at_s for stay in stays)


def departures_until(stays: Sequence[Stay], at_s: float) -> int:
    return sum(stay.to_s <= at_s for stay in stays)


def last_change_s(stays: Sequence[Stay], at_s: float) -> float:
    """When the space last changed, seconds since the day began; the day's begin at the least."""
    changes = [s for stay in stays for s in (stay.from_s, stay.to_s) if s <= at_s]
    return max(changes, default=0.0)
