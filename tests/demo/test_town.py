"""The town as a whole: the same each time, complete, and within its square."""

import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from apps.city.core.osm import Node, Relation, Way
from citizen.demo.world.canvas import contains
from citizen.demo.world.plane import HALF_M, to_plane
from citizen.demo.world.town import Town, build_town

PRINT_IT = "from citizen.demo.world.town import build_town; print(build_town().fingerprint)"


def _rings_m(town: Town) -> dict[str, list[tuple[float, float]]]:
    return {d.code: [to_plane(*corner) for corner in d.ring[:-1]] for d in town.districts}


def test_it_is_the_same_town_in_another_process(town: Town) -> None:
    env = os.environ | {"PYTHONHASHSEED": "4711"}
    answer = subprocess.run(
        [sys.executable, "-c", PRINT_IT], env=env, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == town.fingerprint


def test_another_seed_gives_another_town_with_the_same_streets(town: Town) -> None:
    other = build_town(seed=7)
    assert other.fingerprint != town.fingerprint
    assert _street_names(other) == _street_names(town)


def _street_names(town: Town) -> set[str]:
    return {way.tags["name"] for way in town.ways if "highway" in way.tags and "name" in way.tags}


def test_it_holds_no_numbers_of_array_libraries(town: Town) -> None:
    assert "np." not in repr((town.places, town.stops, town.sites, town.gauges, town.junctions))
    assert {type(node.lon) for node in town.nodes} == {float}


def test_all_ids_are_unique(town: Town) -> None:
    elements: list[Node | Way | Relation] = [*town.nodes, *town.ways, *town.relations]
    assert len({element.id for element in elements}) == len(elements)


def test_every_way_goes_through_nodes_that_exist(town: Town) -> None:
    known = {node.id for node in town.nodes}
    assert all(set(way.node_ids) <= known for way in town.ways)
    assert all(len(way.node_ids) >= 2 for way in town.ways)


def test_every_member_of_a_relation_exists(town: Town) -> None:
    known = {("node", n.id) for n in town.nodes} | {("way", w.id) for w in town.ways}
    assert all((m.type, m.ref) in known for r in town.relations for m in r.members)


def test_no_way_stands_still_on_a_node(town: Town) -> None:
    assert not [w.id for w in town.ways if any(a == b for a, b in pairwise(w.node_ids))]


def test_all_of_it_lies_within_two_by_two_kilometres(town: Town) -> None:
    points = np.array([to_plane(node.lon, node.lat) for node in town.nodes])
    assert np.abs(points).max() <= HALF_M + 0.02
    west, south = town.south_west
    east, north = town.north_east
    assert west < 127.26 < east
    assert south < 37.43 < north


@pytest.mark.parametrize("what", ["nodes", "ways", "relations"])
def test_whatever_has_a_name_has_it_in_both_languages(town: Town, what: str) -> None:
    named = [element for element in getattr(town, what) if "name" in element.tags]
    assert named
    assert not [e.id for e in named if not (e.tags.get("name:ko") and e.tags.get("name:en"))]


def test_the_districts_fill_the_square_without_overlap(town: Town) -> None:
    grid = np.stack(np.meshgrid(*[np.linspace(-990, 990, 67)] * 2), axis=-1).reshape(-1, 2)
    hits = np.sum([contains(ring, grid) for ring in _rings_m(town).values()], axis=0)
    assert Counter(hits.tolist()).most_common(1)[0][0] == 1
    assert (hits != 1).mean() < 0.002


@pytest.mark.parametrize(
    ("place", "district"),
    [("old_town_hall", "dalmaru"), ("market", "gangbyeon"), ("hospital", "eunhaeng"),
     ("station", "byeolbit")],
)  # fmt: skip
def test_a_place_lies_in_its_district(town: Town, place: str, district: str) -> None:
    found = next(p for p in town.places if p.code == place)
    point = np.array([to_plane(found.lon, found.lat)])
    assert [code for code, ring in _rings_m(town).items() if contains(ring, point)[0]] == [district]


def test_the_borders_of_a_district_are_a_closed_chain(town: Town) -> None:
    ways = {way.id: way for way in town.ways}
    for relation in town.relations:
        if relation.tags.get("boundary") == "administrative":
            ends = Counter(
                end for m in relation.members for end in _ends(ways[m.ref])
            )  # fmt: skip
            assert set(ends.values()) == {2}


def _ends(way: Way) -> tuple[int, int]:
    return way.node_ids[0], way.node_ids[-1]
