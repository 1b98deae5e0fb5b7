"""The earliest and the latest schedule of a route, exactly.

Windows, ways, longest rides and the longest route are difference constraints ``B[j] - B[i] >= c``
and bounds. Such a system has a pointwise least solution, found by pushing forward and, where a ride
or the route would last too long, by raising its begin and pushing again. Cordeau & Laporte's eight
steps (2003) do the same by forward slack to *minimise* violation; the fixpoint decides feasibility,
also where their sequence of delays stops short. A least solution uses each raising arc at most once
a chain, hence the bound on the rounds.
"""

from apps.drt.core.kernel import leaf
from apps.drt.core.problem import TOLERANCE_S, Nodes, Problem, Times


@leaf
def earliest_schedule(
    problem: Problem, vehicle: int, nodes: Nodes, count: int, begin_s: Times, position: Nodes
) -> bool:
    """Fill ``begin_s`` with the pointwise earliest begins of service; False where there is none.

    ``position`` is scratch over all nodes; it must hold -1 for every pick-up that lies on no route.
    """
    jobs = problem.kind.shape[0]
    travel_s, dwell_s = problem.travel_s, problem.dwell_s
    earliest_s, latest_s = problem.earliest_s, problem.latest_s
    ride_limit_s, route_limit_s = problem.ride_limit_s, problem.route_limit_s[vehicle]
    for at in range(count):
        position[nodes[at]] = at
        begin_s[at] = earliest_s[nodes[at]]
    low = 1
    for _ in range(count + 1):
        before = nodes[low - 1]
        ready_s = begin_s[low - 1] + dwell_s[before]
        for at in range(low, count):
            node = nodes[at]
            begin = max(begin_s[at], ready_s + travel_s[before, node])
            if begin > latest_s[node] + TOLERANCE_S:
                return False
            begin_s[at] = begin
            ready_s = begin + dwell_s[node]
            before = node
        raised = count
        needed = begin_s[count - 1] - route_limit_s
        if needed > begin_s[0] + TOLERANCE_S:
            if needed > latest_s[nodes[0]] + TOLERANCE_S:
                return False
            begin_s[0] = needed
            raised = 0
        for at in range(2, count - 1):
            pickup = nodes[at] - jobs
            if pickup < 0 or position[pickup] < 0:
                continue
            up = position[pickup]
            needed = begin_s[at] - ride_limit_s[pickup] - dwell_s[pickup]
            if needed > begin_s[up] + TOLERANCE_S:
                if needed > latest_s[pickup] + TOLERANCE_S:
                    return False
                begin_s[up] = needed
                raised = min(raised, up)
        if raised == count:
            return True
        low = raised + 1
    return False


@leaf
def latest_schedule(
    problem: Problem, vehicle: int, nodes: Nodes, count: int, begin_s: Times, position: Nodes
) -> None:
    """Fill ``begin_s`` with the pointwise latest begins of a feasible route (``position`` as
    above)."""
    jobs = problem.kind.shape[0]
    travel_s, dwell_s = problem.travel_s, problem.dwell_s
    latest_s, ride_limit_s = problem.latest_s, problem.ride_limit_s
    route_limit_s = problem.route_limit_s[vehicle]
    for at in range(count):
        position[nodes[at]] = at
        begin_s[at] = latest_s[nodes[at]]
    high = count - 2
    for _ in range(count + 1):
        for at in range(high, -1, -1):
            node, after = nodes[at], nodes[at + 1]
            limit = begin_s[at + 1] - travel_s[node, after] - dwell_s[node]
            begin_s[at] = min(begin_s[at], limit)
        lowered = -1
        limit = begin_s[0] + route_limit_s
        if limit < begin_s[count - 1] - TOLERANCE_S:
            begin_s[count - 1] = limit
            lowered = count - 1
        for at in range(2, count - 1):
            pickup = nodes[at] - jobs
            if pickup < 0 or position[pickup] < 0:
                continue
            limit = begin_s[position[pickup]] + dwell_s[pickup]
            limit += ride_limit_s[pickup]
            if limit < begin_s[at] - TOLERANCE_S:
                begin_s[at] = limit
                lowered = max(lowered, at)
        if lowered < 0:
            return
        high = lowered - 1


@leaf
def lateness_cost(problem: Problem, nodes: Nodes, count: int, begin_s: Times) -> float:
    """What the riders of a route pay for waiting: weighted seconds after each earliest moment."""
    cost = 0.0
    weight, earliest_s = problem.weight, problem.earliest_s
    for at in range(count):
        node = nodes[at]
        cost += weight[node] * (begin_s[at] - earliest_s[node])
    return cost
