"""A second chance before saying no: move others' rides, within their promises, so that one more
fits.

An ejection search over the vehicles that could reach the rider soonest: the ride stands in the bank
of a large-neighbourhood search, whose ruins are centred on it every second time, so that riders in
its way are put out and placed elsewhere until it fits or the budget ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.drt.core.audit import timetable
from apps.drt.core.budget import Budget
from apps.drt.core.improving import improve
from apps.drt.core.plans import Action, Stop, VehiclePlan
from apps.drt.core.posing import Weights
from apps.drt.core.rides import Ride
from apps.drt.core.travel import TravelTimes

MOST_VEHICLES = 12


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """Plans that must all be committed together; the ride is in one of them."""

    changed: tuple[VehiclePlan, ...]
    vehicle_id: str
    pickup_s: float
    dropoff_s: float
    moved_ids: tuple[str, ...]


def second_chance(
    *,
    plans: Sequence[VehiclePlan],
    ride: Ride,
    rides: Mapping[str, Ride],
    travel: TravelTimes,
    budget: Budget,
    seed: int,
    weights: Weights | None = None,
) -> Rearrangement | None:
    """Plans into which the ride fits once others make room, or None."""
    near = nearest_plans(plans, ride, rides, travel)
    carried = [rides[ride_id] for plan in near for ride_id in plan.ride_ids]
    if not near:
        return None
    found = improve(
        plans=near, rides=[*carried, ride], travel=travel, budget=budget, seed=seed, weights=weights
    )
    if ride.ride_id in found.unserved_ids:
        return None
    chosen = next(plan for plan in found.changed if ride.ride_id in plan.ride_ids)
    table = timetable(chosen, {**rides, ride.ride_id: ride}, travel)
    if table is None:
        return None  # Another rider of that vehicle is late already; no honest times can be told.
    begins_s = {timed.stop: timed.begin_s for timed in table}
    return Rearrangement(
        changed=found.changed,
        vehicle_id=chosen.vehicle_id,
        pickup_s=begins_s[Stop(ride.ride_id, Action.PICKUP)],
        dropoff_s=begins_s[Stop(ride.ride_id, Action.DROPOFF)],
        moved_ids=_moved(near, found.changed),
    )


def nearest_plans(
    plans: Sequence[VehiclePlan], ride: Ride, rides: Mapping[str, Ride], travel: TravelTimes
) -> list[VehiclePlan]:
    """Vehicles with room for the party, those first that some stop brings near the pick-up."""
    able = [
        plan
        for plan in plans
        if plan.vehicle.has_room_for(ride.party)
        and (ride.vehicles is None or plan.vehicle_id in ride.vehicles)
    ]
    return sorted(able, key=lambda plan: _apart_s(plan, ride, rides, travel))[:MOST_VEHICLES]


def _apart_s(
    plan: VehiclePlan, ride: Ride, rides: Mapping[str, Ride], travel: TravelTimes
) -> float:
    places = [plan.standing.place if plan.standing else plan.vehicle.start_place]
    for ride_id in plan.ride_ids:
        places += [rides[ride_id].pickup.place, rides[ride_id].dropoff.place]
    return min(travel.between_s(place, ride.pickup.place) for place in places)


def _moved(before: Sequence[VehiclePlan], after: Sequence[VehiclePlan]) -> tuple[str, ...]:
    """The rides that changed their vehicle."""
    was = {ride_id: plan.vehicle_id for plan in before for ride_id in plan.ride_ids}
    return tuple(
        ride_id
        for plan in after
        for ride_id in plan.ride_ids
        if was.get(ride_id, plan.vehicle_id) != plan.vehicle_id
    )
