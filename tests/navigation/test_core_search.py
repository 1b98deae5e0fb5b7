"""Ways, matrices and smallest relaxations against brute force on small random towns."""

import heapq
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.core.mobility import BASE_PROFILES, PROFILE_NAMES
from apps.city.core.osm import Element
from apps.navigation.core.codes import Broken
from apps.navigation.core.matrices import costs_s, open_table
from apps.navigation.core.ordering import dissect
from apps.navigation.core.overlay import CLEAR, ruling_for
from apps.navigation.core.routing import Way, leg, ordinary_terms, true_cost_s
from apps.navigation.core.search import CLOSED, TOLL_S, Terms, Traveller, open_parts
from apps.navigation.core.snapping import Spot
from apps.navigation.core.terrain import Terrain, open_terrain, traveller
from tests.navigation.drawing import node as draw_node
from tests.navigation.drawing import terrain_of
from tests.navigation.drawing import way as draw_way

TAGS = (
    {"highway": "footway"},
    {"highway": "footway", "surface": "asphalt", "smoothness": "good", "width": "2"},
    {"highway": "footway", "width": "0.8"},
    {"highway": "footway", "smoothness": "bad"},
    {"highway": "footway", "incline": "9%"},
    {"highway": "footway", "incline": "-12%"},
    {"highway": "steps", "step_count": "10"},
    {"highway": "steps", "conveying": "forward"},
    {"highway": "footway", "footway": "crossing"},
    {"highway": "residential", "sidewalk": "both"},
    {"highway": "residential"},
)
NODE_TAGS: tuple[dict[str, str], ...] = (
    {},
    {},
    {},
    {"kerb": "raised"},
    {"kerb": "lowered"},
    {"barrier": "stile"},
    {"highway": "elevator"},
)
SIDE = 4


@st.composite
def towns(draw: st.DrawFn) -> list[Element]:
    """A grid of up to sixteen nodes with ways between neighbours, each with some tags."""
    places = list(itertools.product(range(SIDE), range(SIDE)))
    elements: list[Element] = [
        draw_node(1 + SIDE * i + j, 60.0 * i, 50.0 * j, draw(st.sampled_from(NODE_TAGS)))
        for i, j in places
    ]
    number = 100
    for i, j in places:
        for di, dj in ((1, 0), (0, 1)):
            if i + di < SIDE and j + dj < SIDE and draw(st.integers(0, 9)) < 8:
                ends = (1 + SIDE * i + j, 1 + SIDE * (i + di) + j + dj)
                if draw(st.booleans()):
                    ends = ends[::-1]
                number += 1
                elements.append(draw_way(number, ends, draw(st.sampled_from(TAGS))))
    if number == 100:
        elements.append(draw_way(101, (1, 2)))
    return elements


class Brute:
    """Dijkstra in plain Python on the arcs as they stand, spots as nodes of their own."""

    def __init__(self, person: Traveller, terms: Terms) -> None:
        self.person, self.terms = person, terms
        self.edges: dict[object, list[tuple[object, float]]] = {}
        for segment, row in enumerate(person.graph.rows):
            for back in (0, 1):
                cost, toll = self.cost_and_toll(segment, back)
                start, end = self.ends(segment, back)
                self.join(start, end, cost + toll * float(row["share"]))

    def ends(self, segment: int, back: int) -> tuple[int, int]:
        row = self.person.graph.rows[segment]
        tail, head = int(row["tail"]), int(row["head"])
        return (head, tail) if back else (tail, head)

    def cost_and_toll(self, segment: int, back: int) -> tuple[float, float]:
        arc = self.person.graph.arcs.seg_arc[segment, back]
        cost, bits = float(self.person.prices.cost_s[arc]), int(self.person.prices.broken[arc])
        if bits & Broken.ONE_WAY:
            return cost, math.inf
        if self.terms.ruling[segment] == CLOSED or bits & self.terms.barred:
            return cost, self.terms.toll_s or math.inf
        return cost, 0.0

    def join(self, a: object, b: object, cost: float) -> None:
        if cost < math.inf:
            self.edges.setdefault(a, []).append((b, cost))

    def place(self, source: Spot, target: Spot) -> None:
        for back in (0, 1):
            cost, toll = self.cost_and_toll(source.segment, back)
            left = source.along if back else 1 - source.along
            self.join("source", self.ends(source.segment, back)[1], cost * left + toll)
            gap = source.along - target.along if back else target.along - source.along
            if source.segment == target.segment and gap >= 0:
                self.join("source", "target", cost * gap + toll)
            cost, toll = self.cost_and_toll(target.segment, back)
            left = 1 - target.along if back else target.along
            self.join(self.ends(target.segment, back)[0], "target", cost * left + toll)

    def cost_s(self) -> float:
        heap: list[tuple[float, int, object]] = [(0.0, 0, "source")]
        tie = itertools.count(1)
        done: set[object] = set()
        while heap:
            cost, _, here = heapq.heappop(heap)
            if here == "target":
                return cost
            if here not in done:
                done.add(here)
                for there, step in self.edges.get(here, ()):
                    heapq.heappush(heap, (cost + step, next(tie), there))
        return math.inf


def brute_cost_s(person: Traveller, terms: Terms, source: Spot, target: Spot) -> float:
    brute = Brute(person, terms)
    brute.place(source, target)
    return brute.cost_s()


def spots(terrain: Terrain, picks: list[tuple[int, float]]) -> list[Spot]:
    n = terrain.graph.segments_n
    return [Spot(number % n, along, 0.0, 0.0, 0.0) for number, along in picks]


PICKS = st.lists(
    st.tuples(st.integers(0, 999), st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0])),
    min_size=2,
    max_size=5,
)
PROFILES = st.sampled_from(PROFILE_NAMES)


@settings(max_examples=60, deadline=None)
@given(towns(), PICKS, PROFILES)
def test_a_way_is_as_cheap_as_brute_force_finds_it(
    town: list[Element], picks: list[tuple[int, float]], name: str
) -> None:
    terrain = terrain_of(*town)
    profile = BASE_PROFILES[name]  # type: ignore[index]
    person = traveller(terrain, profile)
    terms = ordinary_terms(ruling_for(terrain.graph, CLEAR, profile))
    for source, target in itertools.permutations(spots(terrain, picks), 2):
        way = leg(person, terms, source, target)
        wanted = brute_cost_s(person, terms, source, target)
        assert (way.cost_s if way else math.inf) == pytest.approx(wanted, abs=1e-3)
        if way:
            _assert_whole_and_legal(person, way)


def _assert_whole_and_legal(person: Traveller, way: Way) -> None:
    """Segments join head to tail, no limit is broken, and the cost is the sum of its parts."""
    graph = person.graph
    arcs = graph.arcs.seg_arc[way.segments, way.is_back]
    assert (graph.arcs.head[arcs[:-1]] == graph.arcs.tail[arcs[1:]]).all()
    assert not person.prices.broken[arcs].any()
    assert way.cost_s == pytest.approx(true_cost_s(person, way), abs=1e-3)
    assert (way.lengths_m >= 0).all()


@settings(max_examples=40, deadline=None)
@given(towns(), PICKS, st.sets(st.integers(0, 999), max_size=8))
def test_closures_hold_without_any_preparation(
    town: list[Element], picks: list[tuple[int, float]], closed: set[int]
) -> None:
    terrain = terrain_of(*town)
    person = traveller(terrain, BASE_PROFILES["wheelchair_manual"])
    ruling = np.zeros(terrain.graph.segments_n, dtype=np.uint8)
    ruling[[number % len(ruling) for number in closed]] = CLOSED
    terms = ordinary_terms(ruling)
    for source, target in itertools.permutations(spots(terrain, picks), 2):
        way = leg(person, terms, source, target)
        wanted = brute_cost_s(person, terms, source, target)
        assert (way.cost_s if way else math.inf) == pytest.approx(wanted, abs=1e-3)
        assert way is None or not (ruling[way.segments] == CLOSED).any()


@settings(max_examples=40, deadline=None)
@given(towns(), PICKS)
def test_where_there_is_no_way_the_fewest_limits_are_broken(
    town: list[Element], picks: list[tuple[int, float]]
) -> None:
    terrain = terrain_of(*town)
    profile = BASE_PROFILES["wheelchair_manual"]
    person = traveller(terrain, profile)
    terms = Terms(ruling_for(terrain.graph, CLEAR, profile), toll_s=TOLL_S)
    for source, target in itertools.permutations(spots(terrain, picks), 2):
        way = leg(person, terms, source, target)
        wanted = brute_cost_s(person, terms, source, target)
        assert (way.cost_s if way else math.inf) == pytest.approx(wanted, rel=1e-9, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(towns(), PICKS, PROFILES, st.sets(st.integers(0, 999), max_size=4))
def test_a_matrix_says_the_same_as_single_searches(
    town: list[Element], picks: list[tuple[int, float]], name: str, closed: set[int]
) -> None:
    terrain = terrain_of(*town)
    person = traveller(terrain, BASE_PROFILES[name])  # type: ignore[index]
    ruling = np.zeros(terrain.graph.segments_n, dtype=np.uint8)
    ruling[[number % len(ruling) for number in closed]] = CLOSED
    places = spots(terrain, picks)
    found = costs_s(open_table(person, ruling), places, places)
    terms = ordinary_terms(ruling)
    for i, j in itertools.product(range(len(places)), repeat=2):
        way = leg(person, terms, places[i], places[j])
        assert found[i, j] == pytest.approx(way.cost_s if way else math.inf, abs=1e-3)


def test_an_empty_matrix_is_empty() -> None:
    terrain = terrain_of(draw_node(1, 0, 0), draw_node(2, 50, 0), draw_way(10, (1, 2)))
    table = open_table(terrain.walker, np.zeros(terrain.graph.segments_n, dtype=np.uint8))
    assert costs_s(table, [], []).shape == (0, 0)


@given(st.integers(1, 60), st.integers(0, 120), st.integers(0, 2**31))
def test_an_order_holds_every_node_once(nodes_n: int, edges_n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tail, head = (rng.integers(0, nodes_n, edges_n).astype(np.int32) for _ in range(2))
    order = dissect(rng.random(nodes_n), rng.random(nodes_n), tail, head)
    assert sorted(order) == list(range(nodes_n))


def test_a_terrain_reopened_from_arrays_gives_the_same_ways() -> None:
    from_scratch = terrain_of(draw_node(1, 0, 0), draw_node(2, 50, 0), draw_way(10, (1, 2)))
    reopened = open_terrain(from_scratch.graph, from_scratch.hierarchy)
    ends = (Spot(0, 0.1, 0, 0, 0), Spot(0, 0.9, 0, 0, 0))
    ways = [
        leg(terrain.walker, ordinary_terms(np.zeros(1, dtype=np.uint8)), *ends)
        for terrain in (from_scratch, reopened)
    ]
    assert ways[0] is not None
    assert ways[1] is not None
    assert ways[0].cost_s == ways[1].cost_s


@settings(max_examples=40, deadline=None)
@given(towns(), PICKS, PROFILES)
def test_different_parts_mean_that_there_is_no_way(
    town: list[Element], picks: list[tuple[int, float]], name: str
) -> None:
    terrain = terrain_of(*town)
    person = traveller(terrain, BASE_PROFILES[name])  # type: ignore[index]
    ruling = np.zeros(terrain.graph.segments_n, dtype=np.uint8)
    part = open_parts(person, ruling)
    rows = terrain.graph.rows
    for source, target in itertools.permutations(spots(terrain, picks), 2):
        if source.segment == target.segment:
            continue
        way = leg(person, ordinary_terms(ruling), source, target)
        joined = {
            int(part[rows[spot.segment][end]])
            for spot in (source, target)
            for end in ("tail", "head")
        }
        assert way is None or len(joined) < 4
        if way is not None:
            arcs = terrain.graph.arcs.seg_arc[way.segments, way.is_back]
            assert len({int(part[n]) for n in terrain.graph.arcs.head[arcs[:-1]]}) == 1
