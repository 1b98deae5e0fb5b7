"""A contraction order for a street network: nested dissection by straight cuts.

Each set of nodes is cut by the line (of four directions, within the middle third) that crosses
fewest edges; the end
points of the cut edges on the thinner side go last. A poor man's inertial flow (Schild and Sommer,
SEA 2015): the cuts
are a little wider, the code is a page, and the order is computed once per build.
"""

import numpy as np

from apps.navigation.core.arrays import F8, I4, I8, Bool

LEAF_N = 6
_DIRECTIONS = ((1.0, 0.0), (0.0, 1.0), (0.7071, 0.7071), (0.7071, -0.7071))


def dissect(x: F8, y: F8, tail: I4, head: I4) -> I4:
    """Nodes in contraction order: first contracted first."""
    order = np.empty(len(x), dtype=np.int32)
    local = np.empty(len(x), dtype=np.int64)
    stack = [(np.arange(len(x)), np.asarray(tail, np.int64), np.asarray(head, np.int64), len(x))]
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
    """The best straight cut: which side each node is on, and which nodes separate the sides."""
    best: tuple[int, Bool, Bool] | None = None
    for ex, ey in _DIRECTIONS:
        side = _straight_side(x * ex + y * ey, tail, head)
        last = _thinner_end(side, tail, head)
        if best is None or last.sum() < best[0]:
            best = (int(last.sum()), side, last)
    assert best is not None
    return best[1], best[2]


def _straight_side(along: F8, tail: I8, head: I8) -> Bool:
    n = len(along)
    place = np.empty(n, dtype=np.int64)
    place[np.argsort(along, kind="stable")] = np.arange(n)
    low = np.minimum(place[tail], place[head])
    high = np.maximum(place[tail], place[head])
    crossing = np.bincount(low, minlength=n) - np.bincount(high, minlength=n)
    crossed = np.cumsum(crossing)  # edges over the gap after each place
    first, last = max(int(n * 0.35), 1), max(int(n * 0.65), 2)
    split = first + int(np.argmin(crossed[first - 1 : last - 1]))
    side: Bool = place < split
    return side


def _thinner_end(side: Bool, tail: I8, head: I8) -> Bool:
    """The end points of cut edges on whichever side has fewer of them."""
    cut = side[tail] != side[head]
    ends = np.concatenate((tail[cut], head[cut]))
    mark = np.zeros(len(side), dtype=bool)
    mark[ends] = True
    left = mark & side
    right = mark & ~side
    return left if left.sum() <= right.sum() else right
