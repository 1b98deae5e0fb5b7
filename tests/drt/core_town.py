"""A street of places a minute apart, and short ways to write rides and vans on it."""

import numpy as np
from hypothesis import settings

from apps.drt.core.capacity import Capacity
from apps.drt.core.plans import Action, Standing, Stop, VehiclePlan
from apps.drt.core.rides import Call, Ride
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Vehicle
from apps.drt.core.windows import FOREVER_S, Window

MINUTE_S = 60.0
PLACES = 41

# The first example compiles kernels, however long that takes.
unhurried = settings(deadline=None)


def street() -> TravelTimes:
    at = np.arange(PLACES) * MINUTE_S
    return TravelTimes(np.abs(at[:, None] - at[None, :]))


def minutes(earliest: float, latest: float) -> Window:
    return Window(earliest * MINUTE_S, latest * MINUTE_S)


def ride(
    name: str,
    origin: int,
    destination: int,
    up: tuple[float, float] = (0, 600),
    down: tuple[float, float] = (0, 600),
    *,
    party: Capacity | None = None,
    longest_min: float = FOREVER_S,
) -> Ride:
    """A ride between two places; windows and its longest duration in minutes, no time to board."""
    return Ride(
        ride_id=name,
        pickup=Call(origin, minutes(*up)),
        dropoff=Call(destination, minutes(*down)),
        party=party or Capacity(seats=1),
        max_ride_s=min(FOREVER_S, longest_min * MINUTE_S),
    )


def van(
    name: str = "van", home: int = 0, *, seats: int = 4, shift: tuple[float, float] = (0, 600)
) -> Vehicle:
    return Vehicle(name, (Capacity(seats=seats),), home, home, minutes(*shift))


def plan(
    vehicle: Vehicle, *stops: str, standing: Standing | None = None, locked: int = 0
) -> VehiclePlan:
    """Stops written as ``"+a"`` (a boards) and ``"-a"`` (a alights)."""
    made = tuple(
        Stop(text[1:], Action.PICKUP if text[0] == "+" else Action.DROPOFF) for text in stops
    )
    return VehiclePlan(vehicle, made, standing=standing, locked=locked)


def written(found: VehiclePlan) -> list[str]:
    """The stops of a plan, written as above; a break stands as ``"=name"``."""
    signs = {Action.PICKUP: "+", Action.DROPOFF: "-", Action.BREAK: "="}
    return [signs[stop.action] + stop.subject_id for stop in found.stops]
