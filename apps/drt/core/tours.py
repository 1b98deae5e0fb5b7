"""All routes of a fleet at once, with what is remembered of each so that a trial is cheap."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.dice import mix
from apps.drt.core.kernel import leaf
from apps.drt.core.problem import Marks, Problem
from apps.drt.core.schedule import earliest_schedule, lateness_cost, latest_schedule


class Tours(NamedTuple):
    """Row k is vehicle k's route from its start node to its end node, both included."""

    nodes: NDArray[np.int32]  # [vehicles, room]
    length: NDArray[np.int32]  # [vehicles]
    early_s: NDArray[np.float64]  # [vehicles, room]
    late_s: NDArray[np.float64]  # [vehicles, room]
    load: NDArray[np.int64]  # [vehicles, room] packed, after the call
    cost: NDArray[np.float64]  # [vehicles]
    lateness: NDArray[np.float64]  # [vehicles] the part of the cost that riders pay
    key: NDArray[np.uint64]  # [vehicles] a hash of what decides an insertion
    carrier: NDArray[np.int32]  # [jobs] the vehicle, -1 where unserved


class Scratch(NamedTuple):
    """Room for trials; one per thread."""

    nodes: NDArray[np.int32]
    begin_s: NDArray[np.float64]
    position: NDArray[np.int32]
    added: NDArray[np.float64]  # Places that passed the filters: what they add at least,
    after_up: NDArray[np.int32]  # and the positions of their calls.
    after_down: NDArray[np.int32]


def scratch_for(problem: Problem, room: int) -> Scratch:
    return Scratch(
        np.zeros(room, np.int32),
        np.zeros(room),
        np.full(len(problem.earliest_s), -1, np.int32),
        np.zeros(4 * room),
        np.zeros(4 * room, np.int32),
        np.zeros(4 * room, np.int32),
    )


def empty_tours(problem: Problem, room: int) -> Tours:
    vehicles, jobs = problem.vehicles, problem.jobs
    tours = Tours(
        nodes=np.zeros((vehicles, room), np.int32),
        length=np.full(vehicles, 2, np.int32),
        early_s=np.zeros((vehicles, room)),
        late_s=np.zeros((vehicles, room)),
        load=np.zeros((vehicles, room), np.int64),
        cost=np.zeros(vehicles),
        lateness=np.zeros(vehicles),
        key=np.zeros(vehicles, np.uint64),
        carrier=np.full(jobs, -1, np.int32),
    )
    tours.nodes[:, 0] = 2 * jobs + np.arange(vehicles)
    tours.nodes[:, 1] = 2 * jobs + vehicles + np.arange(vehicles)
    return tours


def copied(tours: Tours) -> Tours:
    return Tours._make(array.copy() for array in tours)


@leaf
def refresh(problem: Problem, tours: Tours, vehicle: int, scratch: Scratch) -> bool:
    """Recompute what is remembered of one route; False (and nothing remembered) where it is
    infeasible."""
    nodes, count = tours.nodes[vehicle], tours.length[vehicle]
    early_s = tours.early_s[vehicle]
    if not earliest_schedule(problem, vehicle, nodes, count, early_s, scratch.position):
        return False
    latest_schedule(problem, vehicle, nodes, count, tours.late_s[vehicle], scratch.position)
    load = problem.aboard[vehicle]
    # Mixed at once: else a family and its first node could add up to another's, and share a memory.
    key = mix(np.uint64(problem.family[vehicle]) + np.uint64(1))
    cost = 0.0
    loads, change, travel_s = tours.load[vehicle], problem.load, problem.travel_s
    loads[0] = load
    for at in range(1, count):
        node = nodes[at]
        load += change[node]
        loads[at] = load
        cost += travel_s[nodes[at - 1], node]
        if at < count - 1:
            key = mix(key * np.uint64(31) + np.uint64(node))
    late = lateness_cost(problem, nodes, count, early_s)
    tours.lateness[vehicle] = late
    tours.cost[vehicle] = cost + late
    tours.key[vehicle] = key
    return True


@leaf
def copy_route(origin: Tours, target: Tours, vehicle: int) -> None:
    """Copy one route; the carriers of its jobs are the caller's to keep."""
    count = origin.length[vehicle]
    target.length[vehicle] = count
    for at in range(count):
        target.nodes[vehicle, at] = origin.nodes[vehicle, at]
        target.early_s[vehicle, at] = origin.early_s[vehicle, at]
        target.late_s[vehicle, at] = origin.late_s[vehicle, at]
        target.load[vehicle, at] = origin.load[vehicle, at]
    target.cost[vehicle] = origin.cost[vehicle]
    target.lateness[vehicle] = origin.lateness[vehicle]
    target.key[vehicle] = origin.key[vehicle]


@leaf
def put_in(
    problem: Problem,
    tours: Tours,
    vehicle: int,
    job: int,
    after_up: int,
    after_down: int,
    scratch: Scratch,
) -> bool:
    """Place a job: its pick-up after position ``after_up`` (-1: half, none), its drop-off after
    ``after_down``.

    Both positions count in the route as it was.
    """
    jobs = problem.kind.shape[0]
    count = tours.length[vehicle]
    steps = 2 if after_up >= 0 else 1
    nodes = tours.nodes[vehicle]
    for at in range(count - 1, after_down, -1):
        nodes[at + steps] = nodes[at]
    nodes[after_down + steps] = jobs + job
    if after_up >= 0:
        for at in range(after_down, after_up, -1):
            nodes[at + 1] = nodes[at]
        nodes[after_up + 1] = job
    tours.length[vehicle] = count + steps
    tours.carrier[job] = vehicle
    return bool(refresh(problem, tours, vehicle, scratch))


@leaf
def strike_out(problem: Problem, tours: Tours, vehicle: int, out: Marks) -> None:
    """Drop every movable node of the jobs marked in ``out`` from one route; refresh is left to the
    caller."""
    jobs = problem.kind.shape[0]
    nodes = tours.nodes[vehicle]
    kept = 1
    for at in range(1, tours.length[vehicle]):
        node = nodes[at]
        if node < jobs and out[node] and problem.kind[node] == 0:
            continue
        if jobs <= node < 2 * jobs and out[node - jobs]:
            tours.carrier[node - jobs] = -1
            continue
        nodes[kept] = node
        kept += 1
    tours.length[vehicle] = kept
