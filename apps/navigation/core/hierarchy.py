"""A customizable contraction hierarchy: the topology is prepared once per build, prices are poured
in per person.

Dibbelt, Strasser and Wagner, "Customizable Contraction Hierarchies", ACM JEA 2016. Nodes are
numbered by rank;
`up_head[up_start[v]:up_start[v + 1]]` are the higher neighbours of v in ascending order, shortcuts
included. `parent` is the
elimination tree. A metric holds, for each such edge, the cost upward and the cost downward.
Queries walk elimination
tree paths, so they need no queue. Used for matrices, and as an exact bound for A* (see
`search.py`).
"""

from dataclasses import dataclass

import numba as nb
import numpy as np

from apps.navigation.core.arrays import F4, F8, I4, U4, Bool, frozen
from apps.navigation.core.ordering import dissect

INFINITE = np.inf


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The prepared topology. `arc_edge` maps graph arcs to edges, -1 for loops; `arc_is_up` tells
    the side.
    """

    rank: I4
    node: I4
    up_start: I4
    up_head: I4
    parent: I4
    arc_edge: I4
    arc_is_up: Bool


@dataclass(frozen=True, slots=True)
class Metric:
    """Prices poured into a hierarchy: shortest costs along each edge, upward and downward."""

    up_s: F8
    down_s: F8


def prepare(x: F4, y: F4, arc_tail: I4, arc_head: I4) -> Hierarchy:
    """Order the nodes, complete the hierarchy, and map arcs onto it."""
    node = dissect(x.astype(np.float64), y.astype(np.float64), arc_tail, arc_head)
    rank = np.empty(len(node), dtype=np.int32)
    rank[node] = np.arange(len(node), dtype=np.int32)
    low = np.minimum(rank[arc_tail], rank[arc_head])
    high = np.maximum(rank[arc_tail], rank[arc_head])
    pairs = np.unique(np.stack((low, high), axis=1)[low != high], axis=0)
    start, head, parent = _complete(len(node), pairs[:, 0].copy(), pairs[:, 1].copy())
    edge = _edges_of(low, high, start, head)
    is_up = rank[arc_tail] < rank[arc_head]
    return Hierarchy(
        rank=frozen(rank),
        node=frozen(node),
        up_start=frozen(start),
        up_head=frozen(head),
        parent=frozen(parent),
        arc_edge=frozen(edge),
        arc_is_up=frozen(is_up),
    )


def pour(hierarchy: Hierarchy, cost_s: F4 | F8, broken: U4, barred: int) -> Metric:
    """Customise: cheapest arc per edge, then every lower triangle once in rank order."""
    edges_n = len(hierarchy.up_head)
    up_s = np.full(edges_n, INFINITE)
    down_s = np.full(edges_n, INFINITE)
    _lay(hierarchy.arc_edge, hierarchy.arc_is_up, cost_s, broken, barred, up_s, down_s)
    _relax_triangles(hierarchy.up_start, hierarchy.up_head, up_s, down_s)
    return Metric(frozen(up_s), frozen(down_s))


@nb.njit(nogil=True, cache=True)
def _complete(nodes_n: int, low: I4, high: I4) -> tuple[I4, I4, I4]:
    """Chordal completion: a node's higher neighbours pass to the lowest of them."""
    first = np.zeros(nodes_n + 1, dtype=np.int64)
    for i in range(len(low)):
        first[low[i] + 1] += 1
    for v in range(nodes_n):
        first[v + 1] += first[v]
    child_head = np.full(nodes_n, -1, dtype=np.int32)
    child_next = np.full(nodes_n, -1, dtype=np.int32)
    parent = np.full(nodes_n, -1, dtype=np.int32)
    start = np.zeros(nodes_n + 1, dtype=np.int32)
    seen = np.full(nodes_n, -1, dtype=np.int32)
    out = np.empty(max(4 * len(low), 16), dtype=np.int32)
    used = 0
    for v in range(nodes_n):
        begin = used
        for i in range(first[v], first[v + 1]):
            seen[high[i]] = v
            if used == len(out):
                out = np.concatenate((out, np.empty_like(out)))
            out[used] = high[i]
            used += 1
        child = child_head[v]
        while child >= 0:
            for e in range(start[child], start[child + 1]):
                w = out[e]
                if w != v and seen[w] != v:
                    seen[w] = v
                    if used == len(out):
                        out = np.concatenate((out, np.empty_like(out)))
                    out[used] = w
                    used += 1
            child = child_next[child]
        out[begin:used].sort()
        start[v + 1] = used
        if used > begin:
            parent[v] = out[begin]
            child_next[v] = child_head[out[begin]]
            child_head[out[begin]] = v
    return start, out[:used].copy(), parent


@nb.njit(nogil=True, cache=True)
def _edges_of(low: I4, high: I4, start: I4, head: I4) -> I4:
    edge = np.full(len(low), -1, dtype=np.int32)
    for i in range(len(low)):
        if low[i] == high[i]:
            continue
        a, b = start[low[i]], start[low[i] + 1]
        edge[i] = a + np.searchsorted(head[a:b], high[i])
    return edge


@nb.njit(nogil=True, cache=True)
def _lay(
    arc_edge: I4, arc_is_up: Bool, cost_s: F4 | F8, broken: U4, barred: int, up_s: F8, down_s: F8
) -> None:
    for a in range(len(arc_edge)):
        e = arc_edge[a]
        if e < 0 or broken[a] & barred:
            continue
        if arc_is_up[a]:
            up_s[e] = min(up_s[e], cost_s[a])
        else:
            down_s[e] = min(down_s[e], cost_s[a])


@nb.njit(nogil=True, cache=True)
def _relax_triangles(start: I4, head: I4, up_s: F8, down_s: F8) -> None:
    """For v < x < y: the way x-y may lead through v."""
    for v in range(len(start) - 1):
        for i in range(start[v], start[v + 1]):
            x = head[i]
            e = start[x]
            for j in range(i + 1, start[v + 1]):
                y = head[j]
                while head[e] != y:
                    e += 1
                up_s[e] = min(up_s[e], down_s[i] + up_s[j])
                down_s[e] = min(down_s[e], down_s[j] + up_s[i])


def matrix(
    hierarchy: Hierarchy,
    metric: Metric,
    sources: tuple[I4, F8],
    targets: tuple[I4, F8],
) -> F8:
    """Costs from every source to every target; each is up to two nodes with an entry cost."""
    result = np.full((len(sources[0]), len(targets[0])), INFINITE)
    _fill_matrix(
        hierarchy.rank,
        hierarchy.up_start,
        hierarchy.up_head,
        hierarchy.parent,
        metric.up_s,
        metric.down_s,
        *sources,
        *targets,
        result,
    )
    return result


@nb.njit(nogil=True, cache=True)
def climb(
    start: I4, head: I4, parent: I4, cost_s: F8, places: I4, entry_s: F8, dist: F8, path: I4
) -> int:
    """Costs from up to two ranked nodes to all their ancestors, which are left in `path` in rank
    order.

    `dist` must be infinite on entry; reset it along `path` afterwards.
    """
    a, b = places[0], places[1]
    for k in range(2):
        if places[k] >= 0:
            dist[places[k]] = min(dist[places[k]], entry_s[k])
    found = 0
    while a >= 0 or b >= 0:
        v = a if b < 0 or (a >= 0 and a <= b) else b
        path[found] = v
        found += 1
        d = dist[v]
        if d < np.inf:
            for e in range(start[v], start[v + 1]):
                reached = d + cost_s[e]
                if reached < dist[head[e]]:
                    dist[head[e]] = reached
        if a == v:
            a = parent[v]
        if b == v:
            b = parent[v]
    return found


@nb.njit(nogil=True, cache=True)
def _ranked(rank: I4, nodes: I4) -> I4:
    places = np.empty(2, dtype=np.int32)
    for k in range(2):
        places[k] = rank[nodes[k]] if nodes[k] >= 0 else -1
    return places


@nb.njit(nogil=True, cache=True)
def _fill_matrix(  # noqa: C901 - one sweep of a numeric kernel
    rank: I4,
    start: I4,
    head: I4,
    parent: I4,
    up_s: F8,
    down_s: F8,
    source_nodes: I4,
    source_s: F8,
    target_nodes: I4,
    target_s: F8,
    result: F8,
) -> None:
    """Targets leave their costs in buckets on their ancestors; each source looks into the buckets
    it passes.
    """
    nodes_n = len(parent)
    dist = np.full(nodes_n, np.inf)
    path = np.empty(nodes_n, dtype=np.int32)
    counts = np.zeros(nodes_n + 1, dtype=np.int64)
    for t in range(len(target_nodes)):
        places = _ranked(rank, target_nodes[t])
        found = climb(start, head, parent, down_s, places, target_s[t], dist, path)
        for i in range(found):
            if dist[path[i]] < np.inf:
                counts[path[i] + 1] += 1
            dist[path[i]] = np.inf
    for v in range(nodes_n):
        counts[v + 1] += counts[v]
    bucket_t = np.empty(counts[nodes_n], dtype=np.int32)
    bucket_s = np.empty(counts[nodes_n])
    fill = counts[:-1].copy()
    for t in range(len(target_nodes)):
        places = _ranked(rank, target_nodes[t])
        found = climb(start, head, parent, down_s, places, target_s[t], dist, path)
        for i in range(found):
            v = path[i]
            if dist[v] < np.inf:
                bucket_t[fill[v]] = t
                bucket_s[fill[v]] = dist[v]
                fill[v] += 1
            dist[v] = np.inf
    for s in range(len(source_nodes)):
        places = _ranked(rank, source_nodes[s])
        found = climb(start, head, parent, up_s, places, source_s[s], dist, path)
        for i in range(found):
            v = path[i]
            d = dist[v]
            dist[v] = np.inf
            if d == np.inf:
                continue
            for b in range(counts[v], counts[v + 1]):
                total = d + bucket_s[b]
                if total < result[s, bucket_t[b]]:
                    result[s, bucket_t[b]] = total
