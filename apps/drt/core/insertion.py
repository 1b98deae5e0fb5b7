"""The best place for a job in a route: O(1) filters first, the exact schedule only for what
survives.

Between its earliest and its latest schedule a route's promises hold. A trial call must be reached
from the earliest and must reach the next before the latest; whatever fails that fails exactly
(given the triangle inequality). Ride-time limits may couple more than that, so a survivor that
would be the best is scheduled.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.capacity import fits
from apps.drt.core.dice import Dice, mix, uniform
from apps.drt.core.kernel import leaf
from apps.drt.core.problem import FREE, TOLERANCE_S, Problem
from apps.drt.core.schedule import earliest_schedule, lateness_cost
from apps.drt.core.tours import Scratch, Tours

Place = tuple[float, int, int]


class Memo(NamedTuple):
    """Remembered best places, direct mapped by a hash of route and job (searches revisit
    routes)."""

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


@leaf
def trial_cost(
    problem: Problem,
    tours: Tours,
    vehicle: int,
    job: int,
    after_up: int,
    after_down: int,
    scratch: Scratch,
) -> float:
    """What riders would pay on the route with the job in it, or -1 where no schedule exists."""
    jobs = problem.kind.shape[0]
    nodes, trial = tours.nodes[vehicle], scratch.nodes
    filled = 0
    for at in range(tours.length[vehicle]):
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
    return float(lateness_cost(problem, trial, filled, scratch.begin_s))


@leaf
def best_place(
    problem: Problem, tours: Tours, vehicle: int, job: int, bound: float, scratch: Scratch
) -> Place:
    """(added cost, position before the pick-up, position before the drop-off) below the bound.

    Infinite where there is none. Survivors of the filters are gathered first and scheduled in the
    order of what they add at least: mostly one schedule settles a route.
    """
    is_free = problem.kind[job] == FREE
    best = (bound, -1, -1)
    if tours.length[vehicle] + 1 + is_free > tours.nodes.shape[1]:
        return np.inf, -1, -1
    following = problem.locked[vehicle]
    while following >= 0:
        if is_free:
            found, following = gather_pairs(
                problem, tours, vehicle, job, best[0], following, scratch
            )
        else:
            found, following = gather_dropoffs(problem, tours, vehicle, job, scratch), -1
        best = _settle(problem, tours, vehicle, job, found, best, scratch)
    if best[2] < 0:
        return np.inf, -1, -1
    return best


@leaf
def _settle(
    problem: Problem,
    tours: Tours,
    vehicle: int,
    job: int,
    found: int,
    best: Place,
    scratch: Scratch,
) -> Place:
    """The cheapest of the gathered places that a schedule keeps, if it is below ``best = (cost, up,
    down)``."""
    cost, best_up, best_down = best
    added, lateness = scratch.added, tours.lateness[vehicle]
    while found > 0:
        least = 0
        for at in range(1, found):
            if added[at] < added[least]:
                least = at
        if added[least] >= cost - 1e-9:
            break
        up, down = int(scratch.after_up[least]), int(scratch.after_down[least])
        late = trial_cost(problem, tours, vehicle, job, up, down, scratch)
        if late >= 0.0 and added[least] + late - lateness < cost - 1e-9:
            cost, best_up, best_down = added[least] + late - lateness, up, down
        found -= 1
        added[least] = added[found]
        scratch.after_up[least] = scratch.after_up[found]
        scratch.after_down[least] = scratch.after_down[found]
    return cost, best_up, best_down


@leaf
def gather_pairs(  # noqa: C901
    problem: Problem,
    tours: Tours,
    vehicle: int,
    job: int,
    bound: float,
    first: int,
    scratch: Scratch,
) -> tuple[int, int]:
    """Gather the places that pass the filters, pick-ups after position ``first`` on.

    (how many, where to go on or -1). One kernel on purpose: every branch is a filter that saves the
    next its work.
    """
    jobs = problem.kind.shape[0]
    up, down = job, jobs + job
    travel_s, dwell_s = problem.travel_s, problem.dwell_s
    layouts, need = problem.layouts[vehicle], problem.load[up]
    up_earliest_s, down_earliest_s = problem.earliest_s[up], problem.earliest_s[down]
    up_latest_s, down_latest_s = problem.latest_s[up], problem.latest_s[down] + TOLERANCE_S
    ride_limit_s = problem.ride_limit_s[job]
    up_dwell_s, down_dwell_s = dwell_s[up], dwell_s[down]
    nodes, count = tours.nodes[vehicle], tours.length[vehicle]
    early_s, late_s, load = tours.early_s[vehicle], tours.late_s[vehicle], tours.load[vehicle]
    places, places_up, places_down = scratch.added, scratch.after_up, scratch.after_down
    found = 0
    for i in range(first, count - 1):
        if found + count > places.shape[0]:
            return found, i
        here, following = nodes[i], nodes[i + 1]
        to_up_s = travel_s[here, up]
        reach_s = early_s[i] + dwell_s[here] + to_up_s
        if reach_s > up_latest_s + TOLERANCE_S:
            break
        if late_s[i + 1] + TOLERANCE_S < up_earliest_s or not fits(load[i] + need, layouts):
            continue
        from_up_s = travel_s[up, following]
        leave_up_s = max(reach_s, up_earliest_s) + up_dwell_s
        on_s = leave_up_s + from_up_s
        if on_s > late_s[i + 1] + TOLERANCE_S:
            continue  # Nor can the next call be reached over the drop-off.
        # Straight on to the drop-off.
        detour = to_up_s - travel_s[here, following]
        reach_s = leave_up_s + travel_s[up, down]
        begin_s = max(reach_s, down_earliest_s)
        onward_s = begin_s + down_dwell_s + travel_s[down, following]
        if reach_s <= down_latest_s and onward_s <= late_s[i + 1] + TOLERANCE_S:
            added = detour + travel_s[up, down] + travel_s[down, following]
            if added < bound:
                places[found], places_up[found], places_down[found] = added, i, i
                found += 1
        # Others' calls between the two.
        detour += from_up_s
        if detour >= bound or i + 2 >= count:
            continue
        latest_leave_s = min(up_latest_s + up_dwell_s, late_s[i + 1] - from_up_s)
        deadline_s = min(latest_leave_s + ride_limit_s + TOLERANCE_S, down_latest_s)
        begin_s = max(early_s[i + 1], on_s)
        for j in range(i + 1, count - 1):
            here, following = following, nodes[j + 1]
            if not fits(load[j] + need, layouts):
                break
            leave_s = begin_s + dwell_s[here]
            reach_s = leave_s + travel_s[here, down]
            if reach_s > deadline_s:
                break
            begin_down_s = max(reach_s, down_earliest_s)
            onward_s = begin_down_s + down_dwell_s + travel_s[down, following]
            direct_s = travel_s[here, following]
            if begin_down_s <= deadline_s and onward_s <= late_s[j + 1] + TOLERANCE_S:
                added = detour + travel_s[here, down] + travel_s[down, following] - direct_s
                if added < bound:
                    places[found], places_up[found], places_down[found] = added, i, j
                    found += 1
            begin_s = max(early_s[j + 1], leave_s + direct_s)
            if begin_s > late_s[j + 1] + TOLERANCE_S:
                break
    return found, -1


@leaf
def gather_dropoffs(
    problem: Problem, tours: Tours, vehicle: int, job: int, scratch: Scratch
) -> int:
    """Gather the places of a half job's drop-off behind what is locked; how many.

    While the party stays aboard, the calls passed by must have had room beside it.
    """
    down = problem.kind.shape[0] + job
    travel_s, dwell_s = problem.travel_s, problem.dwell_s
    layouts, locked = problem.layouts[vehicle], problem.locked[vehicle]
    latest_s, earliest_s = problem.latest_s[down] + TOLERANCE_S, problem.earliest_s[down]
    nodes, count = tours.nodes[vehicle], tours.length[vehicle]
    early_s, late_s, load = tours.early_s[vehicle], tours.late_s[vehicle], tours.load[vehicle]
    found = 0
    for j in range(locked, count - 1):
        here, following = nodes[j], nodes[j + 1]
        if j > locked and not fits(load[j], layouts):
            break
        reach_s = early_s[j] + dwell_s[here] + travel_s[here, down]
        if reach_s > latest_s:
            break
        onward_s = max(reach_s, earliest_s) + dwell_s[down] + travel_s[down, following]
        if onward_s <= late_s[j + 1] + TOLERANCE_S:
            added = travel_s[here, down] + travel_s[down, following] - travel_s[here, following]
            scratch.added[found] = added
            scratch.after_up[found], scratch.after_down[found] = -1, j
            found += 1
    return found


@leaf
def careless_place(
    problem: Problem,
    tours: Tours,
    vehicle: int,
    job: int,
    bound: float,
    scratch: Scratch,
    dice: Dice,
) -> Place:
    """``best_place`` that overlooks every other place: some optima are built by no greedy order."""
    following = problem.locked[vehicle]
    if problem.kind[job] != FREE or tours.length[vehicle] + 2 > tours.nodes.shape[1]:
        return np.inf, -1, -1
    best = (bound, -1, -1)
    while following >= 0:
        found, following = gather_pairs(problem, tours, vehicle, job, best[0], following, scratch)
        kept = 0
        for at in range(found):
            if uniform(dice) < 0.5:
                scratch.added[kept] = scratch.added[at]
                scratch.after_up[kept] = scratch.after_up[at]
                scratch.after_down[kept] = scratch.after_down[at]
                kept += 1
        best = _settle(problem, tours, vehicle, job, kept, best, scratch)
    if best[2] < 0:
        return np.inf, -1, -1
    return best


@leaf
def remembered_place(
    problem: Problem,
    tours: Tours,
    vehicle: int,
    job: int,
    bound: float,
    memo: Memo,
    scratch: Scratch,
) -> Place:
    """``best_place``, asked of the memo first; it also knows that nothing lies below some bound."""
    key = mix(tours.key[vehicle] + np.uint64(job + 1) * np.uint64(0x9E3779B97F4A7C15))
    slot = key & np.uint64(memo.key.shape[0] - 1)
    if memo.key[slot] == key:
        if memo.after_down[slot] >= 0:
            return float(memo.delta[slot]), int(memo.after_up[slot]), int(memo.after_down[slot])
        if memo.delta[slot] >= bound:
            return np.inf, -1, -1
    delta, after_up, after_down = best_place(problem, tours, vehicle, job, bound, scratch)
    memo.key[slot] = key
    memo.delta[slot] = delta if after_down >= 0 else bound
    memo.after_up[slot] = after_up
    memo.after_down[slot] = after_down
    return delta, after_up, after_down
