"""Queues from one advance detector per approach: who has passed it arrives at the line, or at the
queue's end, a known time later; green lets the queue go at its saturation flow.

A vehicle call that has gone while the approach is green says that nobody is left: what the estimate
has gathered in error is dropped there, at the latest once a cycle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from apps.traffic.core import horizon
from apps.traffic.core.horizon import START_UP_S, Floats

RATE_MEMORY_S = 300.0


@dataclass(frozen=True, slots=True)
class Approach:
    """One stream of vehicles: its signal group, where its detector lies, and how it flows."""

    group: int
    distance_m: float = 100.0
    speed_mps: float = 13.9
    saturation_per_s: float = 0.5

    @property
    def travel_s(self) -> float:
        return self.distance_m / self.speed_mps


@dataclass(frozen=True, slots=True)
class Queue:
    """`standing` vehicles at the line; `due_s` when those under way will reach it; `rate_per_s`
    of late."""

    standing: float = 0.0
    due_s: tuple[float, ...] = ()
    rate_per_s: float = 0.0


def moved(
    approach: Approach, queue: Queue, *, before_s: float, now_s: float, passed: int,
    green_since_s: float | None, calling: bool,
) -> Queue:  # fmt: skip
    """The queue at `now_s`: `passed` vehicles crossed the detector since `before_s`."""
    elapsed_s = now_s - before_s
    due_s = (*queue.due_s, *[now_s + approach.travel_s] * passed)
    standing = queue.standing + sum(due <= now_s for due in due_s)
    if green_since_s is not None:
        flowing_s = min(elapsed_s, max(0.0, now_s - green_since_s - START_UP_S))
        standing = max(0.0, standing - approach.saturation_per_s * flowing_s)
        if not calling and now_s - green_since_s > START_UP_S:
            standing = 0.0
    share = min(1.0, elapsed_s / RATE_MEMORY_S)
    rate = queue.rate_per_s + share * (passed / elapsed_s - queue.rate_per_s) if elapsed_s else 0.0
    return replace(
        queue, standing=standing, due_s=tuple(d for d in due_s if d > now_s), rate_per_s=rate
    )


def seen(
    approaches: Sequence[Approach], queues: Sequence[Queue], *, stage: int, green_s: float,
    now_s: float, weight: Floats,
) -> horizon.Seen:  # fmt: skip
    """What the horizon asks for; beyond the detectors' reach the rate of late goes on."""
    arrivals = np.zeros((len(approaches), horizon.HORIZON_S))
    for m, (approach, queue) in enumerate(zip(approaches, queues, strict=True)):
        arrivals[m] = horizon.spread([due - now_s for due in queue.due_s])
        arrivals[m, int(approach.travel_s) + 1 :] += queue.rate_per_s
    return horizon.Seen(
        stage=stage,
        green_s=green_s,
        queue=np.array([queue.standing for queue in queues]),
        arrivals=arrivals,
        room=np.full(len(approaches), np.inf),
        weight=weight,
    )
