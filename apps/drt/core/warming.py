"""Every kernel once, on a town of two streets: compiled or read from the disk before somebody waits
for it. On a machine's first start that takes a minute, later a second."""

import numpy as np

from apps.drt.core.asks import Alternative, Ask
from apps.drt.core.budget import Iterations
from apps.drt.core.capacity import Capacity
from apps.drt.core.ejection import second_chance
from apps.drt.core.motion import next_departure
from apps.drt.core.placing import placed
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.quoting import Offer, QuoteEngine
from apps.drt.core.rides import Ride
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Vehicle
from apps.drt.core.windows import Window

BLOCK_S, HOUR_S = 60.0, 3600.0
ITERATIONS = Iterations(20)


def warm_up() -> int:
    """Ask, take, make room, look when to leave. Returns how many rides were planned."""
    corners = np.arange(4.0)
    travel = TravelTimes.rounded_up(BLOCK_S * np.abs(corners[:, None] - corners[None, :]))
    vans = (Vehicle(name, (Capacity(seats=2),), 0, 0, Window(0.0, HOUR_S)) for name in "ab")
    plans = [VehiclePlan(van) for van in vans]
    rides: dict[str, Ride] = {}
    for number in range(3):
        plans = _taken(plans, rides, travel, f"r{number}")
    return len(rides)


def _taken(
    plans: list[VehiclePlan], rides: dict[str, Ride], travel: TravelTimes, name: str
) -> list[VehiclePlan]:
    ask = Ask(name, (Alternative(1),), (Alternative(3),), 0.0, 0.0, party=Capacity(seats=1))
    engine = QuoteEngine(plans=plans, rides=rides, travel=travel)
    offer: Offer = engine.quote(ask)[0]
    second_chance(
        plans=plans, ride=offer.ride, rides=rides, travel=travel, budget=ITERATIONS, seed=1
    )
    chosen = engine.plan_of(offer.vehicle_id)
    plan = placed(chosen, offer.ride, rides, travel)
    if plan is None:
        return plans
    rides[name] = offer.ride
    next_departure(plan, rides, travel)
    return [plan if one.vehicle_id == plan.vehicle_id else one for one in plans]
