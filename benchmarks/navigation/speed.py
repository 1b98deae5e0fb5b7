"""Times: single searches, full answers, matrices, and the numbers a quaternion loses on a round
trip.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np

from apps.accounts.core.mobility import BASE_PROFILES
from apps.navigation.core import geopose
from apps.navigation.core.cars import Roads, build_car_graph, open_roads
from apps.navigation.core.matrices import Table, costs_s, open_table
from apps.navigation.core.overlay import CLEAR, ruling_for
from apps.navigation.core.planning import moment_for, plan
from apps.navigation.core.routing import find_spot, leg, ordinary_terms
from apps.navigation.core.snapping import Spot, build_grid, spots_near
from apps.navigation.core.terrain import Terrain, traveller
from benchmarks.navigation.cities import City, Pair, pairs_of
from benchmarks.report import Metric

MATRIX_N = 200
_PROFILE = BASE_PROFILES["wheelchair_manual"]


Clock = Callable[[], float]


def timed_ms(
    ask: Callable[[Pair], object], pairs: list[Pair], clock: Clock = time.perf_counter
) -> list[float]:
    """Milliseconds for each pair, after one unmeasured round over a few."""
    for pair in pairs[:10]:
        ask(pair)
    found: list[float] = []
    for pair in pairs:
        started = clock()
        ask(pair)
        found.append((clock() - started) * 1e3)
    return found


def search_ms(terrain: Terrain, pairs: list[Pair], clock: Clock = time.perf_counter) -> list[float]:
    """The search alone, between spots already found."""
    person = traveller(terrain, _PROFILE)
    ruling = ruling_for(terrain.graph, CLEAR, _PROFILE)
    terms = ordinary_terms(ruling)
    spots = {
        pair: tuple(find_spot(terrain, person, ruling, *place) for place in pair) for pair in pairs
    }

    def ask(pair: Pair) -> object:
        source, target = spots[pair]
        if isinstance(source, Spot) and isinstance(target, Spot):
            return leg(person, terms, source, target)
        return None

    return timed_ms(ask, pairs, clock)


def full_ms(terrain: Terrain, pairs: list[Pair], clock: Clock = time.perf_counter) -> list[float]:
    """Snap, way, certainty, explanation, alternatives."""
    person = traveller(terrain, _PROFILE)
    moment = moment_for(person, CLEAR)
    return timed_ms(lambda pair: plan(terrain, person, moment, pair), pairs, clock)


def speeds(city: City) -> Iterator[Metric]:
    pairs = pairs_of(city.terrain)
    search = search_ms(city.terrain, pairs)
    full = full_ms(city.terrain, pairs)
    yield Metric("search_p50_ms", city.name, float(np.median(search)), "ms", "limit", 5.0)
    yield Metric("search_p95_ms", city.name, float(np.percentile(search, 95)), "ms")
    yield Metric("route_full_p50_ms", city.name, float(np.median(full)), "ms", "limit", 5.0)
    p95 = float(np.percentile(full, 95))
    yield Metric("route_full_p95_ms", city.name, p95, "ms", "limit", 20.0)
    yield Metric("build_s", city.name, city.build_s, "s")
    yield Metric("new_profile_ms", city.name, _new_profile_ms(city.terrain), "ms")


def _new_profile_ms(terrain: Terrain) -> float:
    started = time.perf_counter()
    traveller(terrain, _PROFILE)
    return (time.perf_counter() - started) * 1e3


def matrices(city: City) -> Iterator[Metric]:
    terrain = city.terrain
    person = traveller(terrain, _PROFILE)
    table = open_table(person, ruling_for(terrain.graph, CLEAR, _PROFILE))
    spots = _spots(terrain)
    yield _matrix(f"{city.name} wheelchair", table, spots)
    roads = open_roads(build_car_graph(city.elements))
    driving = open_table(roads.driver, np.zeros(roads.graph.segments_n, dtype=np.uint8))
    yield _matrix(f"{city.name} car", driving, _road_spots(roads))


def _matrix(case: str, table: Table, spots: list[Spot]) -> Metric:
    assert len(spots) == MATRIX_N
    costs_s(table, spots[:2], spots[:2])
    times: list[float] = []
    for _ in range(7):
        started = time.perf_counter()
        costs_s(table, spots, spots)
        times.append((time.perf_counter() - started) * 1e3)
    return Metric("matrix_200x200_ms", case, float(np.median(times)), "ms", "limit", 80.0)


def _spots(terrain: Terrain) -> list[Spot]:
    person = traveller(terrain, _PROFILE)
    ruling = ruling_for(terrain.graph, CLEAR, _PROFILE)
    places = [place for pair in pairs_of(terrain) for place in pair]
    found = (find_spot(terrain, person, ruling, *place) for place in places)
    return [spot for spot in found if isinstance(spot, Spot)][:MATRIX_N]


def _road_spots(roads: Roads) -> list[Spot]:
    graph = roads.graph
    grid = build_grid(graph)
    nodes = np.random.default_rng(5).choice(graph.nodes_n, MATRIX_N, replace=False)
    near = (
        spots_near(graph, grid, float(graph.node_x[n]), float(graph.node_y[n]), 50.0, 1)[0]
        for n in nodes
    )
    return list(near)


def geopose_round_trip() -> Iterator[Metric]:
    """The largest error over headings and random orientations, through all frames and back."""
    rng = np.random.default_rng(9)
    worst = 0.0
    for heading in np.linspace(0, 359.9, 720):
        enu, eus = geopose.enu_heading(float(heading)), geopose.eus_heading(float(heading))
        for back in (geopose.heading_of_enu(enu), geopose.heading_of_eus(eus)):
            gap = abs((back - heading + 180) % 360 - 180)
            worst = max(worst, float(gap))
    for raw in rng.normal(size=(2000, 4)):
        q = tuple(float(v) for v in raw / np.linalg.norm(raw))
        assert len(q) == 4
        again = geopose.eus_to_enu(geopose.enu_to_eus(geopose.from_angles(geopose.to_angles(q))))
        worst = max(worst, min(_gap(q, again), _gap(q, tuple(-v for v in again))))
    yield Metric("geopose_round_trip", "all frames", worst, "1", "limit", 1e-6)


def _gap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return max(abs(u - v) for u, v in zip(a, b, strict=True))
