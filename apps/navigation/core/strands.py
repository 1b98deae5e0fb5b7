"""From OSM ways to strands: runs of nodes that can be walked, with their traits.

A road with tagged pavements becomes one strand for each pavement instead of one for the
carriageway. A walkable area becomes
its outline and the chords between its entries. A lift drawn as an outline becomes one node.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.city.core.osm import Element, Node, Relation, Way
from apps.navigation.core.access import (
    Tags,
    has_separate_pavement,
    is_carriageway,
    sidewalk_sides,
    walk_directions,
    walk_kind,
)
from apps.navigation.core.codes import CARRIAGEWAY, Kind, Signal, Tactile
from apps.navigation.core.plane import Plane
from apps.navigation.core.plazas import Ring, chords
from apps.navigation.core.traits import (
    Traits,
    crossing_marks,
    side_traits,
    signal_bits,
    tactile_code,
    way_traits,
)


@dataclass(frozen=True, slots=True)
class Strand:
    """A walkable run of nodes. `side` is the side of the road a tagged pavement lies on."""

    way_id: int
    nodes: tuple[int, ...]
    traits: Traits
    tags: Tags
    side: str = ""
    forward: bool = True
    back: bool = True

    @property
    def is_crossing(self) -> bool:
        return self.traits.kind is Kind.CROSSING

    @property
    def is_on_carriageway(self) -> bool:
        return self.traits.kind in CARRIAGEWAY


@dataclass(frozen=True, slots=True)
class World:
    """The elements of one area, by id, with the lifts drawn as outlines already turned into
    nodes.
    """

    nodes: Mapping[int, Node]
    ways: Mapping[int, Way]
    relations: tuple[Relation, ...]
    carriageway_nodes: frozenset[int]


def read_world(elements: Iterable[Element]) -> World:
    """Sort elements; drop way references to nodes outside the area (clipped extracts have them)."""
    nodes: dict[int, Node] = {}
    ways: dict[int, Way] = {}
    relations: list[Relation] = []
    for element in elements:
        if isinstance(element, Node):
            nodes[element.id] = element
        elif isinstance(element, Way):
            ways[element.id] = element
        else:
            relations.append(element)
    ways = {w.id: replace(w, node_ids=_present(w.node_ids, nodes)) for w in ways.values()}
    ways, nodes = _collapse_lifts(ways, nodes)
    roads = (w for w in ways.values() if is_carriageway(w.tags))
    on_roads = frozenset(n for way in roads for n in way.node_ids)
    return World(nodes, ways, tuple(relations), on_roads)


def _present(node_ids: Sequence[int], nodes: Mapping[int, Node]) -> tuple[int, ...]:
    kept: list[int] = []
    for node_id in node_ids:
        if node_id in nodes and (not kept or kept[-1] != node_id):
            kept.append(node_id)
    return tuple(kept)


def _collapse_lifts(
    ways: dict[int, Way], nodes: dict[int, Node]
) -> tuple[dict[int, Way], dict[int, Node]]:
    """A lift shaft drawn as an area is one place: its outline's nodes become a single lift node."""
    alias: dict[int, int] = {}
    for way in list(ways.values()):
        if way.tags.get("highway") != "elevator" or not way.is_closed:
            continue
        ring = [nodes[n] for n in way.node_ids[:-1]]
        lon = sum(n.lon for n in ring) / len(ring)
        lat = sum(n.lat for n in ring) / len(ring)
        nodes[-way.id] = Node(-way.id, lon, lat, way.tags)
        alias.update({n.id: -way.id for n in ring})
        del ways[way.id]
    if alias:
        for way in list(ways.values()):
            if any(n in alias for n in way.node_ids):
                renamed = tuple(alias.get(n, n) for n in way.node_ids)
                ways[way.id] = replace(way, node_ids=_present(renamed, nodes))
    return ways, nodes


def read_strands(world: World, plane: Plane) -> list[Strand]:
    """Every strand of the world: lines first, then areas, which need to know who enters them."""
    lines = [s for w in world.ways.values() if not is_area(w) for s in _line_strands(w, world)]
    return lines + list(_area_strands(world, plane, lines))


def is_area(way: Way) -> bool:
    if not way.is_closed or way.tags.get("area") == "no":
        return False
    is_platform = "platform" in (way.tags.get("railway"), way.tags.get("public_transport"))
    return way.tags.get("area") == "yes" or (is_platform and "highway" not in way.tags)


def _line_strands(way: Way, world: World) -> Iterator[Strand]:
    kind = walk_kind(way.tags)
    if kind is None or len(way.node_ids) < 2:
        return
    sides = sidewalk_sides(way.tags) if kind in CARRIAGEWAY else ()
    if sides and kind is not Kind.LIVING_STREET:
        for side in sides:
            yield Strand(way.id, way.node_ids, side_traits(way.tags, side), way.tags, side)
        if not has_separate_pavement(way.tags):
            return
    traits = way_traits(kind, way.tags)
    if kind is Kind.CROSSING:
        traits = _with_crossing_nodes(traits, way, world)
    forward, back = walk_directions(way.tags)
    yield Strand(way.id, way.node_ids, traits, way.tags, forward=forward, back=back)


def _with_crossing_nodes(traits: Traits, way: Way, world: World) -> Traits:
    """Lights, sound and markings are often tagged only on the node where the crossing meets the
    road.
    """
    signal, marks, tactile = traits.signal, traits.marks, traits.tactile
    for node_id in way.node_ids:
        tags = world.nodes[node_id].tags
        if tags.get("highway") in ("crossing", "traffic_signals"):
            signal |= signal_bits(tags)
            marks |= crossing_marks(tags)
            tactile = max(tactile, tactile_code(tags.get("tactile_paving")))
    if signal & (Signal.SOUND | Signal.VIBRATION):
        signal |= Signal.LIGHTS
    return replace(traits, signal=int(signal), marks=marks, tactile=Tactile(tactile))


def _area_strands(world: World, plane: Plane, lines: list[Strand]) -> Iterator[Strand]:
    uses = Counter(node for strand in lines for node in set(strand.nodes))
    areas = list(_areas(world))
    for _, _, rings in areas:
        uses.update({node for ring in rings for node in ring})
    for way_id, tags, rings in areas:
        traits = replace(way_traits(Kind.PLAZA, tags), width_m=float("nan"))
        for ring in rings:
            yield Strand(way_id, ring, traits, tags)
        entries = [n for ring in rings for n in ring[:-1] if uses[n] > 1]
        for chord in chords(_drawn(rings, world, plane), tuple(dict.fromkeys(entries))):
            yield Strand(way_id, chord, traits, tags)


def _drawn(rings: list[tuple[int, ...]], world: World, plane: Plane) -> list[Ring]:
    def point(node_id: int) -> tuple[float, float]:
        return plane.to_xy(world.nodes[node_id].lon, world.nodes[node_id].lat)

    return [Ring(ring, tuple(point(n) for n in ring)) for ring in rings]


def _areas(world: World) -> Iterator[tuple[int, Tags, list[tuple[int, ...]]]]:
    for way in world.ways.values():
        if is_area(way) and walk_kind(way.tags) is not None:
            yield way.id, way.tags, [way.node_ids]
    for relation in world.relations:
        if relation.tags.get("type") == "multipolygon" and walk_kind(relation.tags) is not None:
            rings = _rings(relation, world)
            if rings:
                yield relation.id, relation.tags, rings


def _rings(relation: Relation, world: World) -> list[tuple[int, ...]]:
    """Closed rings joined from member ways; a ring that does not close (clipped) is left out."""
    members = (m.ref for m in relation.members if m.type == "way" and m.ref in world.ways)
    loose = [list(world.ways[ref].node_ids) for ref in members]
    rings: list[tuple[int, ...]] = []
    while loose:
        ring = loose.pop()
        while ring and ring[0] != ring[-1]:
            found = next((i for i, run in enumerate(loose) if ring[-1] in (run[:1] + run[-1:])), -1)
            if found < 0:
                break
            run = loose.pop(found)
            ring += run[1:] if run[0] == ring[-1] else run[-2::-1]
        if len(ring) > 3 and ring[0] == ring[-1]:
            rings.append(tuple(ring))
    return rings
