"""One simulated day under one dispatcher, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain
from typing import Self

import numpy as np

from apps.drt.core.plans import Action, Stop
from apps.drt.core.rides import Promise
from apps.drt.core.simulation.demand import Trip
from apps.drt.core.simulation.dispatchers import Dispatcher
from apps.drt.core.simulation.fleet import Fleet
from apps.drt.core.simulation.town import Town

TICK_S = 60.0
LONGEST_DAY_S = 48 * 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """``waits_s``: from the moment a rider stood ready at the stop until the vehicle came, of those
    who did not name their arrival. ``lates_s``: pick-up after the promised window's end."""

    dispatcher: str
    waits_s: tuple[float, ...]
    rides_s: tuple[float, ...]
    detours: tuple[float, ...]
    lates_s: tuple[float, ...]
    passengers: int
    asked: int
    rejected: int
    driven_m: float

    @classmethod
    def pooled(cls, days: "Sequence[Self]") -> Self:
        """Several days of one dispatcher as one."""
        return cls(
            dispatcher=days[0].dispatcher,
            waits_s=tuple(chain.from_iterable(day.waits_s for day in days)),
            rides_s=tuple(chain.from_iterable(day.rides_s for day in days)),
            detours=tuple(chain.from_iterable(day.detours for day in days)),
            lates_s=tuple(chain.from_iterable(day.lates_s for day in days)),
            passengers=sum(day.passengers for day in days),
            asked=sum(day.asked for day in days),
            rejected=sum(day.rejected for day in days),
            driven_m=sum(day.driven_m for day in days),
        )

    @property
    def wait_mean_s(self) -> float:
        return float(np.mean(self.waits_s)) if self.waits_s else float("nan")

    @property
    def wait_p90_s(self) -> float:
        return float(np.percentile(self.waits_s, 90)) if self.waits_s else float("nan")

    @property
    def vkm_per_passenger(self) -> float:
        return self.driven_m / 1000.0 / max(1, self.passengers)

    @property
    def rejected_share(self) -> float:
        return self.rejected / max(1, self.asked)

    @property
    def kept_share(self) -> float:
        """The share of pick-ups within the promised window."""
        late = sum(late_s > 0.0 for late_s in self.lates_s)
        return 1.0 - late / max(1, len(self.lates_s))


def lived(town: Town, dispatcher: Dispatcher) -> Outcome:
    """Live through the day: asks as they come, a tick every minute, until all have arrived."""
    fleet = Fleet(town, patience=dispatcher.patience)
    promises: dict[str, Promise] = {}
    rejected: list[str] = []
    happenings: list[tuple[float, int, Trip | None]] = []
    for number, asking in enumerate(town.trips, start=1):
        heappush(happenings, (asking.asks_at_s, number, asking))
    heappush(happenings, (town.from_s + TICK_S, 0, None))
    while happenings:
        now_s, _, trip = heappop(happenings)
        fleet.move_to(now_s)
        if trip is None:
            dispatcher.think(fleet, now_s)
            if happenings or (fleet.is_busy and now_s < LONGEST_DAY_S):
                heappush(happenings, (now_s + TICK_S, 0, None))
            continue
        ask = town.ask_of(trip)
        promise = dispatcher.take(fleet, ask) if ask else None
        if promise is None:
            rejected.append(trip.ride_id)
        else:
            promises[trip.ride_id] = promise
    return _outcome(town, dispatcher, fleet, promises, len(rejected))


def _outcome(
    town: Town,
    dispatcher: Dispatcher,
    fleet: Fleet,
    promises: dict[str, Promise],
    rejected: int,
) -> Outcome:
    waits_s, rides_s, detours, lates_s = [], [], [], []
    passengers = 0
    for trip in town.trips:
        if trip.ride_id not in promises:
            continue
        ride = fleet.rides[trip.ride_id]
        up_s = fleet.made[Stop(trip.ride_id, Action.PICKUP)]
        down_s = fleet.made[Stop(trip.ride_id, Action.DROPOFF)]
        direct_s = town.travel.between_s(ride.pickup.place, ride.dropoff.place)
        passengers += trip.party.seats + trip.party.wheelchair_bays
        lates_s.append(up_s - promises[trip.ride_id].pickup.latest_s)
        rides_s.append(down_s - up_s - ride.pickup.dwell_s)
        detours.append(rides_s[-1] / max(1.0, direct_s))
        if trip.depart_after_s is not None:
            waits_s.append(up_s - _ready_s(town, trip, ride.pickup.place))
    return Outcome(
        dispatcher=dispatcher.name,
        waits_s=tuple(waits_s),
        rides_s=tuple(rides_s),
        detours=tuple(detours),
        lates_s=tuple(lates_s),
        passengers=passengers,
        asked=len(town.trips),
        rejected=rejected,
        driven_m=sum(van.driven_s for van in fleet.vans.values()) * town.speed_m_s,
    )


def _ready_s(town: Town, trip: Trip, place: int) -> float:
    """When the rider stands at the stop."""
    assert trip.depart_after_s is not None
    near = town.stops_near(trip.origin_m, step_free=trip.needs_step_free)
    walk_s = next(stop.walk_s for stop in near if stop.place == place)
    return max(trip.depart_after_s, trip.asks_at_s) + walk_s
