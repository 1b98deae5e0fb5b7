"""The earliest and the latest schedule of a route, exactly.

Windows, ways, longest rides and the longest route are difference constraints ``B[j] - B[i] >= c`` and bounds.
Such a system has a pointwise least solution, found by pushing forward and, where a ride or the route would
last too long, by raising its begin and pushing again. Cordeau & Laporte's eight steps (2003) do the same by
forward slack to *minimise* violation; the fixpoint decides feasibility, also where their sequence of delays
stops short. A least solution uses each raising arc at most once a chain, hence the bound on the rounds.
"""

from numba import njit

from apps.drt.core.problem import TOLERANCE_S


@njit(cache=True, nogil=True)
def earliest_schedule(problem, vehicle, nodes, count, begin_s, position):  # type: ignore[no-untyped-def]  # noqa: C901
    """Fill ``begin_s`` with the pointwise earliest begins of service; False where there is none.

    ``position`` is scratch over all nodes; it must hold -1 for every pick-up that lies on no route.
    """
    jobs = problem.kind.shape[0]
    for at in range(count):
        position[nodes[at]] = at
        begin_s[at] = problem.earliest_s[nodes[at]]
    low = 1
    for _ in range(count + 1):
        before = nodes[low - 1]
        ready_s = begin_s[low - 1] + problem.dwell_s[before]
        for at in range(low, count):
            node = nodes[at]
            begin = max(begin_s[at], ready_s + problem.travel_s[before, node])
            if begin > problem.latest_s[node] + TOLERANCE_S:
                return False
            begin_s[at] = begin
            ready_s = begin + problem.dwell_s[node]
            before = node
        raised = count
        needed = begin_s[count - 1] - problem.route_limit_s[vehicle]
        if needed > begin_s[0] + TOLERANCE_S:
            if needed > problem.latest_s[nodes[0]] + TOLERANCE_S:
                return False
            begin_s[0] = needed
            raised = 0
        for at in range(2, count - 1):
            pickup = nodes[at] - jobs
            if pickup < 0 or position[pickup] < 0:
                continue
            up = position[pickup]
            needed = begin_s[at] - problem.ride_limit_s[pickup] - problem.dwell_s[pickup]
            if needed > begin_s[up] + TOLERANCE_S:
                if needed > problem.latest_s[pickup] + TOLERANCE_S:
                    return False
                begin_s[up] = needed
                raised = min(raised, up)
        if raised == count:
            return True
        low = raised + 1
    return False


@njit(cache=True, nogil=True)
def latest_schedule(problem, vehicle, nodes, count, begin_s, position):  # type: ignore[no-untyped-def]
    """Fill ``begin_s`` with the pointwise latest begins of a feasible route (``position`` as above)."""
    jobs = problem.kind.shape[0]
    for at in range(count):
        position[nodes[at]] = at
        begin_s[at] = problem.latest_s[nodes[at]]
    high = count - 2
    for _ in range(count + 1):
        for at in range(high, -1, -1):
            node, after = nodes[at], nodes[at + 1]
            limit = begin_s[at + 1] - problem.travel_s[node, after] - problem.dwell_s[node]
            begin_s[at] = min(begin_s[at], limit)
        lowered = -1
        limit = begin_s[0] + problem.route_limit_s[vehicle]
        if limit < begin_s[count - 1] - TOLERANCE_S:
            begin_s[count - 1] = limit
            lowered = count - 1
        for at in range(2, count - 1):
            pickup = nodes[at] - jobs
            if pickup < 0 or position[pickup] < 0:
                continue
            limit = begin_s[position[pickup]] + problem.dwell_s[pickup]
            limit += problem.ride_limit_s[pickup]
            if limit < begin_s[at] - TOLERANCE_S:
                begin_s[at] = limit
                lowered = max(lowered, at)
        if lowered < 0:
            return
        high = lowered - 1


@njit(cache=True, nogil=True)
def lateness_cost(problem, nodes, count, begin_s):  # type: ignore[no-untyped-def]
    """What the riders of a route pay for waiting: weighted seconds after each earliest moment."""
    cost = 0.0
    for at in range(count):
        node = nodes[at]
        cost += problem.weight[node] * (begin_s[at] - problem.earliest_s[node])
    return cost
