"""Buses, trams and vehicles on an emergency: what they are worth, and when they come first.

A bus weighs as much as those who sit in it, so the horizon keeps its green a little longer or
brings it earlier where that costs others less. A vehicle on an emergency is no matter of cost: the
stage that serves it is wished for as soon as it is near enough for a change to be over in time.
The guard stands behind both: least greens, clearances and longest waits of walkers are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from apps.traffic.core.guard import State, longest_change_s
from apps.traffic.core.horizon import HORIZON_S, Seen
from apps.traffic.core.layout import Junction
from apps.traffic.core.queues import Approach

NEAR_S = 15.0  # beside the time a change may take
LATE_S = 10.0  # an expected vehicle that has not come is waited for so long


class Kind(StrEnum):
    BUS = "bus"
    TRAM = "tram"
    EMERGENCY = "emergency"


WEIGHT = {Kind.BUS: 12.0, Kind.TRAM: 25.0, Kind.EMERGENCY: 200.0}


@dataclass(frozen=True, slots=True)
class Demand:
    """A vehicle that will be at the line of a group in `eta_s`."""

    group: int
    kind: Kind
    eta_s: float

    @property
    def counts(self) -> bool:
        return -LATE_S <= self.eta_s < HORIZON_S


def weighed(seen: Seen, approaches: Sequence[Approach], demands: Sequence[Demand]) -> Seen:
    """What the horizon sees, with these vehicles in it at their worth."""
    arrivals, weight = seen.arrivals.copy(), np.array(seen.weight, dtype=np.float64)
    for demand in demands:
        if not demand.counts:
            continue
        for m, approach in enumerate(approaches):
            if approach.group == demand.group:
                arrivals[m, max(int(demand.eta_s), 0)] += 1.0
                weight[m] = max(weight[m], WEIGHT[demand.kind])
    return replace(seen, arrivals=arrivals, weight=weight)


def urgent_stage(junction: Junction, state: State, demands: Sequence[Demand]) -> int | None:
    """The stage for the nearest vehicle on an emergency; the present one where it serves."""
    reach_s = longest_change_s(junction) + NEAR_S
    near = [
        demand
        for demand in demands
        if demand.kind is Kind.EMERGENCY and demand.counts and demand.eta_s <= reach_s
    ]
    if not near:
        return None
    first = min(near, key=lambda demand: demand.eta_s)
    stages = junction.stages_serving(first.group)
    return state.stage if state.stage in stages else stages[0]
