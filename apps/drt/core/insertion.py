"""The best place for a job in a route: O(1) filters first, the exact schedule only for what survives.

Between its earliest and its latest schedule a route's promises hold. A trial call must be reached from the
earliest and must reach the next before the latest; whatever fails that fails exactly (given the triangle
inequality). Ride-time limits may couple more than that, so a survivor that would be the best is scheduled.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from apps.drt.core.capacity import fits
from apps.drt.core.dice import mix
from apps.drt.core.problem import FREE, TOLERANCE_S
from apps.drt.core.schedule import earliest_schedule, lateness_cost


class Memo(NamedTuple):
    """Remembered best places, direct mapped by a hash of route and job (searches revisit routes)."""

    key: NDArray[np.uint64]
    delta: NDArray[np.float64]
    after_up: NDArray[np.int16]
    after_down: NDArray[np.int16]


def memo_of(bits: int) -> Memo:
    size = 1 << bits
    return Memo(
        np.zeros(size, np.uint64),
        np.zeros(size),
        np.zeros(size, np.int16),
        np.zeros(size, np.int16),
    )


@njit(cache=True, nogil=True)
def trial_cost(problem, tours, vehicle, job, after_up, after_down, scratch):  # type: ignore[no-untyped-def]
    """What riders would pay on the route with the job in it, or -1 where no schedule exists."""
    jobs = problem.kind.shape[0]
    nodes, trial = tours.nodes[vehicle], scratch.nodes
    filled = 0
    for at in range(tours.count[vehicle]):
        trial[filled] = nodes[at]
        filled += 1
        if at == after_up:
            trial[filled] = job
            filled += 1
        if at == after_down:
            trial[filled] = jobs + job
            filled += 1
    if not earliest_schedule(problem, vehicle, trial, filled, scratch.begin_s, scratch.position):
        return -1.0
    return lateness_cost(problem, trial, filled, scratch.begin_s)


@njit(cache=True, nogil=True)
def best_place(problem, tours, vehicle, job, bound, scratch):  # type: ignore[no-untyped-def]
    """(added cost, position before the pick-up, position before the drop-off); infinite where none is."""
    if problem.kind[job] == FREE:
        return _best_pair(problem, tours, vehicle, job, bound, scratch)
    return _best_dropoff(problem, tours, vehicle, job, bound, scratch)


@njit(cache=True, nogil=True)
def _best_pair(problem, tours, vehicle, job, bound, scratch):  # type: ignore[no-untyped-def]  # noqa: C901
    jobs = problem.kind.shape[0]
    up, down = job, jobs + job
    travel_s, dwell_s, latest_s = problem.travel_s, problem.dwell_s, problem.latest_s
    nodes, count = tours.nodes[vehicle], tours.count[vehicle]
    early_s, late_s, load = tours.early_s[vehicle], tours.late_s[vehicle], tours.load[vehicle]
    layouts = problem.layouts[vehicle]
    best, best_up, best_down = bound, -1, -1
    if count + 2 > nodes.shape[0]:
        return np.inf, -1, -1
    for i in range(problem.locked[vehicle], count - 1):
        here, following = nodes[i], nodes[i + 1]
        reach_s = early_s[i] + dwell_s[here] + travel_s[here, up]
        if reach_s > latest_s[up] + TOLERANCE_S:
            break
        to_up = travel_s[here, up] - travel_s[here, following]
        if not fits(load[i] + problem.load[up], layouts):
            continue
        begin_up_s = max(reach_s, problem.earliest_s[up])
        leave_up_s = begin_up_s + dwell_s[up]
        # Straight on to the drop-off.
        reach_down_s = leave_up_s + travel_s[up, down]
        begin_down_s = max(reach_down_s, problem.earliest_s[down])
        if reach_down_s <= latest_s[down] + TOLERANCE_S and (
            begin_down_s + dwell_s[down] + travel_s[down, following] <= late_s[i + 1] + TOLERANCE_S
        ):
            added = to_up + travel_s[up, down] + travel_s[down, following]
            if added < best - 1e-9:
                late = trial_cost(problem, tours, vehicle, job, i, i, scratch)
                if late >= 0.0 and added + late - tours.lateness[vehicle] < best - 1e-9:
                    best = added + late - tours.lateness[vehicle]
                    best_up, best_down = i, i
        # Others' calls between the two.
        on_up = to_up + travel_s[up, following]
        if on_up >= best:
            continue
        reach_s = leave_up_s + travel_s[up, following]
        if i + 1 >= count - 1 or reach_s > late_s[i + 1] + TOLERANCE_S:
            continue
        latest_up_s = min(latest_s[up], late_s[i + 1] - travel_s[up, following] - dwell_s[up])
        deadline_s = latest_up_s + dwell_s[up] + problem.ride_limit_s[job] + TOLERANCE_S
        deadline_s = min(deadline_s, latest_s[down] + TOLERANCE_S)
        begin_s = max(early_s[i + 1], reach_s)
        for j in range(i + 1, count - 1):
            here, following = nodes[j], nodes[j + 1]
            if not fits(load[j] + problem.load[up], layouts):
                break
            leave_s = begin_s + dwell_s[here]
            reach_down_s = leave_s + travel_s[here, down]
            if reach_down_s > deadline_s:
                break
            begin_down_s = max(reach_down_s, problem.earliest_s[down])
            onward_s = begin_down_s + dwell_s[down] + travel_s[down, following]
            if begin_down_s <= deadline_s and onward_s <= late_s[j + 1] + TOLERANCE_S:
                added = on_up + travel_s[here, down] + travel_s[down, following]
                added -= travel_s[here, following]
                if added < best - 1e-9:
                    late = trial_cost(problem, tours, vehicle, job, i, j, scratch)
                    if late >= 0.0 and added + late - tours.lateness[vehicle] < best - 1e-9:
                        best = added + late - tours.lateness[vehicle]
                        best_up, best_down = i, j
            begin_s = max(early_s[j + 1], leave_s + travel_s[here, following])
            if begin_s > late_s[j + 1] + TOLERANCE_S:
                break
    if best_down < 0:
        return np.inf, -1, -1
    return best, best_up, best_down


@njit(cache=True, nogil=True)
def _best_dropoff(problem, tours, vehicle, job, bound, scratch):  # type: ignore[no-untyped-def]
    """The place of a half job's drop-off: behind what is locked, with no capacity to ask for."""
    jobs = problem.kind.shape[0]
    down = jobs + job
    travel_s = problem.travel_s
    nodes, count = tours.nodes[vehicle], tours.count[vehicle]
    early_s, late_s, load = tours.early_s[vehicle], tours.late_s[vehicle], tours.load[vehicle]
    best, best_down = bound, -1
    if count + 1 > nodes.shape[0]:
        return np.inf, -1, -1
    for j in range(problem.locked[vehicle], count - 1):
        here, following = nodes[j], nodes[j + 1]
        # While the party stays aboard, the calls passed by must have had room beside it.
        if j > problem.locked[vehicle] and not fits(load[j], problem.layouts[vehicle]):
            break
        reach_s = early_s[j] + problem.dwell_s[here] + travel_s[here, down]
        if reach_s > problem.latest_s[down] + TOLERANCE_S:
            break
        begin_s = max(reach_s, problem.earliest_s[down])
        onward_s = begin_s + problem.dwell_s[down] + travel_s[down, following]
        added = travel_s[here, down] + travel_s[down, following] - travel_s[here, following]
        if onward_s <= late_s[j + 1] + TOLERANCE_S and added < best - 1e-9:
            late = trial_cost(problem, tours, vehicle, job, -1, j, scratch)
            if late >= 0.0 and added + late - tours.lateness[vehicle] < best - 1e-9:
                best, best_down = added + late - tours.lateness[vehicle], j
    if best_down < 0:
        return np.inf, -1, -1
    return best, -1, best_down


@njit(cache=True, nogil=True)
def remembered_place(problem, tours, vehicle, job, memo, scratch):  # type: ignore[no-untyped-def]
    """``best_place`` without a bound, asked of the memo first."""
    key = mix(tours.key[vehicle] + np.uint64(job + 1) * np.uint64(0x9E3779B97F4A7C15))
    slot = key & np.uint64(memo.key.shape[0] - 1)
    if memo.key[slot] == key:
        return memo.delta[slot], np.int64(memo.after_up[slot]), np.int64(memo.after_down[slot])
    delta, after_up, after_down = best_place(problem, tours, vehicle, job, np.inf, scratch)
    memo.key[slot] = key
    memo.delta[slot] = delta
    memo.after_up[slot] = after_up
    memo.after_down[slot] = after_down
    return delta, after_up, after_down
