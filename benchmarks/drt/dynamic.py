"""Dynamic dial-a-ride: requests become known one by one while the vehicles drive.

At each arrival the vehicles are moved to the moment, stops under way are locked, the request is
inserted and the rest of the plan searched for better. Beside it, greedy insertion that never
reconsiders.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import fmean

from apps.drt.core.budget import Iterations
from apps.drt.core.motion import Served, advanced
from apps.drt.core.plans import Stop, VehiclePlan
from apps.drt.core.posing import pose
from apps.drt.core.rides import Ride
from apps.drt.core.search import Cooling, search
from benchmarks.drt.formats import Instance, read_ddarp
from benchmarks.drt.judge import distance
from benchmarks.report import Metric
from benchmarks.samples import sample_path

SEED = 1
PATIENCE = 1.0
ITERATIONS = 2000
ARRIVAL_COOLING = Cooling(hot=0.1, cold=0.01, chunk=100)


@dataclass(frozen=True, slots=True)
class Outcome:
    distance: float
    unserved: int


def ddarp_metrics(*, quick: bool) -> Iterator[Metric]:
    with sample_path("drt/darp/best_known.csv").open() as file:
        best = {row["instance"]: float(row["best_known_distance"]) for row in csv.DictReader(file)}
    ours: list[float] = []
    greedy: list[float] = []
    unserved = {"ours": 0, "greedy insertion": 0}
    for path in sorted(sample_path("drt/ddarp").glob("*.json")):
        if quick and path.stem not in ("a2-16", "b2-16"):
            continue
        instance = read_ddarp(path)
        for name, gaps, iterations in (("ours", ours, ITERATIONS), ("greedy insertion", greedy, 0)):
            outcome = driven(instance, iterations=iterations)
            unserved[name] += outcome.unserved
            if not outcome.unserved:
                gaps.append(100.0 * (outcome.distance / best[path.stem] - 1.0))
                yield Metric("ddarp_gap", f"{path.stem}, {name}", gaps[-1], "%")
    if quick:
        return
    yield Metric("ddarp_gap_mean", f"{len(ours)} instances", fmean(ours), "%", "limit", 6.7)
    yield Metric("ddarp_gap_mean", "greedy insertion", fmean(greedy), "%", "ours", fmean(ours))
    for name, count in unserved.items():
        yield Metric("ddarp_unserved", name, count, "rides", "limit", 0)


def driven(
    instance: Instance, *, iterations: int, patience: float = PATIENCE, seed: int = SEED
) -> Outcome:
    """Live through an instance; the distance is judged on the routes as they were driven."""
    day = _Day(instance, patience)
    refused: set[str] = set()
    order = sorted(range(len(instance.rides)), key=lambda at: (instance.known_at_s[at], at))
    for at in order:
        day.move_to(instance.known_at_s[at])
        if not day.take(instance.rides[at], iterations, seed + at):
            refused.add(instance.rides[at].ride_id)
    day.move_to(float("inf"))
    if refused:
        return Outcome(float("nan"), len(refused))
    return Outcome(distance(instance, day.driven_plans()), 0)


class _Day:
    """The state of the world: plans ahead, rides known, stops behind."""

    def __init__(self, instance: Instance, patience: float) -> None:
        self._instance = instance
        self._patience = patience
        self._plans = list(instance.plans)
        self._rides: dict[str, Ride] = {}
        self._behind: list[list[Stop]] = [[] for _ in instance.plans]

    def move_to(self, now_s: float) -> None:
        for vehicle, plan in enumerate(self._plans):
            self._plans[vehicle], served = advanced(
                plan, self._rides, self._instance.travel, now_s=now_s, patience=self._patience
            )
            for made in served:
                self._note(vehicle, made)

    def _note(self, vehicle: int, made: Served) -> None:
        self._behind[vehicle].append(made.stop)
        ride = self._rides[made.stop.subject_id]
        if not ride.is_aboard:
            self._rides[ride.ride_id] = replace(ride, boarded_at_s=made.end_s)
        else:
            del self._rides[ride.ride_id]

    def take(self, ride: Ride, iterations: int, seed: int) -> bool:
        """Insert a request and search on; a request that fits nowhere is refused."""
        posed = pose(
            plans=self._plans,
            rides=[*self._rides.values(), ride],
            travel=self._instance.travel,
        )
        tours = search(posed, budget=Iterations(iterations), seed=seed, cooling=ARRIVAL_COOLING)
        if posed.unserved_ids(tours):
            return False
        self._rides[ride.ride_id] = ride
        self._plans = list(posed.plans_of(tours))
        return True

    def driven_plans(self) -> list[VehiclePlan]:
        return [
            plan.with_stops(tuple(stops))
            for plan, stops in zip(self._instance.plans, self._behind, strict=True)
        ]
