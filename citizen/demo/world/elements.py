"""The book in which the town's builders enter nodes, ways and relations; ids come in order."""

from collections.abc import Iterable, Mapping

import numpy as np

from apps.city.core.osm import Member, Node, Relation, Way
from citizen.demo.world.plane import Point, into_box, to_lonlat, to_plane
from citizen.demo.world.terrain import Heights

# Ranges far apart, so that an id says what it names.
FIRST_NODE, FIRST_WAY, FIRST_RELATION = 1_000_001, 5_000_001, 9_000_001


class ElementBook:
    """Places are kept in metres while building; degrees are made once, at the end."""

    def __init__(self, heights: Heights) -> None:
        self.heights = heights
        self._points: list[Point] = []
        self._node_tags: list[dict[str, str]] = []
        self._deck_m: dict[int, float] = {}
        self._ways: list[tuple[tuple[int, ...], dict[str, str]]] = []
        self._relations: list[tuple[tuple[Member, ...], dict[str, str]]] = []

    def node(
        self, point: Point, tags: Mapping[str, str] | None = None, deck_m: float | None = None
    ) -> int:
        """Enter a node. `deck_m` is its height where it does not lie on the ground."""
        self._points.append(into_box(point))
        self._node_tags.append(dict(tags or {}))
        node_id = FIRST_NODE + len(self._points) - 1
        if deck_m is not None:
            self._deck_m[node_id] = round(deck_m, 2)
        return node_id

    def lonlat_node(self, lon: float, lat: float, tags: Mapping[str, str]) -> int:
        return self.node(to_plane(lon, lat), tags)

    def way(self, node_ids: Iterable[int], tags: Mapping[str, str]) -> int:
        self._ways.append((tuple(node_ids), dict(tags)))
        return FIRST_WAY + len(self._ways) - 1

    def ring(self, points: Iterable[Point], tags: Mapping[str, str]) -> int:
        """A closed way through nodes of its own."""
        ids = [self.node(point) for point in points]
        return self.way([*ids, ids[0]], tags)

    def relation(self, members: Iterable[Member], tags: Mapping[str, str]) -> int:
        self._relations.append((tuple(members), dict(tags)))
        return FIRST_RELATION + len(self._relations) - 1

    def tag_node(self, node_id: int, tags: Mapping[str, str]) -> None:
        self._node_tags[node_id - FIRST_NODE].update(tags)

    def tag_way(self, way_id: int, tags: Mapping[str, str]) -> None:
        self._ways[way_id - FIRST_WAY][1].update(tags)

    def point(self, node_id: int) -> Point:
        return self._points[node_id - FIRST_NODE]

    def height_m(self, node_id: int) -> float:
        deck_m = self._deck_m.get(node_id)
        return self.heights.at_point(self.point(node_id)) if deck_m is None else deck_m

    def heights_m(self, node_ids: list[int]) -> list[float]:
        ground = self.heights.at_points(np.array([self.point(i) for i in node_ids]))
        return [self._deck_m.get(i, float(h)) for i, h in zip(node_ids, ground, strict=True)]

    def deck_heights_m(self) -> dict[int, float]:
        return dict(self._deck_m)

    def nodes(self) -> tuple[Node, ...]:
        return tuple(
            Node(FIRST_NODE + i, *to_lonlat(point), tags)
            for i, (point, tags) in enumerate(zip(self._points, self._node_tags, strict=True))
        )

    def ways(self) -> tuple[Way, ...]:
        return tuple(Way(FIRST_WAY + i, ids, tags) for i, (ids, tags) in enumerate(self._ways))

    def relations(self) -> tuple[Relation, ...]:
        return tuple(
            Relation(FIRST_RELATION + i, members, tags)
            for i, (members, tags) in enumerate(self._relations)
        )
