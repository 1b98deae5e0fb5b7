"""An independent judge of plans, in plain Python: shares no line with the search that it judges.

It knows plans and rides only, and finds the earliest schedule as longest paths in a graph of
difference constraints (Bellman-Ford), where the kernels push along the route.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from apps.drt.core.capacity import Capacity
from apps.drt.core.plans import Action, Stop, VehiclePlan
from apps.drt.core.rides import Call, Ride
from apps.drt.core.travel import TravelTimes
from apps.drt.core.windows import Window

SLACK_S = 1e-3


class Fault(StrEnum):
    ORDER = "order"
    ROOM = "room"
    TIME = "time"
    VEHICLE = "vehicle"
    LOST = "lost"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Violation:
    fault: Fault
    subject_id: str


@dataclass(frozen=True, slots=True)
class Timed:
    """One call of a plan with the earliest moment its service can begin."""

    stop: Stop | None
    call: Call
    begin_s: float


def violations(
    plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes
) -> tuple[Violation, ...]:
    """All that is wrong with a plan; empty if it can be driven as promised."""
    found = [*_order_faults(plan), *_vehicle_faults(plan, rides), *_room_faults(plan, rides)]
    if not found and timetable(plan, rides, travel) is None:
        found.append(Violation(Fault.TIME, plan.vehicle_id))
    return tuple(found)


def broken_promises(
    before: Sequence[VehiclePlan],
    after: Sequence[VehiclePlan],
    rides: Mapping[str, Ride],
    travel: TravelTimes,
) -> tuple[Violation, ...]:
    """What a re-optimisation broke: a rider lost, a locked stop moved, a window missed.

    ``rides`` carry the promised windows. Plans that did not change are not judged again.
    """
    found = [v for plan in _changed(before, after) for v in violations(plan, rides, travel)]
    carried = {ride_id for plan in before for ride_id in plan.ride_ids}
    kept = [ride_id for plan in after for ride_id in plan.ride_ids]
    found += [Violation(Fault.LOST, ride_id) for ride_id in sorted(carried - set(kept))]
    found += [
        Violation(Fault.ORDER, ride_id)
        for ride_id in sorted({r for r in kept if kept.count(r) > 1})
    ]
    for old, new in zip(before, after, strict=True):
        if new.stops[: old.locked] != old.stops[: old.locked]:
            found.append(Violation(Fault.LOCK, old.vehicle_id))
        aboard = set(old.ride_ids) - old.boarding_ids
        found += [Violation(Fault.LOST, ride_id) for ride_id in sorted(aboard - set(new.ride_ids))]
    return tuple(found)


def _changed(before: Sequence[VehiclePlan], after: Sequence[VehiclePlan]) -> list[VehiclePlan]:
    return [new for old, new in zip(before, after, strict=True) if old.stops != new.stops]


def _order_faults(plan: VehiclePlan) -> list[Violation]:
    found, seen = [], set[str]()
    for stop in plan.stops:
        if stop.action is Action.PICKUP and Stop(stop.subject_id, Action.DROPOFF) not in plan.stops:
            found.append(Violation(Fault.ORDER, stop.subject_id))
        if stop.action is Action.PICKUP and stop.subject_id in seen:
            found.append(Violation(Fault.ORDER, stop.subject_id))
        if stop.action is Action.DROPOFF:
            seen.add(stop.subject_id)
    return found


def _vehicle_faults(plan: VehiclePlan, rides: Mapping[str, Ride]) -> list[Violation]:
    carried = [rides[ride_id] for ride_id in plan.ride_ids]
    return [
        Violation(Fault.VEHICLE, ride.ride_id)
        for ride in carried
        if ride.vehicles is not None and plan.vehicle_id not in ride.vehicles
    ]


def _room_faults(plan: VehiclePlan, rides: Mapping[str, Ride]) -> list[Violation]:
    aboard = [rides[ride_id] for ride_id in plan.ride_ids if ride_id not in plan.boarding_ids]
    found = []
    for stop in plan.stops:
        if stop.action is Action.PICKUP:
            aboard.append(rides[stop.subject_id])
            if not plan.vehicle.has_room_for(sum((r.party for r in aboard), Capacity())):
                found.append(Violation(Fault.ROOM, stop.subject_id))
        elif stop.action is Action.DROPOFF:
            aboard = [ride for ride in aboard if ride.ride_id != stop.subject_id]
    return found


def timetable(
    plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes
) -> tuple[Timed, ...] | None:
    """The earliest schedule of a plan, departure and return included; None where none is in
    time."""
    calls = _calls(plan, rides, travel)
    begin_s = [call.window.earliest_s for call in calls]
    arcs = _arcs(plan, rides, calls, travel)
    for _ in range(len(calls) + 1):
        moved = False
        for origin, target, least_s in arcs:
            if begin_s[origin] + least_s > begin_s[target] + SLACK_S / 100:
                begin_s[target] = begin_s[origin] + least_s
                moved = True
        if not moved:
            break
    else:
        return None
    if any(at > call.window.latest_s + SLACK_S for at, call in zip(begin_s, calls, strict=True)):
        return None
    stops = (None, *plan.stops, None)
    return tuple(Timed(*row) for row in zip(stops, calls, begin_s, strict=True))


def _calls(plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes) -> list[Call]:
    start = Call(plan.vehicle.start_place, plan.vehicle.shift)
    if plan.standing is not None:
        free_s = plan.standing.free_at_s
        start = Call(plan.standing.place, Window(free_s, free_s))
    inner = [call_of(stop, plan, rides, travel) for stop in plan.stops]
    return [start, *inner, Call(plan.vehicle.end_place, plan.vehicle.shift)]


def call_of(stop: Stop, plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes) -> Call:
    """Where and when a stop is made."""
    if stop.action is Action.BREAK:
        return next(rest.call for rest in plan.vehicle.breaks if rest.break_id == stop.subject_id)
    ride = travel.tightened(rides[stop.subject_id])
    if stop.action is Action.PICKUP:
        return ride.pickup
    return Call(ride.dropoff.place, ride.dropoff_window, ride.dropoff.dwell_s)


def _arcs(
    plan: VehiclePlan, rides: Mapping[str, Ride], calls: Sequence[Call], travel: TravelTimes
) -> list[tuple[int, int, float]]:
    """(i, j, c) for every demand that j begins at least c seconds after i; c may be negative."""
    arcs = []
    for at, (call, following) in enumerate(pairwise(calls)):
        way_s = travel.between_s(call.place, following.place, leaving_s=call.window.earliest_s)
        arcs.append((at, at + 1, call.dwell_s + way_s))
    for at, stop in enumerate(plan.stops, start=1):
        up = Stop(stop.subject_id, Action.PICKUP)
        if stop.action is Action.DROPOFF and up in plan.stops:
            ride = rides[stop.subject_id]
            arcs.append((at, plan.stops.index(up) + 1, -ride.max_ride_s - ride.pickup.dwell_s))
    driven_s = 0.0
    if plan.standing is not None:
        driven_s = plan.standing.free_at_s - plan.standing.began_at_s
    arcs.append((len(calls) - 1, 0, -(plan.vehicle.max_route_s - driven_s)))
    return arcs


def driving_s(plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes) -> float:
    """Seconds of driving that lie ahead of a vehicle; none for one that never leaves."""
    calls = _calls(plan, rides, travel)
    if not plan.stops and plan.standing is None:
        calls = calls[:1]
    return sum(
        travel.between_s(a.place, b.place, leaving_s=a.window.earliest_s)
        for a, b in pairwise(calls)
    )
