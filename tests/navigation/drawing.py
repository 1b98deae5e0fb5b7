"""Small maps drawn in metres, for tests one can check by hand."""

from collections.abc import Iterable, Mapping

from apps.accounts.core.mobility import BASE_PROFILES, MobilityProfile
from apps.city.core.osm import Element, Node, Way
from apps.navigation.core.build import build_graph
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.overlay import CLEAR, Overlay
from apps.navigation.core.plane import Plane
from apps.navigation.core.planning import Plan, moment_for, plan
from apps.navigation.core.snapping import Spot, spots_near
from apps.navigation.core.terrain import Terrain, open_terrain, traveller

ORIGIN = Plane(127.0, 37.5)
Tags = Mapping[str, str]
FOOTWAY: Tags = {"highway": "footway"}
PAVEMENT: Tags = {"highway": "footway", "footway": "sidewalk"}
CROSSING: Tags = {"highway": "footway", "footway": "crossing"}
STREET: Tags = {"highway": "residential"}
MANUAL = BASE_PROFILES["wheelchair_manual"]
FOOT = BASE_PROFILES["foot"]


def node(number: int, x: float, y: float, tags: Tags | None = None) -> Node:
    lon, lat = ORIGIN.to_lonlat(x, y)
    return Node(number, lon, lat, dict(tags or {}))


def way(number: int, nodes: Iterable[int], tags: Tags = FOOTWAY) -> Way:
    return Way(number, tuple(nodes), dict(tags))


def terrain_of(*elements: Element) -> Terrain:
    graph, _ = build_graph(elements, dated_on=20260308)
    return open_terrain(graph)


def at(graph: WalkGraph, x: float, y: float) -> tuple[float, float]:
    """A drawn place on the build's own plane."""
    return graph.plane.to_xy(*ORIGIN.to_lonlat(x, y))


def spot_at(terrain: Terrain, x: float, y: float) -> Spot:
    return spots_near(terrain.graph, terrain.grid, *at(terrain.graph, x, y), 30.0)[0]


def planned(
    terrain: Terrain,
    profile: MobilityProfile,
    *places: tuple[float, float],
    overlay: Overlay = CLEAR,
) -> Plan:
    """The plan over drawn places."""
    person = traveller(terrain, profile)
    stops = tuple(at(terrain.graph, *place) for place in places)
    return plan(terrain, person, moment_for(person, overlay), stops)


def ways_used(terrain: Terrain, answer: Plan) -> list[int]:
    """OSM ids of the ways and nodes passed, in order, repeats dropped."""
    ids = [
        int(terrain.graph.rows["osm_id"][segment])
        for leg in answer.legs
        for segment in leg.way.segments
    ]
    return list(dict.fromkeys(ids))
