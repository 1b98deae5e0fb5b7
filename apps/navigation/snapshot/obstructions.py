"""City's obstructions → obstacles on a graph's segments.

A row states facts; what they mean on foot, on wheels or behind a wheel is said here once. A point
lies on the nearest segment and on whatever else is within arm's reach; a line closes what runs
along it; an area whatever enters it. A lift out of order closes the lift, not the pavement beside
it.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from apps.city.models import Obstruction
from apps.navigation.core.arrays import F8
from apps.navigation.core.codes import Kind
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.overlay import Obstacle, segments_in_polygon, segments_of_feature
from apps.navigation.core.signals import Crossing
from apps.navigation.core.snapping import Grid, spots_near

POINT_REACH_M = 15.0
BESIDE_M = 2.0
LINE_REACH_M = 3.0
LINE_STEP_M = 5.0
LIFT_REACH_M = 15.0
MOST_FORD_CM = 30.0  # what a car may drive through
CAR_WIDTH_M = 2.2
SURE = 0.5  # certainty from which a report closes a way; below it is only told

_CLOSING = frozenset({"closure", "collapse", "broken_lift"})  # stop everybody unless they say whom
_NOT_FOR_CARS = frozenset({"broken_lift", "barrier", "crowd", "ice"})
_DRIVEN = frozenset({"car", "bus", "emergency"})
SHORT_GREEN = "short_green"
LIFT_REFERENCE = "osm:"  # a lift's obstruction names its feature: "osm:node/12 …"


def is_sure(row: Obstruction) -> bool:
    return row.state == Obstruction.State.CONFIRMED or row.certainty >= SURE


def walking_obstacle(graph: WalkGraph, grid: Grid, row: Obstruction) -> Obstacle:
    """What a row means for people on foot and on wheels."""
    return Obstacle(
        ref=str(row.code),
        kind=row.kind,
        segments=_walking_segments(graph, grid, row),
        stops=_walkers_stopped(row),
        width_left_m=row.width_left_m,
        water_cm=None if row.depth_m is None else row.depth_m * 100.0,
        source=_source(row),
        reported_on=int(row.valid_from.strftime("%Y%m%d")),
        is_doubtful=not is_sure(row),
    )


def lights_obstacle(crossing: Crossing) -> Obstacle:
    """Lights stop whoever they do not give time enough to get across."""
    segments = tuple(part.segment for part in crossing.parts)
    return Obstacle(
        ref=crossing.ref, kind=SHORT_GREEN, segments=segments, source="device", crossing=crossing
    )


def closes_driving(row: Obstruction) -> bool:
    """Whether cars cannot pass. Where only walkers and wheels are named, they can."""
    if not is_sure(row) or (row.kind in _NOT_FOR_CARS and "car" not in row.stops):
        return False
    if "car" in row.stops or (row.kind in _CLOSING and not row.stops):
        return True
    if row.depth_m is not None and row.depth_m * 100.0 > MOST_FORD_CM:
        return True
    return row.width_left_m is not None and row.width_left_m < CAR_WIDTH_M and not row.stops


def driving_segments(graph: WalkGraph, grid: Grid, row: Obstruction) -> tuple[int, ...]:
    return tuple(sorted(set(_touched(graph, grid, row.geom))))


def _walkers_stopped(row: Obstruction) -> frozenset[str]:
    if "foot" in row.stops or (row.kind in _CLOSING and not row.stops):
        return frozenset({"everyone"})
    return frozenset({"wheels"} if "wheels" in row.stops else ())


def _source(row: Obstruction) -> str:
    """As sentences name sources: who says so."""
    return {"citizen": "citizen", "staff": "staff", "lift": "device"}.get(row.source, "staff")


def _walking_segments(graph: WalkGraph, grid: Grid, row: Obstruction) -> tuple[int, ...]:
    if row.kind == Obstruction.Kind.BROKEN_LIFT:
        return _lift_segments(graph, row)
    return tuple(sorted(set(_touched(graph, grid, row.geom))))


def _lift_segments(graph: WalkGraph, row: Obstruction) -> tuple[int, ...]:
    """By the feature its reference names, else the lifts and escalators nearby."""
    feature = row.reference.partition(LIFT_REFERENCE)[2].partition(" ")[0]
    kind, _, number = feature.partition("/")
    if number.isdecimal():
        found = segments_of_feature(graph, osm_id=int(number), is_node=kind == "node")
        return tuple(int(s) for s in found)
    x, y = graph.plane.to_xy(row.geom.centroid.x, row.geom.centroid.y)
    return tuple(_near_lifts(graph, x, y))


def _near_lifts(graph: WalkGraph, x: float, y: float) -> Iterator[int]:
    moved = np.isin(graph.segments.kind, (Kind.LIFT, Kind.ESCALATOR))
    for segment in np.flatnonzero(moved):
        xs, ys, _ = graph.shape(int(segment))
        if float(np.hypot(xs - x, ys - y).min()) <= LIFT_REACH_M:
            yield int(segment)


def _touched(graph: WalkGraph, grid: Grid, geom: Any) -> Iterator[int]:
    if geom.geom_type.startswith(("Multi", "GeometryCollection")):
        for part in geom:
            yield from _touched(graph, grid, part)
    elif geom.geom_type == "Point":
        yield from _at_point(graph, grid, *graph.plane.to_xy(geom.x, geom.y))
    elif geom.geom_type == "Polygon":
        yield from (int(s) for s in segments_in_polygon(graph, _metres(graph, geom[0])))
    else:
        for x, y in _stepped(_metres(graph, geom)):
            yield from (s.segment for s in spots_near(graph, grid, x, y, LINE_REACH_M, most=16))


def _at_point(graph: WalkGraph, grid: Grid, x: float, y: float) -> Iterator[int]:
    spots = spots_near(graph, grid, x, y, POINT_REACH_M, most=16)
    for spot in spots:
        if spot is spots[0] or spot.distance_m <= BESIDE_M:
            yield spot.segment


def _metres(graph: WalkGraph, geom: Any) -> F8:
    return np.array([graph.plane.to_xy(lon, lat) for lon, lat, *_ in geom.coords])


def _stepped(line: F8) -> Iterator[tuple[float, float]]:
    """Points along a line, close enough that no segment slips between."""
    for a, b in itertools.pairwise(line):
        steps = max(math.ceil(float(np.hypot(*(b - a))) / LINE_STEP_M), 1)
        for k in range(steps + 1):
            x, y = a + (b - a) * (k / steps)
            yield float(x), float(y)
