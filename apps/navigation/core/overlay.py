"""What stands in the way today, laid over an unchanged graph.

An obstacle states facts: width left, depth of water, whom it stops. Whether it closes a segment
for a person is decided here,
by that person's limits. The result is one byte per segment, so ten thousand closures cost one
array and no rebuild.
An obstacle closes the whole segment it lies on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from apps.accounts.core.mobility import MobilityProfile
from apps.navigation.core.arrays import F8, I4, U1, frozen
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.polygons import contains, crosses_any, walls_of
from apps.navigation.core.profiles import weights_of
from apps.navigation.core.search import CLOSED, ORDINARY
from apps.navigation.core.signals import Crossing
from apps.navigation.core.snapping import Grid, spots_near

NARROWEST_M = 0.5  # nobody passes less


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One obstruction on its segments. `stops` holds "everyone", "wheels" or "wheelchairs", if
    said.
    """

    ref: str
    kind: str
    segments: tuple[int, ...]
    stops: frozenset[str] = frozenset()
    width_left_m: float | None = None
    water_cm: float | None = None
    source: str = ""
    reported_on: int = 0  # yyyymmdd
    is_doubtful: bool = False  # told as a hazard, closes nothing
    crossing: Crossing | None = None  # lights that turn before the slowest are across

    def closes_for(self, person: MobilityProfile) -> bool:
        """Whether this person cannot pass."""
        if self.crossing is not None:
            return not self.crossing.is_for(person)
        if self.is_doubtful:
            return False
        if "everyone" in self.stops or ("wheels" in self.stops and person.has_wheels):
            return True
        if "wheelchairs" in self.stops and person.is_wheelchair:
            return True
        if self.water_cm is not None and self.water_cm > weights_of(person).most_water_cm:
            return True
        return self.width_left_m is not None and self.width_left_m < _least_width_m(person)


def _least_width_m(person: MobilityProfile) -> float:
    return max(person.min_width_m or 0.0, NARROWEST_M)


@dataclass(frozen=True, slots=True)
class Overlay:
    """All obstacles of one moment; `version` changes whenever they do."""

    version: int
    obstacles: tuple[Obstacle, ...] = ()

    def on_segment(self, segment: int, person: MobilityProfile) -> Obstacle | None:
        """The obstacle that closes this segment for this person."""
        for obstacle in self.obstacles:
            if segment in obstacle.segments and obstacle.closes_for(person):
                return obstacle
        return None


CLEAR = Overlay(version=0)


def ruling_for(graph: WalkGraph, overlay: Overlay, person: MobilityProfile) -> U1:
    """Per segment: ordinary or closed for this person now."""
    ruling = np.full(graph.segments_n, ORDINARY, dtype=np.uint8)
    for obstacle in overlay.obstacles:
        if obstacle.closes_for(person):
            ruling[list(obstacle.segments)] = CLOSED
    return frozen(ruling)


def segments_of_feature(graph: WalkGraph, *, osm_id: int, is_node: bool) -> I4:
    """Every segment made from one OSM feature: a lift, a flight of steps."""
    s = graph.segments
    mine = (s.osm_id == osm_id) & (s.osm_is_node == int(is_node))
    return np.flatnonzero(mine).astype(np.int32)


def segments_near_line(
    graph: WalkGraph, grid: Grid, points: Iterable[tuple[float, float]], radius_m: float
) -> I4:
    """Segments within a radius of any of the points: for obstacles drawn as a point or a line."""
    found = {
        spot.segment for x, y in points for spot in spots_near(graph, grid, x, y, radius_m, most=16)
    }
    return np.array(sorted(found), dtype=np.int32)


def segments_in_polygon(graph: WalkGraph, ring: F8) -> I4:
    """Segments with any part inside a closed ring of points (metres)."""
    shapes = graph.shapes
    low, high = ring.min(axis=0), ring.max(axis=0)
    n = np.diff(shapes.start)
    owner = np.repeat(np.arange(graph.segments_n, dtype=np.int32), n)
    xy = np.stack((shapes.x, shapes.y), axis=1).astype(np.float64)
    is_pair = owner[:-1] == owner[1:]
    a, b = xy[:-1], xy[1:]
    near = is_pair & (np.maximum(a, b) >= low).all(axis=1) & (np.minimum(a, b) <= high).all(axis=1)
    places = np.flatnonzero(near)
    walls = walls_of(ring)
    hit = contains(walls, a[places]) | contains(walls, b[places])
    hit |= crosses_any(a[places], b[places], walls)
    return np.unique(owner[:-1][places[hit]])
