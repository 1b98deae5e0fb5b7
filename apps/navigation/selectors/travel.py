"""Travel times between many places, and ways by car: what other apps plan with.

    travel_matrix(profile="car", origins=[(lon, lat), …], destinations=[(lon, lat), …], at=when)
        -> Travel(seconds, metres)            two float64 arrays, origins × destinations

    drive(origin=(lon, lat), destination=(lon, lat), at=when)
        -> Drive | None                       seconds, metres, and the line with a time at each
        point

    nearest_road(lon, lat) -> RoadPlace | None

Places are WGS84 (longitude, latitude). `profile` is "car", one of the nine mobility profiles by
name, or a whole `MobilityProfile` with a person's own limits. `at` (None: now) chooses which
obstructions hold and which traffic: what is measured now, what is forecast for the next hour, free
flow after that and where nobody measures. A place farther than 150 m from any road (80 m
from any usable path on foot), or without a way, has infinite seconds and metres: ask
`numpy.isfinite`. Seconds are clock time of the cheapest way, metres its length. Each call pulls
today's obstructions by version, so a closure counts at once. Ask for many places in one call: a
matrix costs little more than a single way.

Raises Unavailable (503) while no graph was built.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from apps.accounts.core.mobility import BASE_PROFILES, MobilityProfile
from apps.base import clock
from apps.base.problems import Invalid
from apps.navigation.cache.flow import Flow, flow_on
from apps.navigation.cache.obstacles import Today, driving_ruling, obstacles_on
from apps.navigation.cache.serving import Serving, serving
from apps.navigation.core.arrays import F4, F8
from apps.navigation.core.cars import Roads
from apps.navigation.core.course import lay_out
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.matrices import CarryingTable, costs_and_carried, open_carrying
from apps.navigation.core.routing import find_spot, leg, ordinary_terms
from apps.navigation.core.snapping import Spot, spots_near

ROAD_REACH_M = 150.0
TABLES_KEPT = 8

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Travel:
    """Seconds and metres, origins × destinations; infinite where there is no way."""

    seconds: F8
    metres: F8


@dataclass(frozen=True, slots=True)
class RoadPlace:
    """The nearest point of the road network."""

    lon: float
    lat: float
    distance_m: float
    name: str


@dataclass(frozen=True, slots=True)
class Drive:
    """A way by car: its line, and the seconds after the start at which each point is reached."""

    seconds: float
    metres: float
    line: tuple[LonLat, ...]
    at_s: tuple[float, ...]


def travel_matrix(
    *,
    profile: str | MobilityProfile,
    origins: Sequence[LonLat],
    destinations: Sequence[LonLat],
    at: datetime | None = None,
) -> Travel:
    """Times and lengths of the cheapest ways from each origin to each destination."""
    served = serving()
    when = at or clock.now()
    today = obstacles_on(served).at(when)
    if profile == "car":
        return _driving_matrix(served, today, origins, destinations, when)
    return _walking_matrix(served, today, _profile(profile), origins, destinations)


def nearest_road(lon: float, lat: float) -> RoadPlace | None:
    """Where a car could stop for a place; None if no road is near or the city has none."""
    served = serving()
    if served.roads is None:
        return None
    spot = _road_spot(served, (lon, lat))
    if spot is None:
        return None
    graph = served.roads.graph
    name = graph.text(int(graph.rows["name"][spot.segment]))
    return RoadPlace(*graph.plane.to_lonlat(spot.x, spot.y), spot.distance_m, name)


def drive(*, origin: LonLat, destination: LonLat, at: datetime | None = None) -> Drive | None:
    """The quickest way by car now; None where there is none."""
    served = serving()
    if served.roads is None:
        return None
    when = at or clock.now()
    today = obstacles_on(served).at(when)
    ends = [_road_spot(served, place) for place in (origin, destination)]
    if ends[0] is None or ends[1] is None:
        return None
    terms = ordinary_terms(driving_ruling(served.roads.graph.segments_n, today.driven))
    way = leg(flow_on(served, when).driver, terms, ends[0], ends[1])
    if way is None:
        return None
    graph = served.roads.graph
    course = lay_out(graph, (way,))
    lon, lat = graph.plane.to_lonlat_arrays(course.x, course.y)
    return Drive(
        seconds=way.time_s,
        metres=way.length_m,
        line=tuple(zip(lon.round(7).tolist(), lat.round(7).tolist(), strict=True)),
        at_s=tuple(course.seconds_to(float(m)) for m in course.along_m),
    )


# ---------------------------------------------------------------- inside


def _profile(profile: str | MobilityProfile) -> MobilityProfile:
    if isinstance(profile, MobilityProfile):
        return profile
    if profile not in BASE_PROFILES:
        raise Invalid(errors={"profile": f"{profile!r}"})
    return BASE_PROFILES[profile]  # type: ignore[index]


def _driving_matrix(
    served: Serving,
    today: Today,
    origins: Sequence[LonLat],
    destinations: Sequence[LonLat],
    when: datetime,
) -> Travel:
    if served.roads is None:
        return _nowhere(len(origins), len(destinations))
    table = _driving_table(served.roads, served.code, today, flow_on(served, when))
    sources = [_road_spot(served, place) for place in origins]
    targets = [_road_spot(served, place) for place in destinations]
    return Travel(*_filled(table, sources, targets))


def _driving_table(roads: Roads, code: Hashable, today: Today, flow: Flow) -> CarryingTable:
    def make() -> CarryingTable:
        ruling = driving_ruling(roads.graph.segments_n, today.driven)
        return open_carrying(flow.driver, ruling, _lengths(roads.graph))

    return _tables.get((code, "car", today.driven, flow.version), make)


def _lengths(graph: WalkGraph) -> F4:
    """Metres of each arc."""
    return np.asarray(graph.segments.length_m[graph.arcs.seg])


def _walking_matrix(
    served: Serving,
    today: Today,
    profile: MobilityProfile,
    origins: Sequence[LonLat],
    destinations: Sequence[LonLat],
) -> Travel:
    """Two tables over the same costs: one carries clock seconds, one metres."""
    terrain = served.terrain
    person = served.travellers.of(terrain, profile, today.lights)
    ruling = obstacles_on(served).moment(person, today).ruling

    def spot(place: LonLat) -> Spot | None:
        found = find_spot(terrain, person, ruling, *terrain.graph.plane.to_xy(*place))
        return found if isinstance(found, Spot) else None

    sources, targets = [spot(p) for p in origins], [spot(p) for p in destinations]
    carried = {"s": person.prices.time_s, "m": _lengths(terrain.graph)}
    sums = {}
    for name, per_arc in carried.items():
        table = _tables.get(
            (served.code, profile, today.key, name),
            lambda per_arc=per_arc: open_carrying(person, ruling, per_arc),  # type: ignore[misc]
        )
        _, sums[name] = _filled(table, sources, targets)
    return Travel(sums["s"], sums["m"])


def _filled(
    table: CarryingTable, sources: list[Spot | None], targets: list[Spot | None]
) -> tuple[F8, F8]:
    """Rows and columns of places off the network stay infinite."""
    costs = np.full((len(sources), len(targets)), np.inf)
    carried = costs.copy()
    rows = [i for i, spot in enumerate(sources) if spot is not None]
    columns = [i for i, spot in enumerate(targets) if spot is not None]
    if rows and columns:
        found = costs_and_carried(
            table, [s for s in sources if s is not None], [t for t in targets if t is not None]
        )
        costs[np.ix_(rows, columns)], carried[np.ix_(rows, columns)] = found
    return costs, carried


def _nowhere(rows_n: int, columns_n: int) -> Travel:
    infinite = np.full((rows_n, columns_n), np.inf)
    return Travel(infinite, infinite.copy())


def _road_spot(served: Serving, place: LonLat) -> Spot | None:
    assert served.roads is not None
    assert served.road_grid is not None
    graph = served.roads.graph
    x, y = graph.plane.to_xy(*place)
    for reach_m in (ROAD_REACH_M / 5, ROAD_REACH_M):
        spots = spots_near(graph, served.road_grid, x, y, reach_m, most=1)
        if spots:
            return spots[0]
    return None


class _Tables:
    """The latest few poured tables; pouring takes longer than asking."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, CarryingTable] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], CarryingTable]) -> CarryingTable:
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = make()
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > TABLES_KEPT:
                self._kept.popitem(last=False)
        return found


_tables = _Tables()
