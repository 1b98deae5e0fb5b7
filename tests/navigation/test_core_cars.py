"""The car network: one-ways, speeds, dissolved nodes, times."""

import numpy as np
import pytest

from apps.city.core.osm import Element
from apps.navigation.core.cars import Roads, build_car_graph, open_roads, price_driving
from apps.navigation.core.matrices import costs_s, open_table
from apps.navigation.core.routing import leg, ordinary_terms
from apps.navigation.core.snapping import Spot
from tests.navigation.drawing import STREET, node, way


def ring_road(**tags: str) -> list[Element]:
    """A square 1-2-3-4 with a tail at each of 1 and 3; side 1-2 takes the tags."""
    return [
        node(1, 0, 0),
        node(2, 100, 0),
        node(3, 100, 100),
        node(4, 0, 100),
        node(5, -100, 0),
        node(6, 200, 100),
        node(9, 50, 0),
        way(10, (1, 9, 2), {**STREET, **tags}),
        way(11, (2, 3), STREET),
        way(12, (3, 4, 1), STREET),
        way(13, (5, 1), STREET),
        way(14, (3, 6), STREET),
    ]


def roads_of(elements: list[Element]) -> Roads:
    return open_roads(build_car_graph(elements))


def spot_on(roads: Roads, osm_id: int, along: float = 0.5) -> Spot:
    segment = int(np.flatnonzero(roads.graph.rows["osm_id"] == osm_id)[0])
    return Spot(segment, along, 0, 0, 0)


def drive_s(roads: Roads, start: int, end: int) -> float:
    terms = ordinary_terms(np.zeros(roads.graph.segments_n, dtype=np.uint8))
    found = leg(roads.driver, terms, spot_on(roads, start), spot_on(roads, end))
    return found.cost_s if found else np.inf


def test_nodes_between_two_alike_are_dissolved() -> None:
    graph = build_car_graph(ring_road())
    assert sorted(graph.node_osm) == [1, 3, 5, 6]
    assert graph.segments_n == 4


def test_a_one_way_is_driven_one_way() -> None:
    there, back = (roads_of(ring_road(oneway=value)) for value in ("yes", "-1"))
    assert drive_s(there, 13, 14) == pytest.approx(drive_s(back, 13, 14), rel=0.2)
    assert drive_s(there, 10, 14) < drive_s(back, 10, 14)


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({"oneway": "yes"}, 1),
        ({"oneway": "-1"}, 2),
        ({"junction": "roundabout"}, 1),
        ({"junction": "roundabout", "oneway": "no"}, 3),
        ({}, 3),
    ],
)
def test_directions(tags: dict[str, str], directions: int) -> None:
    graph = build_car_graph([node(1, 0, 0), node(2, 100, 0), way(10, (1, 2), {**STREET, **tags})])
    assert graph.rows["directions"][0] == directions


@pytest.mark.parametrize(
    ("tags", "kmh"),
    [
        ({"highway": "residential"}, 30),
        ({"highway": "primary"}, 50),
        ({"highway": "residential", "maxspeed": "20"}, 17),
        ({"highway": "primary", "maxspeed": "40 mph"}, 54.7),
        ({"highway": "residential", "maxspeed": "walk"}, 6),
        ({"highway": "residential", "maxspeed": "none"}, 30),
    ],
)
def test_speeds(tags: dict[str, str], kmh: float) -> None:
    graph = build_car_graph([node(1, 0, 0), node(2, 100, 0), way(10, (1, 2), tags)])
    assert graph.rows["drive_mps"][0] * 3.6 == pytest.approx(kmh, rel=0.01)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway"},
        {"highway": "residential", "access": "private"},
        {"highway": "residential", "motor_vehicle": "no"},
        {"highway": "service", "access": "yes", "motorcar": "no"},
    ],
)
def test_where_cars_may_not_go_there_is_no_road(tags: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no drivable way"):
        build_car_graph([node(1, 0, 0), node(2, 100, 0), way(10, (1, 2), tags)])


def test_slow_traffic_takes_longer() -> None:
    graph = build_car_graph(ring_road())
    jam = np.full(len(graph.arcs.head), 3.0, dtype=np.float32)
    assert (price_driving(graph, jam).cost_s > price_driving(graph).cost_s).all()


def test_a_matrix_of_drives_is_as_single_drives() -> None:
    roads = roads_of(ring_road(oneway="yes"))
    table = open_table(roads.driver, np.zeros(roads.graph.segments_n, dtype=np.uint8))
    ids = (10, 13, 14)
    spots = [spot_on(roads, osm_id) for osm_id in ids]
    found = costs_s(table, spots, spots)
    for i, start in enumerate(ids):
        for j, end in enumerate(ids):
            assert found[i, j] == pytest.approx(drive_s(roads, start, end), abs=1e-3)
