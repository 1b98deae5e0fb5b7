"""What a simulated day is made of: stops, ways, vehicles, terms, demand, and how far the streets
differ from the timetable."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from random import Random

import numpy as np

from apps.drt.core.asks import Alternative, Ask, Terms
from apps.drt.core.simulation.demand import Habits, Points, Trip, trips
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Vehicle

STOPS_TRIED = 3
WALK_M_S = 1.1
ROLL_M_S = 0.8
BOARD_S = 30.0
RAMP_S = 120.0


@dataclass(frozen=True, eq=False)
class Town:
    """``noise`` is the coefficient of variation of a leg's driving time round its expected one."""

    stops_m: Points
    pull: Points
    step_free: Sequence[bool]
    travel: TravelTimes
    vehicles: tuple[Vehicle, ...]
    habits: Habits
    from_s: float
    to_s: float
    seed: int
    noise: float = 0.2
    speed_m_s: float = 7.0
    longest_walk_m: float = 600.0
    terms: Terms = field(default_factory=Terms)

    @cached_property
    def trips(self) -> tuple[Trip, ...]:
        return trips(
            self.habits, self.stops_m, self.pull,
            from_s=self.from_s, to_s=self.to_s, seed=self.seed,
        )  # fmt: skip

    def ask_of(self, trip: Trip) -> Ask | None:
        """The trip with the stops its party can walk to; None where there is no stop that near."""
        origins = self.stops_near(trip.origin_m, step_free=trip.needs_step_free)
        destinations = self.stops_near(trip.destination_m, step_free=trip.needs_step_free)
        if not origins or not destinations:
            return None
        dwell_s = RAMP_S if trip.needs_step_free else BOARD_S
        return Ask(
            ride_id=trip.ride_id,
            origins=origins,
            destinations=destinations,
            now_s=trip.asks_at_s,
            depart_after_s=trip.depart_after_s,
            arrive_by_s=trip.arrive_by_s,
            party=trip.party,
            board_s=dwell_s,
            alight_s=dwell_s,
            needs_step_free=trip.needs_step_free,
        )

    def stops_near(
        self, spot_m: tuple[float, float], *, step_free: bool
    ) -> tuple[Alternative, ...]:
        walks_m = np.hypot(*(self.stops_m - np.array(spot_m)).T) * 1.25
        speed_m_s = ROLL_M_S if step_free else WALK_M_S
        near = [
            Alternative(stop, walk_m, walk_m / speed_m_s, self.step_free[stop])
            for stop, walk_m in sorted(enumerate(walks_m.tolist()), key=lambda one: one[1])
            if walk_m <= self.longest_walk_m and (self.step_free[stop] or not step_free)
        ]
        return tuple(near[:STOPS_TRIED])

    def leg_factor(self, vehicle_id: str, leg: int) -> float:
        """How much longer than expected this leg takes: lognormal with mean one."""
        digest = blake2b(f"{self.seed}/{vehicle_id}/{leg}".encode(), digest_size=8).digest()
        sigma = float(np.sqrt(np.log1p(self.noise**2)))
        chance = Random(int.from_bytes(digest, "big"))
        return chance.lognormvariate(-(sigma**2) / 2, sigma)
