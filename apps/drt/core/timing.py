"""When each stop of a plan is made: the soonest, and the latest that keeps all promises."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.drt.core.plans import Stop, VehiclePlan
from apps.drt.core.posing import pose
from apps.drt.core.rides import Ride
from apps.drt.core.travel import TravelTimes


@dataclass(frozen=True, slots=True)
class TimedStop:
    stop: Stop
    place: int
    soonest_s: float
    latest_s: float


@dataclass(frozen=True, slots=True)
class Timetable:
    """``late_s`` says by how many seconds the world has broken a ride's (or the vehicle's) times:
    what is shown is what can still be kept."""

    stops: tuple[TimedStop, ...]
    late_s: Mapping[str, float]


def timetable(plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes) -> Timetable:
    """The times of a plan, also of one that is late already."""
    carried = [rides[ride_id] for ride_id in plan.ride_ids]
    posed = pose(plans=[plan], rides=carried, travel=travel, forgiving=True)
    tours, count = posed.tours, int(posed.tours.length[0])
    stops = (
        TimedStop(
            stop,
            posed.call_at(int(tours.nodes[0, at])).place,
            float(tours.early_s[0, at]),
            float(tours.late_s[0, at]),
        )
        for at, stop in zip(range(1, count - 1), plan.stops, strict=True)
    )
    return Timetable(tuple(stops), posed.forgiven_s)
