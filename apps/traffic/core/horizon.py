"""Adaptive control: choose the stage by looking a minute ahead at who will arrive.

A rolling horizon in the family of COP (Sen & Head 1997), ALLONS-D (Porche & Lafortune 1999) and
Surtrac (Xie et al. 2012): every plan "stay so long, then that stage so long, then another" is
played through a point-queue model, second by second; the one with the least waiting wins, its
first step is taken, and a second later all is asked again. The guard has the last word.

Times are seconds, flows vehicles per second, queues vehicles. A *movement* is one lane's approach.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HORIZON_S = 60
START_UP_S = 2.0  # a queue takes this long to get going (Highway Capacity Manual)
EXTENSIONS_S = np.array([0, 1, 2, 3, 4, 6, 8, 10, 13, 16, 20, 25, 30], dtype=np.int64)
LENGTHS_S = np.array([0, 3, 6, 10, 15, 20, 30], dtype=np.int64)  # beyond a stage's least green


@dataclass(frozen=True)
class Signals:
    """What does not change: `flow[m, s]` is the saturation flow of movement m in stage s,
    `change_s[s, t]` the time without green between two stages, `least_s[s]` the least green."""

    flow: Floats
    change_s: Floats
    least_s: Floats

    def __post_init__(self) -> None:
        stages = self.flow.shape[1]
        if self.change_s.shape != (stages, stages) or self.least_s.shape != (stages,):
            raise ValueError("flow, change_s and least_s speak of different stages.")


@dataclass(frozen=True)
class Seen:
    """What detectors see now: `queue[m]` vehicles that stand, `arrivals[m, t]` those that reach the
    line or the queue in second t, `room[m]` how many the exit still takes, `weight[m]` what a
    vehicle-second there is worth (1; more behind a bus or an ambulance)."""

    stage: int
    green_s: float
    queue: Floats
    arrivals: Floats
    room: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Wish:
    """`stage` to show now; `cost` in weighted vehicle-seconds over the horizon, beside the cost of
    staying as long as possible, so that staff can read why."""

    stage: int
    stay_s: float
    cost: float
    cost_of_staying: float


def wish(signals: Signals, seen: Seen) -> Wish:
    """The stage that costs least waiting over the horizon."""
    remaining = max(0.0, signals.least_s[seen.stage] - seen.green_s)
    cost, extension, following, staying = _best(
        signals.flow, signals.change_s, signals.least_s, seen.stage, remaining,
        seen.queue, seen.arrivals, seen.room, seen.weight,
    )  # fmt: skip
    stage = seen.stage if extension > 0 else following
    return Wish(int(stage), float(extension), float(cost), float(staying))


def pressure_wish(signals: Signals, seen: Seen, *, gain: float = 1.25) -> Wish:
    """The fallback where arrivals are not seen (Varaiya 2013, queues alone): the stage that could
    discharge most of what stands, if it is `gain` times what the present one does."""
    served = np.minimum(seen.queue, seen.room)[:, None] * seen.weight[:, None] * signals.flow
    pressure = served.sum(axis=0)
    best = int(pressure.argmax())
    leaves = pressure[best] > gain * pressure[seen.stage]
    stage = best if leaves and seen.green_s >= signals.least_s[seen.stage] else seen.stage
    return Wish(stage, 0.0, -float(pressure[stage]), -float(pressure[seen.stage]))


@numba.njit(cache=True)
def _best(
    flow: Floats,
    change_s: Floats,
    least_s: Floats,
    stage: int,
    remaining: float,
    queue: Floats,
    arrivals: Floats,
    room: Floats,
    weight: Floats,
) -> tuple[float, int, int, float]:
    stages = flow.shape[1]
    best, best_extension, best_next, staying = np.inf, 0, stage, np.inf
    for extension in EXTENSIONS_S:
        if extension < remaining:
            continue
        for following in range(stages):
            if following == stage:
                continue
            for more in LENGTHS_S:
                length = int(least_s[following]) + more
                for last in range(stages):
                    if last == following:
                        continue
                    cost = _waiting(
                        flow, change_s, stage, extension, following, length, last,
                        queue, arrivals, room, weight, best,
                    )  # fmt: skip
                    if cost < best:
                        best, best_extension, best_next = cost, extension, following
                    if extension == EXTENSIONS_S[-1] and cost < staying:
                        staying = cost
    if best_extension == 0 and remaining > 0:
        best_extension = 1
    return best, best_extension, best_next, staying


@numba.njit(cache=True)
def _waiting(
    flow: Floats, change_s: Floats, stage: int, extension: int, following: int, length: int,
    last: int, queue: Floats, arrivals: Floats, room: Floats, weight: Floats, enough: float,
) -> float:  # fmt: skip
    """Weighted vehicle-seconds of one plan; infinite as soon as it exceeds `enough`."""
    first_end = extension
    second_begin = first_end + change_s[stage, following]
    second_end = second_begin + length
    third_begin = second_end + change_s[following, last]
    total = 0.0
    for m in range(flow.shape[0]):
        standing, left = queue[m], room[m]
        for t in range(HORIZON_S):
            standing += arrivals[m, t]
            if t < first_end:
                rate = flow[m, stage]
            elif t < second_begin:
                rate = _kept(flow, m, stage, following)
            elif t < second_end:
                rate = flow[m, following]
                if flow[m, stage] == 0.0 and t < second_begin + START_UP_S:
                    rate = 0.0
            elif t < third_begin:
                rate = _kept(flow, m, following, last)
            else:
                rate = flow[m, last]
                if flow[m, following] == 0.0 and t < third_begin + START_UP_S:
                    rate = 0.0
            gone = min(standing, rate, left)
            standing -= gone
            left -= gone
            total += standing * weight[m]
        total += weight[m] * standing * _still_s(flow, m, last, standing)
        if total >= enough:
            return np.inf
    return total


@numba.njit(cache=True)
def _kept(flow: Floats, m: int, before: int, after: int) -> float:
    """During a change those flow on who have green before and after."""
    return float(min(flow[m, before], flow[m, after]))


@numba.njit(cache=True)
def _still_s(flow: Floats, m: int, last: int, standing: float) -> float:
    """How long, on average, those who stand at the horizon's end wait on: half the time to
    discharge them, and a change of stages first where they have no green."""
    most = flow[m].max()
    if most == 0.0:
        return 0.0
    wait = standing / most / 2.0
    return float(wait) if flow[m, last] > 0.0 else float(wait + 15.0)


def spread(etas_s: Sequence[float]) -> Floats:
    """Arrivals per second of the horizon, from the moments at which vehicles reach the line."""
    arrivals = np.zeros(HORIZON_S)
    for eta in etas_s:
        second = int(eta)
        if 0 <= second < HORIZON_S:
            arrivals[second] += 1.0
    return arrivals
