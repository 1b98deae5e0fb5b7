"""A city's morning, the same for every dispatcher: waits, driving, refusals.

120 stops with unequal pull over six by six kilometres, 13 vans on one shift, up to 75 parties an
hour of whom most want to go now, streets that take a fifth more or less than expected.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from apps.drt.core.asks import Terms
from apps.drt.core.capacity import Capacity
from apps.drt.core.simulation.day import Outcome, lived
from apps.drt.core.simulation.demand import Habits
from apps.drt.core.simulation.dispatchers import (
    Dispatcher,
    GreedyInsertion,
    NearestIdleSolo,
    Ours,
)
from apps.drt.core.simulation.fixed_route import timetabled
from apps.drt.core.simulation.town import Town
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Vehicle
from apps.drt.core.windows import Window
from benchmarks.report import Metric

SEEDS = (11, 12, 13)
STOPS, SIDE_M, SPEED_M_S = 120, 6000.0, 7.0
VANS, RIDES_PER_HOUR = 13, 75.0
FROM_S, TO_S = 7 * 3600.0, 12 * 3600.0
QUICK_TO_S = 8 * 3600.0
FIGURES = (
    ("sim_wait_mean_s", "wait_mean_s", "s"),
    ("sim_wait_p90_s", "wait_p90_s", "s"),
    ("sim_vkm_per_passenger", "vkm_per_passenger", "km"),
    ("sim_rejected_share", "rejected_share", ""),
    ("sim_promise_kept_share", "kept_share", ""),
)


def city_metrics(*, quick: bool) -> Iterator[Metric]:
    if quick:
        towns = [city(SEEDS[0], to_s=QUICK_TO_S)]
    else:
        towns = [city(seed) for seed in SEEDS]
    ours = _days(towns, Ours())
    yield from _told(ours, None)
    for other in (GreedyInsertion(), NearestIdleSolo()):
        yield from _told(_days(towns, other), ours)
    yield from _told(Outcome.pooled([timetabled(town) for town in towns]), ours)


def _days(towns: Sequence[Town], dispatcher: Dispatcher) -> Outcome:
    return Outcome.pooled([lived(town, dispatcher) for town in towns])


def _told(outcome: Outcome, ours: Outcome | None) -> Iterator[Metric]:
    for metric, name, unit in FIGURES:
        if name == "kept_share" and not outcome.lates_s:
            continue
        beside: dict[str, Any] = {}
        if ours is not None:
            beside = {"reference": "ours", "reference_value": getattr(ours, name)}
        yield Metric(metric, outcome.dispatcher, getattr(outcome, name), unit, **beside)


def city(seed: int, *, to_s: float = TO_S) -> Town:
    chance = np.random.default_rng(seed)
    stops_m = chance.uniform(0.0, SIDE_M, (STOPS, 2))
    apart_m = np.abs(stops_m[:, None] - stops_m[None, :]).sum(axis=2)
    return Town(
        stops_m=stops_m,
        pull=chance.pareto(1.5, STOPS) + 0.3,
        step_free=(chance.random(STOPS) < 0.8).tolist(),
        travel=TravelTimes.rounded_up(apart_m / SPEED_M_S),
        vehicles=tuple(_van(f"v{at:02d}", int(chance.integers(STOPS)), to_s) for at in range(VANS)),
        habits=Habits(rides_per_hour=RIDES_PER_HOUR),
        from_s=FROM_S,
        to_s=to_s,
        seed=seed,
        speed_m_s=SPEED_M_S,
        terms=Terms(longest_wait_s=1200.0),
    )


def _van(name: str, home: int, to_s: float) -> Vehicle:
    room, folded = Capacity(8, 1, 2, 6), Capacity(5, 2, 1, 6)
    return Vehicle(name, (room, folded), home, home, Window(FROM_S, to_s + 2 * 3600.0))
