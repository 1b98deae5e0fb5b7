"""A plain walker over the town's tags: Dijkstra by metres, for checking what the town promises.

It knows just enough of OSM's rules to be an independent reader of the tags.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from apps.city.core.osm import Way
from citizen.demo.world.lines import gap
from citizen.demo.world.plane import to_plane
from citizen.demo.world.town import Town

WALKABLE = frozenset({
    "footway", "path", "pedestrian", "steps", "living_street", "residential", "service", "tertiary",
    "secondary", "primary", "corridor", "elevator", "cycleway",
})  # fmt: skip
STEEPEST_UP_PCT, STEEPEST_DOWN_PCT = 8.3, 10.0


@dataclass(frozen=True)
class Step:
    """One way piece from node to node; `forward` says whether it runs as the way is drawn."""

    to: int
    length_m: float
    way: Way
    forward: bool


@dataclass(frozen=True)
class Route:
    nodes: tuple[int, ...]
    ways: tuple[Way, ...]
    length_m: float


class WalkingMap:
    def __init__(self, town: Town) -> None:
        self.tags = {node.id: node.tags for node in town.nodes}
        self.points = {node.id: to_plane(node.lon, node.lat) for node in town.nodes}
        self.steps: dict[int, list[Step]] = defaultdict(list)
        for way in town.ways:
            if is_walkway(way):
                self._add(way)

    def _add(self, way: Way) -> None:
        for a, b in pairwise(way.node_ids):
            length_m = gap(self.points[a], self.points[b])
            self.steps[a].append(Step(b, length_m, way, True))
            self.steps[b].append(Step(a, length_m, way, False))

    def reachable(self, start: int) -> set[int]:
        seen, todo = {start}, [start]
        while todo:
            for step in self.steps[todo.pop()]:
                if step.to not in seen:
                    seen.add(step.to)
                    todo.append(step.to)
        return seen

    def route(
        self, start: int, goal: int, *, wheelchair: bool = False, closed: Iterable[int] = ()
    ) -> Route | None:
        """The shortest way in metres; `closed` are ids of nodes or ways that are out of order."""
        shut = set(closed)
        best: dict[int, float] = {start: 0.0}
        came: dict[int, tuple[int, Way]] = {}
        heap = [(0.0, start)]
        while heap:
            far_m, here = heappop(heap)
            if here == goal:
                return self._trace(start, goal, came, far_m)
            if far_m > best[here]:
                continue
            for step in self.steps[here]:
                blocked = step.to in shut or step.way.id in shut
                if blocked or (wheelchair and self.barriers(step)):
                    continue
                reach_m = far_m + step.length_m
                if reach_m < best.get(step.to, float("inf")):
                    best[step.to] = reach_m
                    came[step.to] = here, step.way
                    heappush(heap, (reach_m, step.to))
        return None

    def _trace(
        self, start: int, goal: int, came: dict[int, tuple[int, Way]], length_m: float
    ) -> Route:
        nodes, ways = [goal], []
        while nodes[-1] != start:
            before, way = came[nodes[-1]]
            nodes.append(before)
            ways.append(way)
        return Route(tuple(reversed(nodes)), tuple(reversed(ways)), length_m)

    def barriers(self, step: Step) -> list[str]:
        """What a manual wheelchair cannot pass here, as far as tags say."""
        tags, found = step.way.tags, []
        if tags["highway"] == "steps":
            found.append(f"steps={tags.get('step_count')}")
        kerb = self.tags[step.to]
        if kerb.get("kerb") in ("raised", "rolled") or float(kerb.get("kerb:height", 0)) > 0.02:
            found.append(f"kerb={kerb.get('kerb:height', kerb.get('kerb'))}")
        if _is_too_steep(tags.get("incline", ""), step.forward):
            found.append(f"incline={tags['incline']}")
        if tags.get("smoothness") in ("bad", "very_bad", "horrible"):
            found.append(f"smoothness={tags['smoothness']}")
        return found

    def barriers_on(self, route: Route) -> set[str]:
        found = set()
        for (a, b), way in zip(pairwise(route.nodes), route.ways, strict=True):
            step = next(s for s in self.steps[a] if s.to == b and s.way is way)
            found.update(self.barriers(step))
        return found


def is_walkway(way: Way) -> bool:
    tags = way.tags
    if tags.get("highway") not in WALKABLE or tags.get("area") == "yes":
        return False
    return tags.get("sidewalk") != "separate"


def _is_too_steep(incline: str, forward: bool) -> bool:
    if not incline.endswith("%"):
        return False
    pct = float(incline[:-1]) * (1 if forward else -1)
    return pct > STEEPEST_UP_PCT or pct < -STEEPEST_DOWN_PCT
