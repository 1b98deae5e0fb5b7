"""Static dial-a-ride and pick-up-and-delivery: gaps to the best known, solvers of others beside.

The clock of every budget is the processor time of this one process: on an idle machine that is the
wall clock, on a shared one it still gives each solver the same work.
"""

import csv
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from apps.drt.core.budget import Seconds
from apps.drt.core.fleet_size import with_fewest_vehicles
from apps.drt.core.partition import recombine
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.posing import Posed, pose
from apps.drt.core.search import search
from benchmarks.drt.formats import Instance, read_darp, read_lilim
from benchmarks.drt.judge import WrongSolutionError, distance
from benchmarks.drt.peers import ortools_distance, ortools_plans, vroom_distance, vroom_plans
from benchmarks.report import Metric
from benchmarks.samples import sample_path

SEED = 1
DARP_S = 10.0
LILIM_S = 30.0
FLEET_SHARE = 0.4
QUICK_DARP = ("a4-16", "b3-24")


def darp_metrics(*, quick: bool) -> Iterator[Metric]:
    """The mean and the largest gap over all instances; one line per instance on the way."""
    best_known = _best_known(sample_path("drt/darp/best_known.csv"))
    paths = sorted(sample_path("drt/darp").glob("[ab]*-*.txt"))
    gaps: dict[str, list[float]] = {"ours": [], "ortools": [], "vroom": []}
    unserved = {"ortools": 0, "vroom": 0}
    for path in paths:
        if quick and path.stem not in QUICK_DARP:
            continue
        instance, best = read_darp(path), best_known[path.stem]
        gaps["ours"].append(_gap(_ours(instance, DARP_S), best))
        yield Metric("darp_gap", path.stem, gaps["ours"][-1], "%")
        for peer, solve in (("ortools", ortools_distance), ("vroom", vroom_distance)):
            found = solve(instance, DARP_S)
            if found is None:
                unserved[peer] += 1
            else:
                gaps[peer].append(_gap(found, best))
    if quick:
        return
    case = f"{len(gaps['ours'])} instances, {DARP_S:.0f} s"
    yield Metric("darp_gap_mean", case, fmean(gaps["ours"]), "%", "limit", 0.25)
    yield Metric("darp_gap_max", case, max(gaps["ours"]), "%")
    for peer, failed in unserved.items():
        solved = gaps[peer]
        if solved:
            yield Metric(
                "darp_gap_mean", f"{peer}, {len(solved)} solved", fmean(solved), "%",
                "ours", fmean(gaps["ours"]),
            )  # fmt: skip
        yield Metric("darp_unsolved", peer, failed, "instances", "ours", 0)


@dataclass
class _Fleets:
    """What one solver reached: vehicles beyond the best known, gaps where the fleet is equal."""

    extra: int = 0
    unsolved: int = 0
    gaps: list[float] = field(default_factory=list)

    def note(self, task: "_Task", plans: Sequence[VehiclePlan] | None) -> None:
        found = _distance_of(task.instance, plans)
        if plans is None or found is None:
            self.unsolved += 1
            return
        more = sum(bool(plan.stops) for plan in plans) - task.best_vehicles
        self.extra += more
        if more == 0:
            self.gaps.append(100.0 * (found / task.best_distance - 1.0))


@dataclass(frozen=True, slots=True)
class _Task:
    instance: Instance
    best_vehicles: int
    best_distance: float


def lilim_metrics(*, quick: bool) -> Iterator[Metric]:
    """Vehicles beyond the best known, and the gap in distance where the fleet is equal."""
    if quick:
        return
    for size, chosen in (("100 tasks", _is_small), ("200 tasks", _is_large)):
        fleets = {"ours": _Fleets(), "ortools": _Fleets(), "vroom": _Fleets()}
        for task in _lilim_tasks(chosen):
            fleets["ours"].note(task, _smallest_fleet(task.instance, LILIM_S))
            for peer, solve in (("ortools", ortools_plans), ("vroom", vroom_plans)):
                fleets[peer].note(task, solve(task.instance, LILIM_S, fewest_vehicles=True))
        yield from _told(f"{size}, {LILIM_S:.0f} s", fleets)


def _lilim_tasks(chosen: Callable[[str], bool]) -> Iterator[_Task]:
    for solution in sorted(sample_path("drt/pdptw/best_known_solutions").glob("*.txt")):
        name, best = solution.stem.split(".", 1)
        if chosen(name):
            vehicles, best_distance = best.split("_")
            instance = read_lilim(sample_path(f"drt/pdptw/instances/{name}.txt"))
            yield _Task(instance, int(vehicles), float(best_distance))


def _is_large(name: str) -> bool:
    return "_2_" in name


def _is_small(name: str) -> bool:
    return not _is_large(name)


def _told(case: str, fleets: Mapping[str, _Fleets]) -> Iterator[Metric]:
    """Ours against the best known, each peer against ours."""
    ours = fleets["ours"]
    yield Metric("lilim_extra_vehicles", case, ours.extra, "vehicles", "limit", 0)
    if ours.gaps:
        equal = f"{case}, {len(ours.gaps)} with equal fleet"
        yield Metric("lilim_gap_mean", equal, fmean(ours.gaps), "%")
    for peer in ("ortools", "vroom"):
        theirs, told = fleets[peer], f"{peer}, {case}"
        yield Metric("lilim_unsolved", told, theirs.unsolved, "instances", "ours", ours.unsolved)
        yield Metric("lilim_extra_vehicles", told, theirs.extra, "vehicles", "ours", ours.extra)
        if theirs.gaps and ours.gaps:
            equal = f"{told}, {len(theirs.gaps)} with equal fleet"
            yield Metric("lilim_gap_mean", equal, fmean(theirs.gaps), "%", "ours", fmean(ours.gaps))


def _distance_of(instance: Instance, plans: Sequence[VehiclePlan] | None) -> float | None:
    try:
        return None if plans is None else distance(instance, plans)
    except WrongSolutionError:
        return None


def _ours(instance: Instance, limit_s: float) -> float:
    budget = Seconds.starting_now(limit_s, time.process_time)
    return distance(instance, solved(_posed(instance), budget))


def solved(posed: Posed, budget: Seconds) -> tuple[VehiclePlan, ...]:
    return posed.plans_of(search(posed, budget=budget, seed=SEED, recombine=recombine))


def _smallest_fleet(instance: Instance, limit_s: float) -> tuple[VehiclePlan, ...]:
    began_s = time.process_time()
    share = Seconds(limit_s * FLEET_SHARE, time.process_time, began_s)
    posed = with_fewest_vehicles(_posed(instance), budget=share, seed=SEED)
    rest_s = limit_s - (time.process_time() - began_s)
    return solved(posed, Seconds.starting_now(rest_s, time.process_time))


def _posed(instance: Instance) -> Posed:
    return pose(plans=instance.plans, rides=instance.rides, travel=instance.travel)


def _gap(found: float, best: float) -> float:
    """Per cent above a proved optimum; below it by more than its rounding cannot be right."""
    gap = 100.0 * (found / best - 1.0)
    if gap < -0.01:
        raise WrongSolutionError(f"{found} undercuts the optimum {best}")
    return max(0.0, gap)


def _best_known(path: Path) -> dict[str, float]:
    with path.open() as file:
        return {row["instance"]: float(row["best_known_distance"]) for row in csv.DictReader(file)}
