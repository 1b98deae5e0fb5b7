"""Houses and grounds: valid shapes, off the streets, with addresses."""

from collections import Counter

import numpy as np
import pytest

from apps.city.core.osm import Way
from citizen.demo.world.canvas import contains
from citizen.demo.world.lines import straight
from citizen.demo.world.plane import to_plane
from citizen.demo.world.town import Town

Ring = list[tuple[float, float]]
OUTDOORS = frozenset({
    "primary", "secondary", "tertiary", "residential", "living_street", "pedestrian", "cycleway",
})  # fmt: skip


def _ring(way: Way, points: dict[int, tuple[float, float]]) -> Ring:
    return [points[i] for i in way.node_ids[:-1]]


@pytest.fixture(scope="module")
def points(town: Town) -> dict[int, tuple[float, float]]:
    return {node.id: to_plane(node.lon, node.lat) for node in town.nodes}


@pytest.fixture(scope="module")
def buildings(town: Town) -> list[Way]:
    return [way for way in town.ways if "building" in way.tags]


def _crosses_itself(ring: Ring) -> bool:
    sides = list(zip(ring, ring[1:] + ring[:1], strict=True))
    n = len(sides)
    return any(
        _cross(*sides[i], *sides[j])
        for i in range(n)
        for j in range(i + 2, n)
        if (i, j) != (0, n - 1)
    )


def _cross(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def test_there_are_houses_enough_for_a_town(buildings: list[Way]) -> None:
    assert len(buildings) > 2500
    assert all(way.is_closed for way in buildings)


def test_no_house_and_no_ground_crosses_itself(
    town: Town, points: dict[int, tuple[float, float]]
) -> None:
    closed = [w for w in town.ways if w.is_closed and len(w.node_ids) < 40]
    assert len(closed) > 2500
    assert [way.id for way in closed if _crosses_itself(_ring(way, points))] == []


def test_hardly_any_street_runs_through_a_house(
    town: Town, buildings: list[Way], points: dict[int, tuple[float, float]]
) -> None:
    streets = [w for w in town.ways if w.tags.get("highway") in OUTDOORS and not w.is_closed]
    samples = np.vstack([straight([points[i] for i in w.node_ids], 2.0) for w in streets])
    inside = np.zeros(len(samples), dtype=bool)
    for building in buildings:
        ring = np.array(_ring(building, points))
        low, high = ring.min(axis=0), ring.max(axis=0)
        near = np.flatnonzero(((samples >= low) & (samples <= high)).all(axis=1))
        if len(near):
            inside[near] |= contains(_ring(building, points), samples[near])
    assert len(samples) > 10_000
    assert inside.mean() < 0.001


def test_houses_have_road_name_addresses(town: Town, buildings: list[Way]) -> None:
    numbered = [way for way in buildings if "addr:housenumber" in way.tags]
    assert len(numbered) > 2000
    addresses = Counter((w.tags["addr:street"], w.tags["addr:housenumber"]) for w in numbered)
    assert max(addresses.values()) == 1
    streets = {
        way.tags["name"] for way in town.ways if "highway" in way.tags and "name" in way.tags
    }
    assert {street for street, _ in addresses} <= streets
    assert all(w.tags["addr:street:en"] and w.tags["addr:postcode"] for w in numbered)


@pytest.mark.parametrize(
    ("key", "value", "at_least"),
    [("natural", "wood", 3), ("leisure", "park", 5), ("landuse", "farmland", 4),
     ("natural", "water", 2), ("railway", "rail", 4), ("railway", "platform", 1),
     ("barrier", "city_wall", 3), ("leisure", "pitch", 3), ("amenity", "school", 3)],
)  # fmt: skip
def test_the_map_looks_alive(town: Town, key: str, value: str, at_least: int) -> None:
    assert sum(way.tags.get(key) == value for way in town.ways) >= at_least


def test_benches_line_the_river_and_trees_the_new_streets(town: Town) -> None:
    kinds = Counter(n.tags.get("amenity") or n.tags.get("natural") for n in town.nodes)
    assert kinds["bench"] >= 60
    assert kinds["tree"] >= 300


def test_the_railway_passes_over_its_underpasses(town: Town) -> None:
    rails = [way for way in town.ways if way.tags.get("railway") == "rail"]
    assert sum(way.tags.get("bridge") == "yes" for way in rails) == 4
