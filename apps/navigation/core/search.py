"""Shortest ways for one person: A* that never takes an arc with a broken limit.

The bound is exact for a person without limits: distances to the goal in a customizable contraction
hierarchy, computed only for
nodes that the search touches (Strasser and Zeitz, "A Fast and Tight Heuristic for A* in Road
Networks", SEA 2021). Limits,
closures and penalties only ever add cost, so the bound stays a bound and the answer is exact, with
no preparation to repeat
when an obstacle appears.

`ruling` says for each segment what holds today: 0 its limits, 1 closed, 2 its limits are lifted (a
question of "what if").
With `toll_s` above zero a broken limit costs that toll instead of barring the way: with a toll
larger than any route, the
answer breaks as few limits as possible.
"""

import math
import threading
from dataclasses import dataclass

import numba as nb
import numpy as np

from apps.navigation.core.arrays import F4, F8, I4, U1, U4
from apps.navigation.core.codes import EVERY_LIMIT
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.hierarchy import Hierarchy, Metric, climb
from apps.navigation.core.pricing import Prices

ORDINARY, CLOSED, LIFTED = 0, 1, 2
_NO_EXTRA = np.zeros(1, dtype=np.float32)
TOLL_S = 1e7


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a search begins or stops: up to two nodes, each with the cost of getting to or from
    it.
    """

    nodes: I4
    entry_s: F8

    @property
    def is_shut(self) -> bool:
        return bool((self.nodes < 0).all())


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person on one build: prices, and the bound poured from them."""

    graph: WalkGraph
    hierarchy: Hierarchy
    prices: Prices
    bound: Metric


@dataclass(frozen=True, slots=True)
class Found:
    """A way as arcs from a source node to a target node; `cost_s` includes both entries."""

    arcs: I4
    cost_s: float
    first_node: int
    last_node: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a search may break: limits left out of `barred` do not bar, `toll_s` buys the others."""

    ruling: U1
    barred: int = EVERY_LIMIT
    toll_s: float = 0.0
    extra_s: F4 | None = None  # penalties per arc, for alternatives


def open_parts(traveller: Traveller, ruling: U1) -> I4:
    """Nodes joined by segments that are open to this person in at least one direction."""
    graph = traveller.graph
    return _join(
        graph.rows["tail"],
        graph.rows["head"],
        graph.arcs.seg_arc,
        traveller.prices.broken,
        ruling,
        graph.nodes_n,
    )


@nb.njit(nogil=True, cache=True)
def _join(tail: I4, head: I4, seg_arc: I4, broken: U4, ruling: U1, nodes_n: int) -> I4:
    """Union-find with path halving."""
    part = np.arange(nodes_n).astype(np.int32)
    for k in range(len(tail)):
        if ruling[k] == 1 or (broken[seg_arc[k, 0]] and broken[seg_arc[k, 1]]):
            continue
        a, b = tail[k], head[k]
        while part[a] != a:
            part[a] = part[part[a]]
            a = part[a]
        while part[b] != b:
            part[b] = part[part[b]]
            b = part[b]
        part[max(a, b)] = min(a, b)
    for v in range(nodes_n):
        part[v] = part[part[v]]  # roots have the smallest number, so their parts are settled first
    return part


class _Scratch:
    """Working memory of one thread for one size of graph, cleared by counting instead of wiping.

    Bounds to a goal stay valid between searches of one person to one goal, so they are kept until
    either changes.
    """

    def __init__(self, nodes_n: int, arcs_n: int) -> None:
        self.heap_node = np.empty(2 * arcs_n + 4, dtype=np.int32)
        self.heap_key = np.empty(2 * arcs_n + 4)
        self.dist = np.empty(nodes_n)
        self.came = np.empty(nodes_n, dtype=np.int32)
        self.seen = np.zeros(nodes_n, dtype=np.int32)
        self.bound = np.empty(nodes_n)
        self.climbed = np.full(nodes_n, np.inf)
        self.climb_path = np.empty(nodes_n, dtype=np.int32)
        self.climbed_n = 0
        self.known = np.zeros(nodes_n, dtype=np.int32)
        self.chain = np.empty(nodes_n, dtype=np.int32)
        self.path = np.empty(nodes_n, dtype=np.int32)
        self.searches = 0
        self.goals = 0
        self._goal: tuple[object, ...] = ()

    def next_search(self) -> int:
        self.searches += 1
        return self.searches

    def set_goal(self, hierarchy: Hierarchy, metric: Metric, target: Ends) -> int:
        """The number of the goal; a new one starts with the costs on its own elimination tree
        path.
        """
        goal = (metric, target.nodes.tobytes(), target.entry_s.tobytes())
        if self._goal and self._goal[0] is goal[0] and self._goal[1:] == goal[1:]:
            return self.goals
        self._goal = goal
        self.goals += 1
        self.climbed[self.climb_path[: self.climbed_n]] = np.inf
        self.climbed_n = _open_goal(
            hierarchy.rank,
            hierarchy.up_start,
            hierarchy.up_head,
            hierarchy.parent,
            metric.down_s,
            target.nodes,
            target.entry_s,
            self.climbed,
            self.climb_path,
        )
        return self.goals


_THREAD = threading.local()


def _scratch(graph: WalkGraph) -> _Scratch:
    sizes = (graph.nodes_n, len(graph.arcs.head))
    kept: dict[tuple[int, int], _Scratch] = _THREAD.__dict__.setdefault("scratch", {})
    if sizes not in kept:
        kept.clear()  # a new build is served; the old one's memory may go
        kept[sizes] = _Scratch(*sizes)
    return kept[sizes]


def find_way(traveller: Traveller, source: Ends, target: Ends, terms: Terms) -> Found | None:
    """The cheapest way on these terms, or None if there is none."""
    graph, hierarchy = traveller.graph, traveller.hierarchy
    scratch = _scratch(graph)
    goal = scratch.set_goal(hierarchy, traveller.bound, target)
    length, cost_s, first, last = _search(
        graph.arcs.start,
        graph.arcs.head,
        graph.arcs.tail,
        graph.arcs.seg,
        traveller.prices.cost_s,
        traveller.prices.broken,
        graph.segments.share,
        terms.ruling,
        terms.barred,
        terms.toll_s,
        terms.extra_s if terms.extra_s is not None else _NO_EXTRA,
        hierarchy.rank,
        hierarchy.up_start,
        hierarchy.up_head,
        hierarchy.parent,
        traveller.bound.up_s,
        source.nodes,
        source.entry_s,
        target.nodes,
        target.entry_s,
        scratch.heap_node,
        scratch.heap_key,
        scratch.dist,
        scratch.came,
        scratch.seen,
        scratch.next_search(),
        scratch.climbed,
        scratch.bound,
        scratch.known,
        goal,
        scratch.chain,
        scratch.path,
    )
    if length < 0:
        return None
    return Found(scratch.path[:length].copy(), cost_s, first, last)


@nb.njit(nogil=True, cache=True)
def _open_goal(
    rank: I4,
    start: I4,
    head: I4,
    parent: I4,
    down_s: F8,
    nodes: I4,
    entry_s: F8,
    climbed: F8,
    path: I4,
) -> int:
    places = np.full(2, -1, dtype=np.int32)
    for k in range(2):
        if nodes[k] >= 0:
            places[k] = rank[nodes[k]]
    return int(climb(start, head, parent, down_s, places, entry_s, climbed, path))


@nb.njit(nogil=True, cache=True)
def _push(heap_node: I4, heap_key: F8, size: int, node: int, key: float) -> int:
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if heap_key[up] <= key:
            break
        heap_key[i] = heap_key[up]
        heap_node[i] = heap_node[up]
        i = up
    heap_key[i] = key
    heap_node[i] = node
    return size + 1


@nb.njit(nogil=True, cache=True)
def _pop(heap_node: I4, heap_key: F8, size: int) -> int:
    """Remove the root; the caller has read it."""
    size -= 1
    key = heap_key[size]
    node = heap_node[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and heap_key[child + 1] < heap_key[child]:
            child += 1
        if heap_key[child] >= key:
            break
        heap_key[i] = heap_key[child]
        heap_node[i] = heap_node[child]
        i = child
    heap_key[i] = key
    heap_node[i] = node
    return size


@nb.njit(nogil=True, cache=True)
def _bound_at(
    place: int,
    start: I4,
    head: I4,
    parent: I4,
    up_s: F8,
    climbed: F8,
    bound: F8,
    known: I4,
    goal: int,
    chain: I4,
) -> float:
    """Cost from a ranked node to the goal; ancestors first, each once."""
    depth = 0
    v = place
    while v >= 0 and known[v] != goal:
        chain[depth] = v
        depth += 1
        v = parent[v]
    for i in range(depth - 1, -1, -1):
        v = chain[i]
        best = climbed[v]
        for e in range(start[v], start[v + 1]):
            through = up_s[e] + bound[head[e]]
            if through < best:
                best = through
        bound[v] = best
        known[v] = goal
    return float(bound[place])


@nb.njit(nogil=True, cache=True)
def _search(  # noqa: C901 - one loop of a numeric kernel
    start: I4,
    head: I4,
    tail: I4,
    seg: I4,
    cost_s: F4,
    broken: U4,
    share: F4,
    ruling: U1,
    barred: int,
    toll_s: float,
    extra_s: F4,
    rank: I4,
    up_start: I4,
    up_head: I4,
    parent: I4,
    up_s: F8,
    source_nodes: I4,
    source_s: F8,
    target_nodes: I4,
    target_s: F8,
    heap_node: I4,
    heap_key: F8,
    dist: F8,
    came: I4,
    seen: I4,
    search: int,
    climbed: F8,
    bound: F8,
    known: I4,
    goal: int,
    chain: I4,
    path: I4,
) -> tuple[int, float, int, int]:
    size = 0
    for k in range(2):
        v = source_nodes[k]
        if v >= 0 and (seen[v] != search or source_s[k] < dist[v]):
            ahead = _bound_at(
                rank[v], up_start, up_head, parent, up_s, climbed, bound, known, goal, chain
            )
            if ahead < np.inf:
                seen[v] = search
                dist[v] = source_s[k]
                came[v] = -1
                size = _push(heap_node, heap_key, size, v, dist[v] + ahead)
    best = np.inf
    last = -1
    while size > 0 and heap_key[0] < best:
        u = heap_node[0]
        key = heap_key[0]
        size = _pop(heap_node, heap_key, size)
        if key > dist[u] + bound[rank[u]] + 1e-9:
            continue
        for k in range(2):
            if target_nodes[k] == u and dist[u] + target_s[k] < best:
                best = dist[u] + target_s[k]
                last = u
        for a in range(start[u], start[u + 1]):
            w = head[a]
            reached = dist[u] + cost_s[a]
            if seen[w] == search and reached >= dist[w]:
                continue
            k = seg[a]
            state = ruling[k]
            if state != 2 and (state == 1 or broken[a] & barred):
                if toll_s == 0.0 or broken[a] & 65536:
                    continue
                reached += toll_s * share[k]
            if len(extra_s) > 1:
                reached += extra_s[a]
            if seen[w] != search or reached < dist[w]:
                ahead = _bound_at(
                    rank[w], up_start, up_head, parent, up_s, climbed, bound, known, goal, chain
                )
                if reached + ahead < best:
                    seen[w] = search
                    dist[w] = reached
                    came[w] = a
                    size = _push(heap_node, heap_key, size, w, reached + ahead)
    if last < 0:
        return -1, math.inf, -1, -1
    length = 0
    v = last
    while came[v] >= 0:
        length += 1
        v = tail[came[v]]
    first = v
    v = last
    for i in range(length - 1, -1, -1):
        path[i] = came[v]
        v = tail[came[v]]
    return length, best, first, last
