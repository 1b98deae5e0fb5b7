"""The chance of a free space on arrival, with the cars that were sent there before counted.

With a forecast: the number taken is normal around the forecast, moved by what was counted since it
was made. Without one: the loss system M/M/C/C, whose C spaces are taken at random and left after a
mean stay, started from the count (Kleinrock, Queueing Systems I, ch. 3); for one space this is the
two-state chain. How sure the count itself is weighs both against what is known of nothing: a half.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import erf, exp, sqrt

import numpy as np
from numpy.typing import NDArray

NORMAL_90 = 3.2897  # standard deviations between the bounds that hold nine times out of ten
# What was counted differently than forecast is forgotten by half in two hours.
CARRIED_HALF_MIN = 120.0
LEAST_SD_CARS = 0.45
MEAN_STAY_S = 5_400.0
COMES = 0.8  # of the cars sent somewhere so many arrive
LATE_HALF_S = 300.0  # one that is late has half given up after five minutes
EXACT_UP_TO = 60
KNOWN_OF_NOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Curve:
    """A forecast: the share taken at some minutes ahead, the first of them 0, with its bounds."""

    minutes: Sequence[float]
    expected: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]

    def at(self, minutes: float) -> tuple[float, float]:
        """Expected share and its standard deviation, between the points along straight lines."""
        last = len(self.minutes) - 1
        after = next((n for n in range(1, last) if self.minutes[n] >= minutes), last)
        before = max(after - 1, 0)
        span = self.minutes[after] - self.minutes[before]
        part = min(max((minutes - self.minutes[before]) / span, 0.0), 1.0) if span else 0.0
        expected = _between(self.expected, before, after, part)
        width = _between(self.high, before, after, part) - _between(self.low, before, after, part)
        return expected, width / NORMAL_90


def _between(values: Sequence[float], before: int, after: int, part: float) -> float:
    return values[before] + part * (values[after] - values[before])


def taken_at(curve: Curve, *, age_min: float, ahead_min: float, share_now: float | None) -> tuple[
    float, float
]:  # fmt: skip
    """Share taken so many minutes from now, by a forecast made `age_min` ago, and its deviation."""
    expected, deviation = curve.at(age_min + ahead_min)
    if share_now is None:
        return expected, deviation
    surprise = share_now - curve.at(age_min)[0]
    carried = surprise * 2 ** (-ahead_min / CARRIED_HALF_MIN)
    return min(max(expected + carried, 0.0), 1.0), deviation


def chance_by_forecast(*, total: int, share: float, deviation: float, ahead: float) -> float:
    """P(taken + cars ahead of mine ≤ total − 1), with half a car of continuity."""
    room = total - 0.5 - ahead - share * total
    return 0.5 * (1 + erf(room / (max(deviation * total, LEAST_SD_CARS) * sqrt(2))))


def chance_by_chain(*, total: int, taken: int, after_s: float, ahead: float) -> float:
    """Without any forecast; as many are supposed to come as keep it as full as it is."""
    if total < 1:
        return 0.0
    kept = min(taken + round(ahead), total)
    if total > EXACT_UP_TO:
        stays = exp(-after_s / MEAN_STAY_S)
        deviation = sqrt(max(kept * (1 - stays**2), 0.0)) / total
        return chance_by_forecast(total=total, share=kept / total, deviation=deviation, ahead=0)
    return 1.0 - full_after(total, kept, round(after_s / MEAN_STAY_S, 3))


@lru_cache(maxsize=8192)
def full_after(total: int, taken: int, stays: float) -> float:
    """P(all taken) after so many mean stays, by uniformisation of the loss system."""
    load = taken + 0.5
    fastest = load + total
    state = np.zeros(total + 1)
    state[taken] = 1.0
    found = np.zeros(total + 1)
    weight, steps = exp(-fastest * stays), fastest * stays
    for step in range(int(steps + 8 * sqrt(steps) + 20)):
        found += weight * state
        state = _one_event(state, load, fastest)
        weight *= steps / (step + 1)
    return float(found[-1] / found.sum()) if found.sum() else erlang_b(load, total)


def _one_event(state: NDArray[np.float64], load: float, fastest: float) -> NDArray[np.float64]:
    total = len(state) - 1
    cars = np.arange(total + 1)
    comes, leaves = state[:-1] * load / fastest, state[1:] * cars[1:] / fastest
    after = state.copy()
    after[:-1] += leaves - comes
    after[1:] += comes - leaves
    return after


def erlang_b(load: float, total: int) -> float:
    """Share of arrivals that find all taken, in the long run: B(k) = aB(k−1) / (k + aB(k−1))."""
    blocked = 1.0
    for spaces in range(1, total + 1):
        blocked = load * blocked / (spaces + load * blocked)
    return blocked


def weighed(chance: float, confidence: float) -> float:
    return confidence * chance + (1 - confidence) * KNOWN_OF_NOTHING


def still_coming(late_s: float) -> float:
    """How much of a car that was sent must still be expected, `late_s` after it should have come
    (negative: it is on its way)."""
    return float(COMES * 2 ** (-max(late_s, 0.0) / LATE_HALF_S))
