"""From plans and rides to the arrays of a problem, and back: dull and explicit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.plans import Action, Stop, VehiclePlan
from apps.drt.core.problem import FREE, FROZEN, HALF, Problem
from apps.drt.core.rides import Call, Ride
from apps.drt.core.tours import Scratch, Tours, empty_tours, refresh, scratch_for
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import MOST_LAYOUTS, Break
from apps.drt.core.windows import FOREVER_S, Window

NEVER_COST_S = 1e8  # Leaving a promised ride behind: worse than anything a plan can cost.
REFUSAL_COST_S = 1e6  # Leaving a ride behind that nobody was promised.
GRANULARITY = 100
ROOM_TO_GROW = 64


class InfeasiblePlanError(ValueError):
    """A plan that no schedule keeps; the message names its vehicle."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a plan costs beside a second of driving: each second of a rider's waiting for the
    pick-up and of
    a rider's arriving after the soonest possible."""

    wait: float = 0.0
    arrival: float = 0.0

    def __post_init__(self) -> None:
        if self.wait < 0 or self.arrival < 0:
            raise ValueError("Weights must not be negative: the search prunes on it.")


@dataclass(frozen=True, slots=True)
class Job:
    """A ride or a break as the kernels see it."""

    subject_id: str
    pickup: Call | None
    dropoff: Call
    packed: int
    riders: int
    limit_s: float
    vehicles: frozenset[str] | None


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """A problem with the names of its jobs and vehicles, and the tours its plans describe."""

    problem: Problem
    tours: Tours
    plans: tuple[VehiclePlan, ...]
    jobs: tuple[Job, ...]
    forgiven_s: Mapping[str, float]

    @property
    def scratch(self) -> Scratch:
        return scratch_for(self.problem, self.tours.nodes.shape[1])

    def stops_of(self, tours: Tours, vehicle: int) -> tuple[Stop, ...]:
        inner = tours.nodes[vehicle, 1 : tours.length[vehicle] - 1]
        return tuple(self._stop(int(node)) for node in inner)

    def plans_of(self, tours: Tours) -> tuple[VehiclePlan, ...]:
        """The next version of every plan that differs; the others as they were."""
        return tuple(
            plan.with_stops(self.stops_of(tours, vehicle))
            for vehicle, plan in enumerate(self.plans)
        )

    def call_at(self, node: int) -> Call:
        """The call that a node stands for, departure and return included."""
        jobs, vehicles = len(self.jobs), len(self.plans)
        if node >= 2 * jobs + vehicles:
            return _return(self.plans[node - 2 * jobs - vehicles])
        if node >= 2 * jobs:
            return _departure(self.plans[node - 2 * jobs])
        job = self.jobs[node % jobs]
        return job.pickup if node < jobs and job.pickup else job.dropoff

    def unserved_ids(self, tours: Tours) -> tuple[str, ...]:
        return tuple(self.jobs[job].subject_id for job in np.flatnonzero(tours.carrier < 0))

    def _stop(self, node: int) -> Stop:
        job = self.jobs[node % len(self.jobs)]
        if job.pickup is None and job.riders == 0:
            return Stop(job.subject_id, Action.BREAK)
        return Stop(job.subject_id, Action.PICKUP if node < len(self.jobs) else Action.DROPOFF)


def pose(
    *,
    plans: Sequence[VehiclePlan],
    rides: Iterable[Ride],
    travel: TravelTimes,
    weights: Weights | None = None,
    forgiving: bool = False,
) -> Posed:
    """The problem of carrying the rides with the vehicles of the plans.

    Rides that stand in no plan are unserved at first. With ``forgiving``, a window the world has
    already broken is moved out to what the plan as it stands can still keep, and no further.
    """
    asked = {ride.ride_id: ride for ride in rides}
    planned = {stop.subject_id for plan in plans for stop in plan.stops}
    missing = {
        stop.subject_id for plan in plans for stop in plan.stops if stop.action is not Action.BREAK
    }
    if missing - asked.keys():
        raise ValueError(f"Plans carry rides that are not given: {sorted(missing - asked.keys())}")
    jobs = [_ride_job(ride, travel) for ride in asked.values()]
    jobs += [_break_job(rest, plan) for plan in plans for rest in plan.vehicle.breaks]
    problem = _problem(plans, jobs, planned, travel, weights or Weights())
    longest = max((len(plan.stops) for plan in plans), default=0)
    room = min(2 * len(jobs) + 2, max(2 * ROOM_TO_GROW, longest + 2 + ROOM_TO_GROW))
    tours = empty_tours(problem, max(room, longest + 2))
    forgiven_s = _lay_out(problem, tours, plans, jobs, forgiving=forgiving)
    return Posed(problem, tours, tuple(plans), tuple(jobs), forgiven_s)


def _ride_job(ride: Ride, travel: TravelTimes) -> Job:
    tight = travel.tightened(ride)
    riders = max(1, ride.party.seats + ride.party.wheelchair_bays)
    return Job(
        subject_id=ride.ride_id,
        pickup=None if ride.is_aboard else tight.pickup,
        dropoff=replace(tight.dropoff, window=tight.dropoff_window),
        packed=ride.party.packed,
        riders=riders,
        limit_s=ride.max_ride_s,
        vehicles=ride.vehicles,
    )


def _break_job(rest: Break, plan: VehiclePlan) -> Job:
    return Job(rest.break_id, None, rest.call, 0, 0, FOREVER_S, frozenset({plan.vehicle_id}))


def _problem(
    plans: Sequence[VehiclePlan],
    jobs: Sequence[Job],
    planned: set[str],
    travel: TravelTimes,
    weights: Weights,
) -> Problem:
    calls = [job.pickup or job.dropoff for job in jobs] + [job.dropoff for job in jobs]
    calls += [_departure(plan) for plan in plans] + [_return(plan) for plan in plans]
    ends = np.zeros(2 * len(plans))
    riders = np.array([job.riders for job in jobs], dtype=np.float64)
    waits = np.array([weights.wait * (job.pickup is not None) for job in jobs]) * riders
    packed = [job.packed for job in jobs]
    earliest_s = np.array([call.window.earliest_s for call in calls], dtype=np.float64)
    latest_s = np.array([call.window.latest_s for call in calls], dtype=np.float64)
    dwell_s = np.array([call.dwell_s for call in calls], dtype=np.float64)
    travel_s = _between_calls(calls, travel)
    kind, home = _bonds(plans, jobs)
    allowed = np.array(
        [[_may_carry(plan, job) for plan in plans] for job in jobs], dtype=np.bool_
    ).reshape(len(jobs), len(plans))
    return Problem(
        travel_s=travel_s,
        earliest_s=earliest_s,
        latest_s=latest_s,
        dwell_s=dwell_s,
        weight=np.concatenate([waits, weights.arrival * riders, ends]),
        load=np.array(packed + [-load for load in packed] + [0] * (2 * len(plans)), dtype=np.int64),
        ride_limit_s=np.array([job.limit_s for job in jobs], dtype=np.float64),
        kind=kind,
        home=home,
        allowed=allowed,
        refusal_cost=np.array(
            [
                NEVER_COST_S if job.subject_id in planned or not job.riders else REFUSAL_COST_S
                for job in jobs
            ],
            dtype=np.float64,
        ),
        layouts=np.array([_packed_layouts(plan) for plan in plans], dtype=np.int64),
        aboard=np.array([_aboard(plan, jobs) for plan in plans], dtype=np.int64),
        route_limit_s=np.array([_route_limit_s(plan) for plan in plans], dtype=np.float64),
        locked=np.array([plan.locked for plan in plans], dtype=np.int32),
        family=_families(plans, allowed),
        neighbours=_neighbours(travel_s, earliest_s, latest_s, dwell_s, len(jobs)),
    )


def _departure(plan: VehiclePlan) -> Call:
    if plan.standing is None:
        return Call(plan.vehicle.start_place, plan.vehicle.shift)
    free_s = plan.standing.free_at_s
    return Call(plan.standing.place, Window(free_s, free_s))


def _return(plan: VehiclePlan) -> Call:
    return Call(plan.vehicle.end_place, plan.vehicle.shift)


def _route_limit_s(plan: VehiclePlan) -> float:
    if plan.standing is None:
        return plan.vehicle.max_route_s
    return plan.vehicle.max_route_s - (plan.standing.free_at_s - plan.standing.began_at_s)


def _between_calls(calls: Sequence[Call], travel: TravelTimes) -> NDArray[np.float64]:
    places = np.array([call.place for call in calls], dtype=np.intp)
    factor = np.array([travel.factor_at(call.window.earliest_s) for call in calls])
    return np.ascontiguousarray(travel.time_s[np.ix_(places, places)] * factor[:, None])


def _bonds(
    plans: Sequence[VehiclePlan], jobs: Sequence[Job]
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """How freely each job can move, and the vehicle it cannot leave."""
    index = {job.subject_id: at for at, job in enumerate(jobs)}
    kind = np.full(len(jobs), FREE, np.int8)
    home = np.full(len(jobs), -1, np.int32)
    for vehicle, plan in enumerate(plans):
        boarding = plan.boarding_ids
        for at, stop in enumerate(plan.stops):
            job = index[stop.subject_id]
            is_locked = at < plan.locked
            if stop.action is not Action.PICKUP and is_locked:
                kind[job], home[job] = FROZEN, vehicle
            elif is_locked or stop.subject_id not in boarding:
                kind[job], home[job] = HALF, vehicle
        for rest in plan.vehicle.breaks:
            if home[index[rest.break_id]] < 0:
                kind[index[rest.break_id]], home[index[rest.break_id]] = HALF, vehicle
    return kind, home


def _may_carry(plan: VehiclePlan, job: Job) -> bool:
    return job.vehicles is None or plan.vehicle_id in job.vehicles


def _packed_layouts(plan: VehiclePlan) -> list[int]:
    packed = [layout.packed for layout in plan.vehicle.layouts]
    return packed + [-1] * (MOST_LAYOUTS - len(packed))


def _aboard(plan: VehiclePlan, jobs: Sequence[Job]) -> int:
    carried = set(plan.ride_ids) - plan.boarding_ids
    return sum(job.packed for job in jobs if job.subject_id in carried)


def _families(plans: Sequence[VehiclePlan], allowed: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The same number for vehicles that differ in nothing but their id, and are bound to
    nothing."""
    seen: dict[object, int] = {}
    family = np.zeros(len(plans), np.int32)
    for at, plan in enumerate(plans):
        traits = replace(plan.vehicle, vehicle_id="any")
        is_bound = (
            plan.standing or plan.locked or traits.breaks or set(plan.ride_ids) - plan.boarding_ids
        )
        likeness = at if is_bound else (traits, allowed[:, at].tobytes())
        family[at] = seen.setdefault(likeness, len(seen))
    return family


def _neighbours(
    travel_s: NDArray[np.float64],
    earliest_s: NDArray[np.float64],
    latest_s: NDArray[np.float64],
    dwell_s: NDArray[np.float64],
    jobs: int,
) -> NDArray[np.int32]:
    """Each job's most related jobs: near in place and time at both ends (Vidal et al. 2013, eq.
    4)."""
    near = min(jobs - 1, GRANULARITY)
    if near <= 0:
        return np.zeros((jobs, 0), np.int32)
    apart = np.zeros((jobs, jobs))
    for part in (slice(0, jobs), slice(jobs, 2 * jobs)):
        early, late = earliest_s[part], latest_s[part]
        way = travel_s[part, part] + dwell_s[part, None]
        wait = np.maximum(0.0, early[None, :] - late[:, None] - way)
        warp = np.maximum(0.0, early[:, None] + way - late[None, :])
        one_way = way + 0.2 * wait + warp
        apart += np.minimum(one_way, one_way.T)
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1, kind="stable")[:, :near].astype(np.int32)


def _lay_out(
    problem: Problem,
    tours: Tours,
    plans: Sequence[VehiclePlan],
    jobs: Sequence[Job],
    *,
    forgiving: bool,
) -> dict[str, float]:
    """Write the plans' stops into the tours; says which subjects were forgiven how many seconds."""
    index = {job.subject_id: at for at, job in enumerate(jobs)}
    scratch = scratch_for(problem, tours.nodes.shape[1])
    forgiven_s: dict[str, float] = {}
    for vehicle, plan in enumerate(plans):
        _write_route(tours, vehicle, plan, index, len(jobs))
        if refresh(problem, tours, vehicle, scratch):
            continue
        if not forgiving:
            raise InfeasiblePlanError(f"No schedule keeps the plan of {plan.vehicle_id}.")
        for node, late_s in _forgive(problem, tours, vehicle):
            subject = (
                plan.vehicle_id if node >= 2 * len(jobs) else jobs[node % len(jobs)].subject_id
            )
            forgiven_s[subject] = max(late_s, forgiven_s.get(subject, 0.0))
        refresh(problem, tours, vehicle, scratch)
    return forgiven_s


def _write_route(
    tours: Tours, vehicle: int, plan: VehiclePlan, index: Mapping[str, int], jobs: int
) -> None:
    nodes = [
        index[stop.subject_id] + (0 if stop.action is Action.PICKUP else jobs)
        for stop in plan.stops
    ]
    end = tours.nodes[vehicle, 1]
    tours.nodes[vehicle, 1 : len(nodes) + 1] = nodes
    tours.nodes[vehicle, len(nodes) + 1] = end
    tours.length[vehicle] = len(nodes) + 2
    tours.carrier[[node - jobs for node in nodes if node >= jobs]] = vehicle


def _forgive(problem: Problem, tours: Tours, vehicle: int) -> list[tuple[int, float]]:
    """Widen what driving on without pause would break; (node, seconds) of each.

    Begins are pushed forward only. That breaks no more windows than must be; rides that then last
    longer than their limit get what the push gives them.
    """
    nodes = [int(node) for node in tours.nodes[vehicle, : tours.length[vehicle]]]
    jobs = problem.jobs
    begin_s = {nodes[0]: float(problem.earliest_s[nodes[0]])}
    widened: list[tuple[int, float]] = []
    for before, node in pairwise(nodes):
        reach_s = begin_s[before] + problem.dwell_s[before] + problem.travel_s[before, node]
        begin_s[node] = float(max(problem.earliest_s[node], reach_s))
        if begin_s[node] > problem.latest_s[node]:
            widened.append((node, float(begin_s[node] - problem.latest_s[node])))
            problem.latest_s[node] = begin_s[node]
        pickup = node - jobs
        if pickup in begin_s and node < 2 * jobs:
            over_s = begin_s[node] - begin_s[pickup] - problem.dwell_s[pickup]
            over_s -= problem.ride_limit_s[pickup]
            if over_s > 0:
                widened.append((node, float(over_s)))
                problem.ride_limit_s[pickup] += over_s
    over_s = begin_s[nodes[-1]] - begin_s[nodes[0]] - problem.route_limit_s[vehicle]
    if over_s > 0:
        widened.append((nodes[-1], float(over_s)))
        problem.route_limit_s[vehicle] += over_s
    return widened
