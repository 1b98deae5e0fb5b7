"""Small random towns and rides from a seed, for figures that need many different cases."""

import numpy as np

from apps.drt.core.capacity import Capacity
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.rides import Call, Ride
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Vehicle
from apps.drt.core.windows import Window

SPEED_M_S = 8.0


def random_ways(chance: np.random.Generator, places: int, side_m: float = 8000.0) -> TravelTimes:
    """Straight ways between scattered places, in whole seconds rounded up."""
    spots = chance.uniform(0.0, side_m, (places, 2))
    apart_m = np.hypot(*(spots[:, None] - spots[None, :]).transpose(2, 0, 1))
    return TravelTimes.rounded_up(apart_m / SPEED_M_S)


def random_fleet(
    chance: np.random.Generator, vehicles: int, places: int
) -> tuple[VehiclePlan, ...]:
    room = Capacity(seats=6, wheelchair_bays=1, pushchairs=1, luggage=4)
    folded = Capacity(seats=3, wheelchair_bays=2, pushchairs=1, luggage=4)
    homes = chance.integers(places, size=vehicles)
    return tuple(
        VehiclePlan(Vehicle(f"v{at}", (room, folded), int(home), int(home), Window(0.0, 36_000.0)))
        for at, home in enumerate(homes)
    )


def random_party(chance: np.random.Generator) -> Capacity:
    return Capacity(
        seats=int(chance.integers(1, 4)),
        wheelchair_bays=int(chance.random() < 0.1),
        luggage=int(chance.random() < 0.2),
    )


def random_ride(
    chance: np.random.Generator, travel: TravelTimes, name: str, *, is_promised: bool
) -> Ride:
    """A ride in the first two hours: promised windows imply its longest ride, others couple with
    it."""
    origin, destination = chance.choice(travel.places, size=2, replace=False).tolist()
    direct_s = travel.between_s(origin, destination)
    limit_s = max(1.5 * direct_s, direct_s + 300.0)
    from_s = float(chance.uniform(600.0, 7200.0))
    dwell_s = 30.0
    if is_promised:
        up = Window(from_s, from_s + 600.0)
        down = Window(from_s, from_s + dwell_s + limit_s)
    else:
        up = Window(from_s, from_s + 2400.0)
        down = Window(from_s, from_s + 2400.0 + 2.0 * limit_s)
    return Ride(
        name,
        Call(origin, up, dwell_s),
        Call(destination, down, dwell_s),
        random_party(chance),
        limit_s,
    )
