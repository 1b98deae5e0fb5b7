"""Do filter, exact schedule and linear program agree? Every disagreement is counted."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from apps.drt.core.budget import Iterations
from apps.drt.core.capacity import fits
from apps.drt.core.insertion import gather_pairs, trial_cost
from apps.drt.core.kernel import kernel
from apps.drt.core.plans import Action, Stop, VehiclePlan
from apps.drt.core.posing import InfeasiblePlanError, pose
from apps.drt.core.problem import FREE, Problem
from apps.drt.core.rides import Ride
from apps.drt.core.search import search
from apps.drt.core.tours import Scratch, Tours, copied, refresh, strike_out
from apps.drt.core.travel import TravelTimes
from benchmarks.drt.judge import has_schedule
from benchmarks.drt.towns import random_fleet, random_ride, random_ways
from benchmarks.report import Metric

INSERTIONS = 1_000_000
PROGRAMS = 10_000
PLACES, VEHICLES, RIDES = 40, 2, 14


def feasibility_metrics(*, quick: bool) -> Iterator[Metric]:
    if quick:
        return
    for case, is_promised in (("promised", True), ("advance", False)):
        rejected, accepted = filter_mismatches(INSERTIONS // 2, is_promised=is_promised)
        told = f"filter against exact, {INSERTIONS // 2} insertions, {case} rides"
        yield Metric(
            "feasibility_mismatches", f"{told}, false no", rejected, "insertions", "limit", 0
        )
        if is_promised:
            yield Metric(
                "feasibility_mismatches", f"{told}, false yes", accepted, "insertions", "limit", 0
            )
    wrong = program_mismatches(PROGRAMS)
    yield Metric(
        "feasibility_mismatches",
        f"exact against LP, {PROGRAMS} routes",
        wrong,
        "routes",
        "limit",
        0,
    )


def filter_mismatches(insertions: int, *, is_promised: bool, seed: int = 1) -> tuple[int, int]:
    """(refused by the filter though feasible, passed by the filter though infeasible)."""
    chance = np.random.default_rng(seed)
    tried = np.zeros(3, np.int64)
    while tried[0] < insertions:
        travel = random_ways(chance, PLACES)
        rides = [
            random_ride(chance, travel, f"r{at}", is_promised=is_promised) for at in range(RIDES)
        ]
        posed = pose(plans=random_fleet(chance, VEHICLES, PLACES), rides=rides, travel=travel)
        tours = search(posed, budget=Iterations(200), seed=seed)
        roomy = posed.scratch._replace(
            added=np.zeros(10_000),
            after_up=np.zeros(10_000, np.int32),
            after_down=np.zeros(10_000, np.int32),
        )
        for job in range(RIDES):
            without = copied(tours)
            _take_out(posed.problem, without, job, roomy)
            for vehicle in range(VEHICLES):
                tried += _compare(posed.problem, without, vehicle, job, roomy)
    return int(tried[1]), int(tried[2])


def _take_out(problem: Problem, tours: Tours, job: int, scratch: Scratch) -> None:
    vehicle = int(tours.carrier[job])
    if vehicle >= 0:
        out = np.zeros(problem.jobs, np.bool_)
        out[job] = True
        strike_out(problem, tours, vehicle, out)
        refresh(problem, tours, vehicle, scratch)


@kernel
def _compare(
    problem: Problem, tours: Tours, vehicle: int, job: int, scratch: Scratch
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Every pair of positions by both judges: how many, false noes, false yeses of the filter."""
    count = tours.length[vehicle]
    passed = np.zeros((count, count), np.bool_)
    assert problem.kind[job] == FREE
    found, _ = gather_pairs(problem, tours, vehicle, job, np.inf, 0, scratch)
    for at in range(found):
        passed[scratch.after_up[at], scratch.after_down[at]] = True
    tried = np.zeros(3, np.int64)
    for i in range(count - 1):
        for j in range(i, count - 1):
            feasible = trial_cost(problem, tours, vehicle, job, i, j, scratch) >= 0.0
            for at in range(i, j + 1):
                load = tours.load[vehicle, at] + problem.load[job]
                feasible = feasible and fits(load, problem.layouts[vehicle])
            tried[0] += 1
            tried[1] += feasible and not passed[i, j]
            tried[2] += passed[i, j] and not feasible
    return tried


def program_mismatches(programs: int, *, seed: int = 2) -> int:
    """Random routes, feasible and not, judged by the exact schedule and by a linear program."""
    chance = np.random.default_rng(seed)
    return sum(_disagree(chance) for _ in range(programs))


def _disagree(chance: np.random.Generator) -> bool:
    travel = random_ways(chance, 8, side_m=4000.0)
    rides = {
        name: _hurried(chance, random_ride(chance, travel, name, is_promised=False))
        for name in ("a", "b", "c", "d")[: int(chance.integers(2, 5))]
    }
    plan = random_fleet(chance, 1, 8)[0]
    limit_s = float(chance.uniform(1800.0, 9000.0))
    plan = replace(
        plan, vehicle=replace(plan.vehicle, max_route_s=limit_s), stops=_random_order(chance, rides)
    )
    return _is_feasible(plan, rides, travel) != has_schedule(plan, rides, travel)


def _hurried(chance: np.random.Generator, ride: Ride) -> Ride:
    """The ride moved into the same hour as the others, its longest ride drawn anew."""
    begin_s = float(chance.uniform(0.0, 2400.0))
    up = replace(
        ride.pickup.window, earliest_s=begin_s, latest_s=begin_s + float(chance.uniform(0, 1800))
    )
    down = replace(
        ride.dropoff.window, earliest_s=begin_s, latest_s=begin_s + float(chance.uniform(900, 4500))
    )
    return replace(
        ride,
        pickup=replace(ride.pickup, window=up),
        dropoff=replace(ride.dropoff, window=down),
        max_ride_s=float(chance.uniform(400.0, 2400.0)),
    )


def _random_order(chance: np.random.Generator, rides: dict[str, Ride]) -> tuple[Stop, ...]:
    stops: list[Stop] = []
    for name in rides:
        at = int(chance.integers(len(stops) + 1))
        stops.insert(at, Stop(name, Action.PICKUP))
        stops.insert(int(chance.integers(at + 1, len(stops) + 1)), Stop(name, Action.DROPOFF))
    return tuple(stops)


def _is_feasible(plan: VehiclePlan, rides: dict[str, Ride], travel: TravelTimes) -> bool:
    try:
        pose(plans=[plan], rides=rides.values(), travel=travel)
    except InfeasiblePlanError:
        return False
    return True
