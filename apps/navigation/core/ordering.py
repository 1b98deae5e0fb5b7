"""A contraction order for a street network: nested dissection by inertial flow.

Schild and Sommer, "On Balanced Separators in Road Networks", SEA 2015. Each set of nodes is sorted
along four directions; the
smallest edge cut between its first and its last quarter is found by augmenting paths, and the end
points of the cut on
the thinner side are contracted last. Small separators make the hierarchy small, and with it
everything built on it.
"""

import numba as nb
import numpy as np

from apps.navigation.core.arrays import F8, I1, I4, I8, U1, Bool

LEAF_N = 8
MANY = 200  # small sets are cut well enough along the axes
TERMINAL_SHARE = 0.25
_DIRECTIONS = ((1.0, 0.0), (0.0, 1.0), (0.7071, 0.7071), (0.7071, -0.7071))


def dissect(x: F8, y: F8, tail: I4, head: I4) -> I4:
    """Nodes in contraction order: first contracted first."""
    order = np.empty(len(x), dtype=np.int32)
    local = np.empty(len(x), dtype=np.int64)
    edges = np.unique(np.sort(np.stack((tail, head), axis=1).astype(np.int64), axis=1), axis=0)
    edges = edges[edges[:, 0] != edges[:, 1]]
    stack = [(np.arange(len(x)), edges[:, 0].copy(), edges[:, 1].copy(), len(x))]
    while stack:
        nodes, edge_tail, edge_head, stop = stack.pop()
        if len(nodes) <= LEAF_N or len(edge_tail) == 0:
            order[stop - len(nodes) : stop] = nodes
            continue
        local[nodes] = np.arange(len(nodes))
        side, last = _cut(x[nodes], y[nodes], local[edge_tail], local[edge_head])
        separator = nodes[last]
        order[stop - len(separator) : stop] = separator
        stop -= len(separator)
        for part in (side & ~last, ~side & ~last):
            members = nodes[part]
            if len(members):
                inside = part[local[edge_tail]] & part[local[edge_head]]
                stack.append((members, edge_tail[inside], edge_head[inside], stop))
                stop -= len(members)
    return order


def _cut(x: F8, y: F8, tail: I8, head: I8) -> tuple[Bool, Bool]:
    """The best cut of four: which side each node is on, and which nodes separate the sides."""
    start, arcs = _adjacency(tail, head, len(x))
    best: tuple[int, Bool, Bool] | None = None
    for ex, ey in _DIRECTIONS if len(x) > MANY else _DIRECTIONS[:2]:
        along = np.argsort(x * ex + y * ey, kind="stable")
        side = _flow_side(along, tail, head, start, arcs).astype(np.bool_)
        last = _thinner_end(side, tail, head)
        if best is None or last.sum() < best[0]:
            best = (int(last.sum()), side, last)
    assert best is not None
    return best[1], best[2]


@nb.njit(nogil=True, cache=True)
def _adjacency(tail: I8, head: I8, nodes_n: int) -> tuple[I8, I8]:
    """Arcs by node: arc 2 e runs along edge e, arc 2 e + 1 against it."""
    start = np.zeros(nodes_n + 1, dtype=np.int64)
    for e in range(len(tail)):
        start[tail[e] + 1] += 1
        start[head[e] + 1] += 1
    for v in range(nodes_n):
        start[v + 1] += start[v]
    fill = start[:-1].copy()
    arcs = np.empty(2 * len(tail), dtype=np.int64)
    for e in range(len(tail)):
        arcs[fill[tail[e]]] = 2 * e
        fill[tail[e]] += 1
        arcs[fill[head[e]]] = 2 * e + 1
        fill[head[e]] += 1
    return start, arcs


@nb.njit(nogil=True, cache=True)
def _flow_side(along: I8, tail: I8, head: I8, start: I8, arcs: I8) -> U1:
    """The nodes still reached from the first quarter when no further path to the last one fits."""
    nodes_n = len(along)
    quarter = max(int(nodes_n * TERMINAL_SHARE), 1)
    is_goal = np.zeros(nodes_n, dtype=np.uint8)
    for i in range(quarter):
        is_goal[along[nodes_n - 1 - i]] = 1
    flow = np.zeros(2 * len(tail), dtype=np.int8)
    came = np.empty(nodes_n, dtype=np.int64)
    queue = np.empty(nodes_n, dtype=np.int64)
    while True:
        end = _reach(along[:quarter], is_goal, tail, head, start, arcs, flow, came, queue)
        if end < 0:
            break
        while came[end] >= 0:  # one more unit along the path found
            arc = came[end]
            flow[arc] += 1
            flow[arc ^ 1] -= 1
            end = head[arc >> 1] if arc & 1 else tail[arc >> 1]
    side = np.zeros(nodes_n, dtype=np.uint8)
    for v in range(nodes_n):
        side[v] = came[v] != -2
    return side


@nb.njit(nogil=True, cache=True)
def _reach(
    first: I8,
    is_goal: U1,
    tail: I8,
    head: I8,
    start: I8,
    arcs: I8,
    flow: I1,
    came: I8,
    queue: I8,
) -> int:
    """Breadth-first over arcs with room; the goal reached, or -1. `came` is -2 where not
    reached.
    """
    came[:] = -2
    size = 0
    for v in first:
        came[v] = -1
        queue[size] = v
        size += 1
    done = 0
    while done < size:
        v = queue[done]
        done += 1
        for i in range(start[v], start[v + 1]):
            arc = arcs[i]
            w = tail[arc >> 1] if arc & 1 else head[arc >> 1]
            if came[w] == -2 and flow[arc] < 1:
                came[w] = arc
                if is_goal[w]:
                    return int(w)
                queue[size] = w
                size += 1
    return -1


def _thinner_end(side: Bool, tail: I8, head: I8) -> Bool:
    """The end points of cut edges on whichever side has fewer of them."""
    cut = side[tail] != side[head]
    ends = np.concatenate((tail[cut], head[cut]))
    mark = np.zeros(len(side), dtype=np.bool_)
    mark[ends] = True
    left = mark & side
    right = mark & ~side
    return left if left.sum() <= right.sum() else right
