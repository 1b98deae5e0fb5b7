"""What the same vehicles would do on a timetable: a ring through the busiest stops, both ways.

Kind to the timetable: its buses are always on time and never full.
"""

from dataclasses import dataclass

import numpy as np

from apps.drt.core.simulation.day import Outcome
from apps.drt.core.simulation.demand import Trip
from apps.drt.core.simulation.town import ROLL_M_S, WALK_M_S, Town

SERVED_SHARE = 0.5  # of all stops, the busiest
HALT_S = 20.0
LONGEST_WALK_M = 800.0


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """Stops in their order and the second of a round at which a bus passes each."""

    stops: tuple[int, ...]
    at_s: tuple[float, ...]
    round_s: float
    headway_s: float

    def ride_s(self, origin: int, destination: int) -> float:
        return (self.at_s[destination] - self.at_s[origin]) % self.round_s

    def wait_s(self, stop: int, ready_s: float) -> float:
        return (self.at_s[stop] - ready_s) % self.headway_s


def timetabled(town: Town) -> Outcome:
    """The day by fixed route; riders take whichever direction brings them there first."""
    there = _ring(town)
    back = _ring(town, backwards=True)
    waits_s, rides_s, detours = [], [], []
    rejected, passengers = 0, 0
    for trip in town.trips:
        found = min(
            (one for ring in (there, back) if (one := _ridden(town, ring, trip))),
            key=lambda one: one[0] + one[1],
            default=None,
        )
        if found is None:
            rejected += 1
            continue
        wait_s, ride_s, direct_s = found
        passengers += trip.party.seats + trip.party.wheelchair_bays
        rides_s.append(ride_s)
        detours.append(ride_s / max(1.0, direct_s))
        if trip.depart_after_s is not None:
            waits_s.append(wait_s)
    driven_s = len(town.vehicles) * (town.to_s - town.from_s) * _moving_share(there)
    return Outcome(
        "fixed route", tuple(waits_s), tuple(rides_s), tuple(detours), (), passengers,
        len(town.trips), rejected, driven_s * town.speed_m_s,
    )  # fmt: skip


def _ring(town: Town, *, backwards: bool = False) -> Ring:
    """The busiest stops from neighbour to neighbour, uncrossed by 2-opt."""
    chosen = np.argsort(-town.pull, kind="stable")[: max(3, int(len(town.pull) * SERVED_SHARE))]
    ways_s = town.travel.time_s
    tour = _uncrossed(_neighbours([int(stop) for stop in chosen], ways_s), ways_s)
    if backwards:
        tour.reverse()
    at_s, now_s = [], 0.0
    for stop, following in zip(tour, [*tour[1:], tour[0]], strict=True):
        at_s.append(now_s)
        now_s += HALT_S + float(ways_s[stop, following])
    each_way = max(1, len(town.vehicles) // 2)
    return Ring(tuple(tour), tuple(at_s), now_s, now_s / each_way)


def _neighbours(stops: list[int], ways_s: np.ndarray) -> list[int]:
    tour, left = [stops[0]], set(stops[1:])
    while left:
        tour.append(min(left, key=lambda stop: (ways_s[tour[-1], stop], stop)))
        left.remove(tour[-1])
    return tour


def _uncrossed(tour: list[int], ways_s: np.ndarray) -> list[int]:
    """Reverse pieces while that makes the ring shorter (Croes 1958)."""
    improved = True
    while improved:
        improved = False
        for i in range(len(tour) - 2):
            for j in range(i + 2, len(tour) - (i == 0)):
                a, b, c, d = tour[i], tour[i + 1], tour[j], tour[(j + 1) % len(tour)]
                if ways_s[a, c] + ways_s[b, d] < ways_s[a, b] + ways_s[c, d] - 1e-9:
                    tour[i + 1 : j + 1] = tour[i + 1 : j + 1][::-1]
                    improved = True
    return tour


def _ridden(town: Town, ring: Ring, trip: Trip) -> tuple[float, float, float] | None:
    """Wait, ride and direct way, or None where no stop of the ring is near enough."""
    up, up_walk_m = _nearest(town, ring, trip, trip.origin_m)
    down, down_walk_m = _nearest(town, ring, trip, trip.destination_m)
    if max(up_walk_m, down_walk_m) > LONGEST_WALK_M or up == down:
        return None
    speed_m_s = ROLL_M_S if trip.needs_step_free else WALK_M_S
    since_s = trip.arrive_by_s if trip.depart_after_s is None else trip.depart_after_s
    assert since_s is not None
    direct_s = town.travel.between_s(ring.stops[up], ring.stops[down])
    return ring.wait_s(up, since_s + up_walk_m / speed_m_s), ring.ride_s(up, down), direct_s


def _nearest(town: Town, ring: Ring, trip: Trip, spot_m: tuple[float, float]) -> tuple[int, float]:
    """The ring's nearest usable stop, by its number on the ring, and the walk to it."""
    walks_m = np.hypot(*(town.stops_m[list(ring.stops)] - np.array(spot_m)).T) * 1.25
    if trip.needs_step_free:
        walks_m[[not town.step_free[stop] for stop in ring.stops]] = np.inf
    nearest = int(np.argmin(walks_m))
    return nearest, float(walks_m[nearest])


def _moving_share(ring: Ring) -> float:
    return 1.0 - len(ring.stops) * HALT_S / ring.round_s
