"""Make plans cheaper without breaking a promise: after an event, in idle time, or for a ride left
behind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.drt.core.anneal import total_cost
from apps.drt.core.audit import Violation, broken_promises
from apps.drt.core.budget import Budget
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.posing import Posed, Weights, pose
from apps.drt.core.rides import Ride
from apps.drt.core.search import Cooling, Recombine, search
from apps.drt.core.travel import TravelTimes
from apps.drt.core.windows import FOREVER_S, Window

WARM_START = Cooling(hot=0.1, cold=0.01, chunk=100)


class PromiseBrokenError(AssertionError):
    """The search produced a plan that the audit refuses: a defect, never to be committed."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """New versions of the plans that change, what they save, and who is still without a vehicle.

    ``forgiven_s`` says by how many seconds the world, not the search, had already broken a ride's
    or a vehicle's times; the search let none of them grow.
    """

    changed: tuple[VehiclePlan, ...]
    saved_s: float
    unserved_ids: tuple[str, ...]
    forgiven_s: Mapping[str, float]


def improve(
    *,
    plans: Sequence[VehiclePlan],
    rides: Iterable[Ride],
    travel: TravelTimes,
    budget: Budget,
    seed: int,
    weights: Weights | None = None,
    cooling: Cooling = WARM_START,
    recombine: Recombine | None = None,
) -> Improvement:
    """Search on from the plans; rides that stand in none of them are put in where they fit.

    The promise rule: who rides keeps its windows, its vehicle once aboard, and a locked stop its
    order. The search obeys it by construction, the audit checks it in other code before anything is
    handed out.
    """
    asked = {ride.ride_id: ride for ride in rides}
    posed = pose(plans=plans, rides=asked.values(), travel=travel, weights=weights, forgiving=True)
    tours = search(posed, budget=budget, seed=seed, cooling=cooling, recombine=recombine)
    found = posed.plans_of(tours)
    if broken := _broken(posed, plans, found, asked, travel):
        raise PromiseBrokenError(str(broken))
    return Improvement(
        changed=tuple(new for old, new in zip(plans, found, strict=True) if new is not old),
        saved_s=total_cost(posed.problem, posed.tours) - total_cost(posed.problem, tours),
        unserved_ids=posed.unserved_ids(tours),
        forgiven_s=posed.forgiven_s,
    )


def _broken(
    posed: Posed,
    before: Sequence[VehiclePlan],
    after: Sequence[VehiclePlan],
    rides: Mapping[str, Ride],
    travel: TravelTimes,
) -> tuple[Violation, ...]:
    """The audit's verdict, with what the world broke taken as it stands."""
    late_s = posed.forgiven_s
    lenient = {key: lengthened(ride, late_s.get(key, 0.0), travel) for key, ride in rides.items()}
    old = [_stretched(plan, late_s.get(plan.vehicle_id, 0.0)) for plan in before]
    new = [_stretched(plan, late_s.get(plan.vehicle_id, 0.0)) for plan in after]
    return broken_promises(old, new, lenient, travel)


def lengthened(ride: Ride, late_s: float, travel: TravelTimes) -> Ride:
    """The ride with everything its lateness touches moved out by as much."""
    if late_s <= 0.0:
        return ride
    tight = travel.tightened(ride)
    return replace(
        tight,
        pickup=replace(tight.pickup, window=_moved_out(tight.pickup.window, late_s)),
        dropoff=replace(tight.dropoff, window=_moved_out(tight.dropoff_window, late_s)),
        max_ride_s=min(FOREVER_S, tight.max_ride_s + late_s),
    )


def _moved_out(window: Window, late_s: float) -> Window:
    return window.until(window.latest_s + late_s)


def _stretched(plan: VehiclePlan, late_s: float) -> VehiclePlan:
    if late_s <= 0.0:
        return plan
    vehicle = plan.vehicle
    shift = _moved_out(vehicle.shift, late_s)
    return replace(
        plan, vehicle=replace(vehicle, shift=shift, max_route_s=vehicle.max_route_s + late_s)
    )
