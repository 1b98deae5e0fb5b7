"""Put one ride into one plan, exactly: what a confirmation does inside its transaction."""

from collections.abc import Mapping

import numpy as np

from apps.drt.core.insertion import best_place
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.posing import Weights, pose
from apps.drt.core.rides import Ride
from apps.drt.core.tours import copied, put_in
from apps.drt.core.travel import TravelTimes


def placed(
    plan: VehiclePlan,
    ride: Ride,
    rides: Mapping[str, Ride],
    travel: TravelTimes,
    weights: Weights | None = None,
) -> VehiclePlan | None:
    """The next version of the plan with the ride in its cheapest place, or None where it fits
    nowhere.

    ``ride`` carries the promised windows: they hold if and only if this succeeds. What the world
    has already broken in the plan stays as it is and grows no worse.
    """
    carried = [rides[ride_id] for ride_id in plan.ride_ids]
    posed = pose(
        plans=[plan], rides=[*carried, ride], travel=travel, weights=weights, forgiving=True
    )
    job = next(at for at, job in enumerate(posed.jobs) if job.subject_id == ride.ride_id)
    if not posed.problem.allowed[job, 0] or posed.tours.carrier[job] >= 0:
        return None
    tours, scratch = copied(posed.tours), posed.scratch
    cost, after_up, after_down = best_place(posed.problem, tours, 0, job, np.inf, scratch)
    if np.isinf(cost):
        return None
    put_in(posed.problem, tours, 0, job, after_up, after_down, scratch)
    return posed.plans_of(tours)[0]
