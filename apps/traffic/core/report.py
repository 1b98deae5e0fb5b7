"""Before and after: did a strategy save anything, and how sure is that?

Minutes are compared within the same kind of day and hour, so that a quiet night does not count for
what a busy morning lacks. The saving is the mean over these hours, weighted by the vehicles that
came under the new strategy; its confidence interval comes from resampling days (a block bootstrap:
minutes of one day hang together).
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 400
LEAST_VEHICLES = 5.0


@dataclass(frozen=True, slots=True)
class Minute:
    """`after` says under which strategy. `slot` is comparable with equal ones only."""

    day: Hashable
    slot: Hashable
    after: bool
    vehicles: float
    waited_s: float
    walker_longest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Delay per vehicle before and after in seconds, and the share saved with its 95 % interval."""

    before_s: float
    after_s: float
    cut: float
    low: float
    high: float
    slots_n: int
    days_before_n: int
    days_after_n: int
    walker_longest_before_s: float
    walker_longest_after_s: float

    @property
    def is_sure(self) -> bool:
        return self.low > 0 or self.high < 0


def compare(minutes: Sequence[Minute], *, seed: int = 0) -> Estimate | None:
    """None where no hour was seen under both, or on too few days to say how sure it is."""
    days = {after: sorted({m.day for m in minutes if m.after is after}, key=str)
            for after in (False, True)}  # fmt: skip
    whole = _cut(minutes)
    if whole is None or min(map(len, days.values())) < 2:
        return None
    chance = np.random.default_rng(seed)
    by_day: dict[tuple[bool, Hashable], list[Minute]] = defaultdict(list)
    for minute in minutes:
        by_day[minute.after, minute.day].append(minute)
    cuts: list[float] = []
    for _round in range(ROUNDS):
        drawn: list[Minute] = []
        for after, names in days.items():
            for place in chance.integers(len(names), size=len(names)):
                drawn += by_day[after, names[place]]
        found = _cut(drawn)
        if found is not None:
            cuts.append(found[2])
    low, high = np.quantile(cuts, (0.025, 0.975))
    before_s, after_s, cut, slots_n = whole
    longest = [
        max((m.walker_longest_s for m in minutes if m.after is after), default=0.0)
        for after in (False, True)
    ]
    return Estimate(
        before_s, after_s, cut, float(low), float(high), slots_n, len(days[False]),
        len(days[True]), longest[0], longest[1],
    )  # fmt: skip


def _cut(minutes: Sequence[Minute]) -> tuple[float, float, float, int] | None:
    """Delay before and after and the share saved, over slots seen under both."""
    sums: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for minute in minutes:
        place = 2 if minute.after else 0
        sums[minute.slot][place] += minute.vehicles
        sums[minute.slot][place + 1] += minute.waited_s
    both = [s for s in sums.values() if s[0] >= LEAST_VEHICLES and s[2] >= LEAST_VEHICLES]
    vehicles = sum(s[2] for s in both)
    if not vehicles:
        return None
    before_s = sum(s[1] / s[0] * s[2] for s in both) / vehicles
    after_s = sum(s[3] for s in both) / vehicles
    return before_s, after_s, 1.0 - after_s / before_s if before_s else 0.0, len(both)
