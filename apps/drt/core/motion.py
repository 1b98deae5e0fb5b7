"""Where a vehicle is at a moment if it drives its plan, and how long it may wait before it leaves.

A vehicle that leaves as late as its promises allow keeps every later choice open, but loses the
slack that a late request would need; ``patience`` blends the two departures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from apps.drt.core.audit import call_of
from apps.drt.core.plans import Action, Standing, Stop, VehiclePlan
from apps.drt.core.posing import pose
from apps.drt.core.rides import Ride
from apps.drt.core.schedule import latest_schedule
from apps.drt.core.travel import TravelTimes


@dataclass(frozen=True, slots=True)
class Departure:
    """The next leg of a plan: when it may begin, when it must, and to which stop.

    Service there waits for ``begin_s``: boarding sooner would make some ride last too long. Who
    leaves by ``timely_s`` keeps nobody waiting, and need not wait at the stop either.
    """

    soonest_s: float
    timely_s: float
    latest_s: float
    begin_s: float
    stop: Stop


@dataclass(frozen=True, slots=True)
class Served:
    """A stop that was made, from the begin to the end of its service."""

    stop: Stop
    begin_s: float
    end_s: float


def next_departure(
    plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes
) -> Departure | None:
    """When the vehicle can and when it must leave for its next stop; None if nothing is planned."""
    if not plan.stops:
        return None
    posed = pose(
        plans=[plan],
        rides=[rides[ride_id] for ride_id in plan.ride_ids],
        travel=travel,
        forgiving=True,
    )
    problem, tours, scratch = posed.problem, posed.tours, posed.scratch
    early_s = float(tours.early_s[0, 0])
    nodes, count = tours.nodes[0], int(tours.length[0])
    if plan.standing is not None:
        # Waiting at the stop is not service: only the promises ahead bound the departure.
        problem.latest_s[nodes[0]] = problem.latest_s[nodes[count - 1]]
    latest_schedule(problem, 0, nodes, count, scratch.begin_s, scratch.position)
    latest_s = max(early_s, float(scratch.begin_s[0]))
    begin_s, stop = float(tours.early_s[0, 1]), plan.stops[0]
    place = plan.standing.place if plan.standing else plan.vehicle.start_place
    way_s = travel.between_s(place, call_of(stop, plan, rides, travel).place, leaving_s=early_s)
    timely_s = max(early_s, min(latest_s, begin_s - way_s))
    return Departure(early_s, timely_s, latest_s, begin_s, stop)


def advanced(
    plan: VehiclePlan,
    rides: Mapping[str, Ride],
    travel: TravelTimes,
    *,
    now_s: float,
    patience: float,
) -> tuple[VehiclePlan, tuple[Served, ...]]:
    """The plan as it stands at ``now_s`` and the stops made on the way there.

    A stop is made once its service has begun; one that the vehicle is driving to is locked.
    """
    served: list[Served] = []
    boarded = dict(rides)
    while departure := next_departure(plan, boarded, travel):
        if plan.locked:
            leave_s = departure.soonest_s
        else:
            leave_s = departure.soonest_s + patience * (departure.latest_s - departure.soonest_s)
        if leave_s > now_s:
            break
        began_s = plan.standing.began_at_s if plan.standing else leave_s
        place = plan.standing.place if plan.standing else plan.vehicle.start_place
        call = call_of(departure.stop, plan, boarded, travel)
        reach_s = leave_s + travel.between_s(place, call.place, leaving_s=leave_s)
        begin_s = max(reach_s, departure.begin_s)
        if begin_s > now_s:
            standing = Standing(place, leave_s, began_s)
            return replace(plan, standing=standing, locked=max(1, plan.locked)), tuple(served)
        end_s = begin_s + call.dwell_s
        served.append(Served(departure.stop, begin_s, end_s))
        if departure.stop.action is Action.PICKUP:
            ride_id = departure.stop.subject_id
            boarded[ride_id] = replace(boarded[ride_id], boarded_at_s=end_s)
        plan = replace(
            plan,
            stops=plan.stops[1:],
            locked=max(0, plan.locked - 1),
            standing=Standing(call.place, end_s, began_s),
        )
    return plan, tuple(served)
