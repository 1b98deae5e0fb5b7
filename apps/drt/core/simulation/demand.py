"""Who asks for a ride when, where from and where to: drawn from a seed, the same for every
dispatcher that is tried on it.

Arrivals are a Poisson process whose rate follows the hour; places are drawn by their pull, ends a
little way off the stop that stands for them. Plane coordinates in metres.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.capacity import Capacity

HOUR_S = 3600.0
Points = NDArray[np.float64]

WORKDAY = (.05, .02, .02, .02, .05, .2, .5, .9, 1.0, .8, .7, .7, .75, .7, .7, .75, .85, 1.0, .9,
           .6, .4, .3, .2, .1)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """``rides_per_hour`` at the busiest hour; ``by_hour`` are shares of it.

    ``advance_share`` of the riders ask ``least_lead_s`` to ``most_lead_s`` before they want to go,
    the others when they are ready; ``arrive_by_share`` of those in advance name their arrival.
    """

    rides_per_hour: float
    by_hour: tuple[float, ...] = WORKDAY
    advance_share: float = 0.3
    arrive_by_share: float = 0.3
    least_lead_s: float = 1200.0
    most_lead_s: float = 2 * HOUR_S
    wheelchair_share: float = 0.06
    companion_share: float = 0.25
    shortest_trip_m: float = 1000.0
    scatter_m: float = 150.0

    def __post_init__(self) -> None:
        if self.rides_per_hour <= 0 or len(self.by_hour) != 24:
            raise ValueError(f"Habits need a positive rate and 24 hours: {self}")


@dataclass(frozen=True, slots=True)
class Trip:
    """What one party wants; exactly one of ``depart_after_s`` and ``arrive_by_s`` is set."""

    ride_id: str
    asks_at_s: float
    depart_after_s: float | None
    arrive_by_s: float | None
    origin_m: tuple[float, float]
    destination_m: tuple[float, float]
    party: Capacity

    @property
    def needs_step_free(self) -> bool:
        return self.party.wheelchair_bays > 0


def trips(
    habits: Habits, stops_m: Points, pull: Points, *, from_s: float, to_s: float, seed: int
) -> tuple[Trip, ...]:
    """The trips of a span of the day, in the order in which their riders ask."""
    chance = np.random.default_rng(seed)
    moments = list(_moments(habits, chance, from_s, to_s))
    found = [
        _trip(f"t{number:04d}", moment_s, habits, stops_m, pull / pull.sum(), chance, from_s)
        for number, moment_s in enumerate(moments)
    ]
    return tuple(sorted(found, key=lambda trip: (trip.asks_at_s, trip.ride_id)))


def _moments(
    habits: Habits, chance: np.random.Generator, from_s: float, to_s: float
) -> Iterator[float]:
    """Thinning (Lewis & Shedler 1979): draw at the highest rate, keep by the hour's share."""
    highest = max(habits.by_hour)
    at_s = from_s
    while True:
        at_s += float(chance.exponential(HOUR_S / (habits.rides_per_hour * highest)))
        if at_s >= to_s:
            return
        if chance.random() * highest < habits.by_hour[int(at_s // HOUR_S) % 24]:
            yield at_s


def _trip(
    name: str,
    wanted_s: float,
    habits: Habits,
    stops_m: Points,
    odds: Points,
    chance: np.random.Generator,
    from_s: float,
) -> Trip:
    origin, destination = _ends(habits, stops_m, odds, chance)
    lead_s = 0.0
    if chance.random() < habits.advance_share:
        lead_s = float(chance.uniform(habits.least_lead_s, habits.most_lead_s))
    arrives = lead_s > 0 and chance.random() < habits.arrive_by_share
    return Trip(
        ride_id=name,
        asks_at_s=max(from_s, wanted_s - lead_s),
        depart_after_s=None if arrives else wanted_s,
        arrive_by_s=wanted_s + HOUR_S if arrives else None,
        origin_m=_beside(stops_m[origin], habits.scatter_m, chance),
        destination_m=_beside(stops_m[destination], habits.scatter_m, chance),
        party=_party(habits, chance),
    )


def _ends(
    habits: Habits, stops_m: Points, odds: Points, chance: np.random.Generator
) -> tuple[int, int]:
    """Two stops that are worth a ride; where all lie close, the two last drawn."""
    for _ in range(50):
        origin, destination = chance.choice(len(stops_m), size=2, replace=False, p=odds).tolist()
        if np.hypot(*(stops_m[origin] - stops_m[destination])) >= habits.shortest_trip_m:
            break
    return origin, destination


def _beside(stop_m: Points, scatter_m: float, chance: np.random.Generator) -> tuple[float, float]:
    x, y = (stop_m + chance.uniform(-scatter_m, scatter_m, 2)).tolist()
    return x, y


def _party(habits: Habits, chance: np.random.Generator) -> Capacity:
    """A wheelchair takes a bay, not a seat; a companion takes a seat."""
    if chance.random() < habits.wheelchair_share:
        return Capacity(seats=int(chance.random() < 0.5), wheelchair_bays=1)
    return Capacity(
        seats=1 + int(chance.random() < habits.companion_share),
        luggage=int(chance.random() < 0.15),
    )
