"""Price one request, with all its alternative stops, against every place in every plan.

The filters are those of ``insertion``; the fleet lies in rows, ways are looked up by place, and a
bound on what the request can cost at best cuts most vehicles off after one look.

What a look costs is the wait for memory: so the ways to and from the request's own stops are copied
out of the matrix first, whole and in order, before they are asked for here and there.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.capacity import fits
from apps.drt.core.kernel import kernel, leaf
from apps.drt.core.problem import TOLERANCE_S, Marks, Problem, Times
from apps.drt.core.rows import Rows
from apps.drt.core.schedule import earliest_schedule

KEPT = 3

# Columns of the alternatives to board at (ups) and to leave at (downs).
PLACE, WALK_M, WALK_S, IS_STEP_FREE, EARLIEST_S, LATEST_S, FACTOR = range(7)
# Columns of a goal, and what a goal may want.
WANTS, DRIVING, ARRIVAL = range(3)
ANYTHING, LEAST_WALK, STEP_FREE = 0.0, 1.0, 2.0
# Columns of a choice.
VEHICLE, UP, DOWN, PICKUP_S, DROPOFF_S, ADDED_S, RUNNER_UP_S = range(7)
CHOICE_COLUMNS = 7


class Wish(NamedTuple):
    """An ask as arrays: alternatives to board at (ups) and to leave at (downs)."""

    up_place: NDArray[np.int32]  # [ups]
    up_earliest_s: Times
    up_latest_s: Times
    up_factor: Times
    down_place: NDArray[np.int32]  # [downs]
    down_earliest_s: Times
    down_latest_s: Times
    walk_out_s: Times
    onto_up_s: Times  # [ups, places] from each place to the stop, and so below
    from_up_s: Times
    onto_down_s: Times  # [downs, places]
    from_down_s: Times
    direct_s: Times  # [ups, downs]
    ride_limit_s: Times  # [ups, downs]
    wanted: Marks  # [ups, downs]
    may_carry: Marks  # [vehicles]


class Finds(NamedTuple):
    """The best place in each of the best vehicles, cheapest first; vehicle -1 where there is
    none. ``turn`` is a place's turn in the scan of its vehicle."""

    cost: Times  # [KEPT]
    turn: NDArray[np.int64]
    added_s: Times
    vehicle: NDArray[np.int32]
    up: NDArray[np.int32]
    down: NDArray[np.int32]
    after_up: NDArray[np.int32]
    after_down: NDArray[np.int32]


class Refused(NamedTuple):
    """The dearest place of each vehicle that the filters passed and the exact schedule did not."""

    cost: Times  # [vehicles]
    turn: NDArray[np.int64]


@leaf
def scan(  # noqa: C901
    rows: Rows,
    first: int,
    last: int,
    refused: Refused,
    wish: Wish,
    need: int,
    board_s: float,
    alight_s: float,
    drive_weight: float,
    time_weight: float,
    since_s: float,
    nearest_s: Times,
    finds: Finds,
) -> None:
    """Fill ``finds`` from the vehicles ``first`` to ``last`` - 1, with places that come after the
    refused ones in order of cost and turn.

    ``nearest_s`` is the shortest way on from each stop to board at. The cost is ``drive_weight`` a
    second of added driving and ``time_weight`` a second from ``since_s`` until the rider has walked
    in. One kernel on purpose: every branch is a filter.
    """
    downs = wish.down_place.shape[0]
    soonest_up_s = wish.up_earliest_s[0]
    for up in range(1, wish.up_place.shape[0]):
        soonest_up_s = min(soonest_up_s, wish.up_earliest_s[up])
    for vehicle in range(first, last):
        layouts, count = rows.layouts[vehicle], rows.length[vehicle]
        if not wish.may_carry[vehicle] or count < 2 or not fits(need, layouts):
            continue
        place, load, factor = rows.place[vehicle], rows.load[vehicle], rows.factor[vehicle]
        leave_s, begin_by_s = rows.leave_s[vehicle], rows.begin_by_s[vehicle]
        earliest_s, dwell_s = rows.earliest_s[vehicle], rows.dwell_s[vehicle]
        leg_s = rows.leg_s[vehicle]
        best = finds.cost[KEPT - 1]
        best_added_s, best_up, best_down, best_i, best_j = 0.0, -1, -1, -1, -1
        floor, floor_turn, turn, best_turn = refused.cost[vehicle], refused.turn[vehicle], 0, 0
        start = rows.locked[vehicle]
        while start < count - 1 and begin_by_s[start + 1] + TOLERANCE_S < soonest_up_s:
            start += 1  # Whatever stop the rider boards at, the next call comes too soon.
        for up in range(wish.up_place.shape[0]):
            up_onto_s, up_from_s = wish.onto_up_s[up], wish.from_up_s[up]
            up_earliest_s, up_latest_s = wish.up_earliest_s[up], wish.up_latest_s[up]
            up_factor = wish.up_factor[up]
            direct_s = nearest_s[up]
            if direct_s == np.inf:
                continue
            for i in range(start, count - 1):
                if leave_s[i] > up_latest_s:
                    break
                if begin_by_s[i + 1] + TOLERANCE_S < up_earliest_s or not fits(
                    load[i] + need, layouts
                ):
                    continue
                to_up_s = up_onto_s[place[i]] * factor[i]
                reach_s = leave_s[i] + to_up_s
                if reach_s > up_latest_s + TOLERANCE_S:
                    break
                leave_up_s = max(reach_s, up_earliest_s) + board_s
                at_best = time_weight * (leave_up_s + direct_s + alight_s - since_s)
                if at_best >= best:
                    break
                skipped_s = leg_s[i]
                following_s = up_from_s[place[i + 1]] * up_factor
                if at_best + drive_weight * (to_up_s + following_s - skipped_s) >= best:
                    continue
                on_s = leave_up_s + following_s
                if on_s > begin_by_s[i + 1] + TOLERANCE_S:
                    continue  # Nor can the next call be reached over the drop-off.
                detour_s = to_up_s + following_s - skipped_s
                for down in range(downs):
                    if not wish.wanted[up, down]:
                        continue
                    down_onto_s, down_from_s = wish.onto_down_s[down], wish.from_down_s[down]
                    down_earliest_s = wish.down_earliest_s[down]
                    down_latest_s = wish.down_latest_s[down] + TOLERANCE_S
                    walk_out_s = wish.walk_out_s[down] + alight_s - since_s
                    # Straight on to the drop-off.
                    reach_s = leave_up_s + wish.direct_s[up, down]
                    begin_s = max(reach_s, down_earliest_s)
                    back_s = down_from_s[place[i + 1]] * up_factor
                    if reach_s <= down_latest_s and (
                        begin_s + alight_s + back_s <= begin_by_s[i + 1] + TOLERANCE_S
                    ):
                        added_s = to_up_s + wish.direct_s[up, down] + back_s - skipped_s
                        cost = drive_weight * added_s + time_weight * (begin_s + walk_out_s)
                        if floor <= cost < best:
                            turn = ((up * count + i) * downs + down) * count + i
                            if cost > floor or turn > floor_turn:
                                best, best_added_s, best_turn = cost, added_s, turn
                                best_up, best_down, best_i, best_j = up, down, i, i
                    # Others' calls between the two.
                    if i + 2 >= count:
                        continue
                    soonest_s = max(on_s + down_onto_s[place[i + 1]], down_earliest_s)
                    if drive_weight * detour_s + time_weight * (soonest_s + walk_out_s) >= best:
                        continue
                    latest_leave_s = min(up_latest_s + board_s, begin_by_s[i + 1] - following_s)
                    longest_s = wish.ride_limit_s[up, down] + TOLERANCE_S
                    deadline_s = min(latest_leave_s + longest_s, down_latest_s)
                    at_s = max(leave_s[i + 1], max(on_s, earliest_s[i + 1]) + dwell_s[i + 1])
                    aboard_s = following_s + dwell_s[i + 1]  # Without any wait.
                    for j in range(i + 1, count - 1):
                        if not fits(load[j] + need, layouts):
                            break
                        if drive_weight * detour_s + time_weight * (at_s + walk_out_s) >= best:
                            break
                        to_down_s = down_onto_s[place[j]] * factor[j]
                        reach_s = at_s + to_down_s
                        if reach_s > deadline_s or aboard_s + to_down_s > longest_s:
                            break
                        begin_s = max(reach_s, down_earliest_s)
                        back_s = down_from_s[place[j + 1]] * up_factor
                        onward_s = leg_s[j]
                        if begin_s <= deadline_s and (
                            begin_s + alight_s + back_s <= begin_by_s[j + 1] + TOLERANCE_S
                        ):
                            added_s = detour_s + to_down_s + back_s - onward_s
                            cost = drive_weight * added_s + time_weight * (begin_s + walk_out_s)
                            if floor <= cost < best:
                                turn = ((up * count + i) * downs + down) * count + j
                                if cost > floor or turn > floor_turn:
                                    best, best_added_s, best_turn = cost, added_s, turn
                                    best_up, best_down, best_i, best_j = up, down, i, j
                        reach_s = at_s + onward_s
                        if reach_s > begin_by_s[j + 1] + TOLERANCE_S:
                            break
                        at_s = max(leave_s[j + 1], max(reach_s, earliest_s[j + 1]) + dwell_s[j + 1])
                        aboard_s += onward_s + dwell_s[j + 1]
        if best_up >= 0:
            _keep(finds, vehicle, best, best_turn, best_added_s, best_up, best_down, best_i, best_j)


@leaf
def _keep(
    finds: Finds,
    vehicle: int,
    cost: float,
    turn: int,
    added_s: float,
    up: int,
    down: int,
    after_up: int,
    after_down: int,
) -> None:
    """Sort a find in; the dearest falls out."""
    at = KEPT - 1
    while at > 0 and finds.cost[at - 1] > cost:
        _copy(finds, at - 1, at)
        at -= 1
    finds.cost[at], finds.turn[at] = cost, turn
    finds.added_s[at], finds.vehicle[at] = added_s, vehicle
    finds.up[at], finds.down[at] = up, down
    finds.after_up[at], finds.after_down[at] = after_up, after_down


@leaf
def _drop_first(finds: Finds) -> None:
    """The cheapest find leaves; the others move up."""
    for at in range(KEPT - 1):
        _copy(finds, at + 1, at)
    finds.cost[KEPT - 1], finds.vehicle[KEPT - 1] = np.inf, -1


@leaf
def _copy(finds: Finds, source: int, target: int) -> None:
    finds.cost[target], finds.turn[target] = finds.cost[source], finds.turn[source]
    finds.added_s[target], finds.vehicle[target] = finds.added_s[source], finds.vehicle[source]
    finds.up[target], finds.down[target] = finds.up[source], finds.down[source]
    finds.after_up[target] = finds.after_up[source]
    finds.after_down[target] = finds.after_down[source]


@kernel
def scheduled(  # noqa: C901
    rows: Rows,
    from_s: Times,
    wish: Wish,
    need: int,
    board_s: float,
    alight_s: float,
    vehicle: int,
    up: int,
    down: int,
    after_up: int,
    after_down: int,
) -> tuple[float, float]:
    """Exactly: when boarding and alighting begin at the soonest on that place, or (-1, -1).

    The row becomes a problem of its own in which every position counts as a job.
    """
    count = rows.length[vehicle] + 2
    size = 2 * count + 2
    times_s, bounds = np.zeros((4, size)), np.zeros(count)
    nodes, origin = np.zeros(count, np.int32), np.full(count, -1, np.int32)
    at = 0
    for source in range(count - 2):
        origin[at] = source
        at += 1
        if source == after_up:
            origin[at] = -2
            at += 1
        if source == after_down:
            origin[at] = -3
            at += 1
    position = np.full(count, -1, np.int32)
    for at in range(count):
        if origin[at] >= 0:
            position[origin[at]] = at
    boarding = 0
    place, factor = np.zeros(count, np.int32), np.ones(count)
    for at in range(count):
        source = origin[at]
        if source == -2:
            node, boarding = at, at
            place[at], factor[at] = wish.up_place[up], wish.up_factor[up]
            times_s[0, node], times_s[1, node] = wish.up_earliest_s[up], wish.up_latest_s[up]
            times_s[2, node] = board_s
        elif source == -3:
            node = count + boarding
            bounds[boarding] = wish.ride_limit_s[up, down]
            place[at], factor[at] = wish.down_place[down], wish.up_factor[up]
            times_s[0, node], times_s[1, node] = (
                wish.down_earliest_s[down],
                wish.down_latest_s[down],
            )
            times_s[2, node] = alight_s
        else:
            node = at
            if at == 0:
                node = 2 * count
            elif at == count - 1:
                node = 2 * count + 1
            elif rows.boarded_at[vehicle, source] >= 0:
                partner = position[rows.boarded_at[vehicle, source]]
                node = count + partner
                bounds[partner] = rows.ride_limit_s[vehicle, source]
            place[at], factor[at] = rows.place[vehicle, source], rows.factor[vehicle, source]
            times_s[0, node] = rows.earliest_s[vehicle, source]
            times_s[1, node] = rows.latest_s[vehicle, source]
            times_s[2, node] = rows.dwell_s[vehicle, source]
        nodes[at] = node
    travel_s = np.zeros((size, size))
    for at in range(count - 1):
        travel_s[nodes[at], nodes[at + 1]] = from_s[place[at], place[at + 1]] * factor[at]
    problem = Problem(
        travel_s, times_s[0], times_s[1], times_s[2], times_s[3],
        np.zeros(size, np.int64), bounds, np.zeros(count, np.int8), np.zeros(count, np.int32),
        np.zeros((0, 0), np.bool_), bounds, np.zeros((1, 1), np.int64), np.zeros(1, np.int64),
        rows.route_limit_s[vehicle : vehicle + 1], np.zeros(1, np.int32), np.zeros(1, np.int32),
        np.zeros((0, 0), np.int32),
    )  # fmt: skip
    begin_s, where = np.zeros(count), np.full(size, -1, np.int32)
    if not earliest_schedule(problem, 0, nodes, count, begin_s, where):
        return -1.0, -1.0
    return begin_s[where[boarding]], begin_s[where[count + boarding]]


@kernel
def choose(
    rows: Rows,
    onto_s: Times,
    from_s: Times,
    may_carry: Marks,
    ups: Times,
    downs: Times,
    goals: Times,
    need: int,
    step_free_only: bool,
    figures: Times,
) -> Times:
    """One choice a goal, all in one call; VEHICLE is -1 where a goal has none. ``onto_s[p, q]`` is
    the way from q to p, ``from_s[p, q]`` the way from p to q.

    ``ups`` and ``downs`` hold the alternatives (columns PLACE to FACTOR), ``goals`` what each goal
    wants (column WANTS) and weighs, ``figures`` = (board_s, alight_s, since_s, detour factor,
    spare_ride_s). A goal that the first choice meets takes it over.
    """
    board_s, alight_s, since_s = figures[0], figures[1], figures[2]
    wish = _wish(onto_s, from_s, may_carry, ups, downs, figures[3], figures[4])
    choices = np.full((goals.shape[0], CHOICE_COLUMNS), -1.0)
    for goal in range(goals.shape[0]):
        wants = goals[goal, WANTS]
        _mark_wanted(wish.wanted, ups, downs, wants, step_free_only)
        drive_weight, time_weight = goals[goal, DRIVING], goals[goal, ARRIVAL]
        up, down = int(choices[0, UP]), int(choices[0, DOWN])
        is_first_again = up >= 0 and wish.wanted[up, down]
        if is_first_again or not wish.wanted.any():
            choices[goal] = choices[0] if is_first_again else choices[goal]
            continue
        nearest_s = np.full(ups.shape[0], np.inf)
        for up in range(ups.shape[0]):
            for down in range(downs.shape[0]):
                if wish.wanted[up, down]:
                    way_s = wish.direct_s[up, down] + wish.walk_out_s[down]
                    nearest_s[up] = min(nearest_s[up], way_s)
        _write_cheapest(
            rows, from_s, wish, need, board_s, alight_s, drive_weight, time_weight, since_s,
            nearest_s, choices[goal],
        )  # fmt: skip
        if choices[0, VEHICLE] < 0.0:
            break
    return choices


@kernel
def _no_finds() -> Finds:
    return Finds(
        np.full(KEPT, np.inf),
        np.zeros(KEPT, np.int64),
        np.zeros(KEPT),
        np.full(KEPT, -1, np.int32),
        np.zeros(KEPT, np.int32),
        np.zeros(KEPT, np.int32),
        np.zeros(KEPT, np.int32),
        np.zeros(KEPT, np.int32),
    )


@kernel
def _wish(
    onto_s: Times,
    from_s: Times,
    may_carry: Marks,
    ups: Times,
    downs: Times,
    detour_factor: float,
    spare_ride_s: float,
) -> Wish:
    direct_s = np.empty((ups.shape[0], downs.shape[0]))
    for up in range(ups.shape[0]):
        for down in range(downs.shape[0]):
            way_s = from_s[int(ups[up, PLACE]), int(downs[down, PLACE])]
            direct_s[up, down] = way_s * ups[up, FACTOR]
    return Wish(
        ups[:, PLACE].astype(np.int32),
        ups[:, EARLIEST_S].copy(),
        ups[:, LATEST_S].copy(),
        ups[:, FACTOR].copy(),
        downs[:, PLACE].astype(np.int32),
        downs[:, EARLIEST_S].copy(),
        downs[:, LATEST_S].copy(),
        downs[:, WALK_S].copy(),
        _rows_at(onto_s, ups),
        _rows_at(from_s, ups),
        _rows_at(onto_s, downs),
        _rows_at(from_s, downs),
        direct_s,
        np.maximum(direct_s * detour_factor, direct_s + spare_ride_s),
        np.zeros(direct_s.shape, np.bool_),
        may_carry,
    )


@kernel
def _rows_at(ways_s: Times, stops: Times) -> Times:
    taken_s = np.empty((stops.shape[0], ways_s.shape[1]))
    for stop in range(stops.shape[0]):
        taken_s[stop] = ways_s[int(stops[stop, PLACE])]
    return taken_s


@leaf
def _mark_wanted(
    wanted: Marks, ups: Times, downs: Times, wants: float, step_free_only: bool
) -> None:
    """Which pairs of stops a goal looks at: all usable, the step-free, those with least walk."""
    needs_step_free = step_free_only or wants == STEP_FREE
    least_m = np.inf
    for up in range(ups.shape[0]):
        for down in range(downs.shape[0]):
            is_step_free = ups[up, IS_STEP_FREE] > 0.0 and downs[down, IS_STEP_FREE] > 0.0
            wanted[up, down] = is_step_free or not needs_step_free
            if wanted[up, down]:
                least_m = min(least_m, ups[up, WALK_M] + downs[down, WALK_M])
    if wants == LEAST_WALK:
        for up in range(ups.shape[0]):
            for down in range(downs.shape[0]):
                wanted[up, down] &= ups[up, WALK_M] + downs[down, WALK_M] <= least_m


@kernel
def _write_cheapest(
    rows: Rows,
    from_s: Times,
    wish: Wish,
    need: int,
    board_s: float,
    alight_s: float,
    drive_weight: float,
    time_weight: float,
    since_s: float,
    nearest_s: Times,
    choice: Times,
) -> None:
    """The cheapest place that has an exact schedule.

    A place that has none gives way to its vehicle's next. Vehicles that the scan cut off, being
    dearer than ``horizon``, are looked at again once nothing cheaper is left.
    """
    vehicles = rows.length.shape[0]
    refused = Refused(np.full(vehicles, -np.inf), np.zeros(vehicles, np.int64))
    finds, horizon = _no_finds(), -np.inf
    while True:
        if finds.cost[0] > horizon or finds.vehicle[0] < 0:
            if horizon == np.inf:
                return
            finds = _no_finds()
            scan(
                rows, 0, vehicles, refused, wish, need, board_s, alight_s,
                drive_weight, time_weight, since_s, nearest_s, finds,
            )  # fmt: skip
            horizon = finds.cost[KEPT - 1]
            continue
        vehicle = finds.vehicle[0]
        pickup_s, dropoff_s = scheduled(
            rows, from_s, wish, need, board_s, alight_s, vehicle, finds.up[0], finds.down[0],
            finds.after_up[0], finds.after_down[0],
        )  # fmt: skip
        if pickup_s >= 0.0:
            choice[VEHICLE], choice[UP], choice[DOWN] = vehicle, finds.up[0], finds.down[0]
            choice[PICKUP_S], choice[DROPOFF_S] = pickup_s, dropoff_s
            choice[ADDED_S] = finds.added_s[0]
            choice[RUNNER_UP_S] = finds.cost[1] - finds.cost[0]
            return
        refused.cost[vehicle], refused.turn[vehicle] = finds.cost[0], finds.turn[0]
        _drop_first(finds)
        scan(
            rows, vehicle, vehicle + 1, refused, wish, need, board_s, alight_s,
            drive_weight, time_weight, since_s, nearest_s, finds,
        )  # fmt: skip
