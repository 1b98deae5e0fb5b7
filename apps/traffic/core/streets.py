"""The city's streets cut into directed links: from junction to junction, one way each.

A junction is a node that two drivable ways share, or where one ends.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.city.core.osm import Element, Node, Way
from apps.city.core.roads import drive_directions, drive_speed_mps


@dataclass(frozen=True, slots=True)
class Link:
    """`nodes` in driving order. `key` is the same in every build of the same map."""

    way_id: int
    nodes: tuple[int, ...]
    line: tuple[tuple[float, float], ...]
    name: str
    highway: str
    free_mps: float

    @property
    def key(self) -> str:
        return f"{self.way_id}/{self.nodes[0]}/{self.nodes[-1]}"


def cut_links(elements: Iterable[Element]) -> list[Link]:
    """Every link of the map, by way and place on it."""
    nodes: dict[int, Node] = {}
    ways: list[Way] = []
    for element in elements:
        if isinstance(element, Node):
            nodes[element.id] = element
        elif isinstance(element, Way) and drive_speed_mps(element.tags) is not None:
            ways.append(element)
    shared = _shared(ways)
    return [link for way in ways for link in _links(way, nodes, shared)]


def _shared(ways: list[Way]) -> frozenset[int]:
    uses = Counter(node for way in ways for node in way.node_ids)
    uses.update(node for way in ways for node in (way.node_ids[:1] + way.node_ids[-1:]))
    return frozenset(node for node, times in uses.items() if times > 1)


def _links(way: Way, nodes: dict[int, Node], shared: frozenset[int]) -> Iterator[Link]:
    speed_mps = drive_speed_mps(way.tags)
    assert speed_mps is not None
    forward, back = drive_directions(way.tags)
    for piece in _pieces(way.node_ids, shared):
        for goes, ids in ((forward, piece), (back, piece[::-1])):
            if goes:
                line = tuple((nodes[node].lon, nodes[node].lat) for node in ids)
                name = way.tags.get("name", way.tags.get("ref", ""))
                yield Link(way.id, ids, line, name, way.tags["highway"], speed_mps)


def _pieces(ids: tuple[int, ...], shared: frozenset[int]) -> Iterator[tuple[int, ...]]:
    first = 0
    for place in range(1, len(ids)):
        if ids[place] in shared and place > first:
            yield ids[first : place + 1]
            first = place
