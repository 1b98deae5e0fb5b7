"""The car network: the same kind of graph, with speeds and one-ways, for whoever must know driving
times.

Nodes of two neighbours are dissolved, so an edge runs from junction to junction. Turns cost
nothing and turn bans are not
read: times are for planning, not for guiding drivers. Signals cost their mean wait where they
stand.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from apps.city.core.osm import Element, Node, Way
from apps.city.core.roads import drive_directions, drive_speed_mps
from apps.navigation.core.arrays import F4, F8, frozen
from apps.navigation.core.codes import Broken, Kind
from apps.navigation.core.graph import (
    SEGMENT_ROW,
    Shapes,
    WalkGraph,
    build_arcs,
    connected_parts,
    pack_texts,
)
from apps.navigation.core.hierarchy import Hierarchy, pour, prepare
from apps.navigation.core.plane import Plane
from apps.navigation.core.pricing import Prices
from apps.navigation.core.search import Traveller
from apps.navigation.core.strands import World, read_world

SIGNAL_S = 12.0
JUNCTION_S = 2.0


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of road between junctions with one speed and one name."""

    nodes: tuple[int, ...]
    way_id: int
    name: str
    speed_mps: float
    forward: bool
    back: bool

    def joins(self, other: "_Run") -> bool:
        mine = (self.speed_mps, self.forward, self.back, self.name)
        return mine == (other.speed_mps, other.forward, other.back, other.name)


def build_car_graph(elements: Iterable[Element], *, dated_on: int = 0) -> WalkGraph:
    """The drivable network of an area, reduced to its largest connected part."""
    world = read_world(elements)
    runs = list(_dissolved(_cut(_runs(world))))
    runs = _largest_part(runs)
    if not runs:
        raise ValueError("no drivable way among these elements")
    ids = sorted({n for run in runs for n in (run.nodes[0], run.nodes[-1])})
    nodes = [world.nodes[n] for n in ids]
    plane = _plane(nodes)
    return _freeze(world, runs, ids, plane, dated_on)


def _runs(world: World) -> Iterator[_Run]:
    for way in world.ways.values():
        speed_mps = drive_speed_mps(way.tags)
        if speed_mps is not None and len(way.node_ids) > 1:
            forward, back = drive_directions(way.tags)
            yield _Run(way.node_ids, way.id, _name(way), speed_mps, forward, back)


def _name(way: Way) -> str:
    return way.tags.get("name", way.tags.get("ref", ""))


def _cut(runs: Iterable[_Run]) -> list[_Run]:
    """Cut at every node that two runs share."""
    runs = list(runs)
    uses = Counter(n for run in runs for n in run.nodes)
    uses.update(n for run in runs for n in (run.nodes[0], run.nodes[-1]))
    pieces: list[_Run] = []
    for run in runs:
        first = 0
        for place in range(1, len(run.nodes)):
            if uses[run.nodes[place]] > 1:
                pieces.append(_part(run, run.nodes[first : place + 1]))
                first = place
    return pieces


def _part(run: _Run, nodes: tuple[int, ...]) -> _Run:
    return _Run(nodes, run.way_id, run.name, run.speed_mps, run.forward, run.back)


def _dissolved(pieces: list[_Run]) -> Iterator[_Run]:
    """Join pieces over nodes where exactly two alike meet head to tail."""
    leaving: dict[int, list[int]] = {}
    arriving: dict[int, list[int]] = {}
    for number, piece in enumerate(pieces):
        leaving.setdefault(piece.nodes[0], []).append(number)
        arriving.setdefault(piece.nodes[-1], []).append(number)

    def follower(number: int) -> int | None:
        node = pieces[number].nodes[-1]
        after, before = leaving.get(node, []), arriving.get(node, [])
        if len(after) != 1 or len(before) != 1 or after[0] == number:
            return None
        return after[0] if pieces[number].joins(pieces[after[0]]) else None

    continued = {follower(number) for number in range(len(pieces))}
    done: set[int] = set()
    starts = [n for n in range(len(pieces)) if n not in continued]
    for number in [*starts, *range(len(pieces))]:  # the rest are rings without a junction
        if number in done:
            continue
        nodes = list(pieces[number].nodes)
        done.add(number)
        latest: int | None = follower(number)
        while latest is not None and latest not in done:
            nodes += pieces[latest].nodes[1:]
            done.add(latest)
            latest = follower(latest)
        yield _part(pieces[number], tuple(nodes))


def _largest_part(runs: list[_Run]) -> list[_Run]:
    ids = {n: i for i, n in enumerate(sorted({n for r in runs for n in (r.nodes[0], r.nodes[-1])}))}
    tail = np.array([ids[r.nodes[0]] for r in runs], dtype=np.int32)
    head = np.array([ids[r.nodes[-1]] for r in runs], dtype=np.int32)
    if not len(tail):
        return []
    part = connected_parts(tail, head, len(ids))
    return [run for run, number in zip(runs, part[tail], strict=True) if number == 0]


def _plane(nodes: list[Node]) -> Plane:
    lon = [n.lon for n in nodes]
    lat = [n.lat for n in nodes]
    return Plane((min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2)


def _freeze(
    world: World, runs: list[_Run], ids: list[int], plane: Plane, dated_on: int
) -> WalkGraph:
    number = {n: i for i, n in enumerate(ids)}
    texts: dict[str, int] = {}
    rows = np.zeros(len(runs), dtype=SEGMENT_ROW)
    lines = [_line(world, run, plane) for run in runs]
    for column in ("incline_pct", "up_pct", "down_pct", "width_m", "kerb_cm"):
        rows[column] = np.nan
    rows["tail"] = [number[run.nodes[0]] for run in runs]
    rows["head"] = [number[run.nodes[-1]] for run in runs]
    rows["length_m"] = [max(_length_m(line), 0.01) for line in lines]
    rows["kind"] = int(Kind.MINOR_ROAD)
    rows["directions"] = [int(run.forward) | int(run.back) << 1 for run in runs]
    rows["osm_id"] = [run.way_id for run in runs]
    rows["name"] = [texts.setdefault(r.name, len(texts)) if r.name else -1 for r in runs]
    rows["hours"] = -1
    rows["share"] = 1.0
    rows["drive_mps"] = [run.speed_mps for run in runs]
    rows["signal"] = [_signals(world, run) for run in runs]
    xy = np.array([plane.to_xy(world.nodes[n].lon, world.nodes[n].lat) for n in ids])
    text_bytes, text_start = pack_texts(list(texts))
    return WalkGraph(
        plane=plane,
        dated_on=dated_on,
        node_x=frozen(xy[:, 0].astype(np.float32)),
        node_y=frozen(xy[:, 1].astype(np.float32)),
        node_osm=frozen(np.array(ids, dtype=np.int64)),
        node_part=frozen(connected_parts(rows["tail"], rows["head"], len(ids))),
        rows=frozen(rows),
        arcs=build_arcs(rows["tail"], rows["head"], len(ids)),
        shapes=_shapes(runs, lines),
        text_bytes=text_bytes,
        text_start=text_start,
    )


def _line(world: World, run: _Run, plane: Plane) -> F8:
    return np.array([plane.to_xy(world.nodes[n].lon, world.nodes[n].lat) for n in run.nodes])


def _length_m(line: F8) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _signals(world: World, run: _Run) -> int:
    """Signals along a run; those at its end junctions are shared with the other roads there."""
    lights = [world.nodes[n].tags.get("highway") == "traffic_signals" for n in run.nodes]
    return min(sum(lights), 255)


def _shapes(runs: list[_Run], lines: list[F8]) -> Shapes:
    start = np.zeros(len(runs) + 1, dtype=np.int32)
    start[1:] = np.cumsum([len(line) for line in lines])
    xy = np.vstack(lines).astype(np.float32)
    return Shapes(
        start=frozen(start),
        x=frozen(xy[:, 0].copy()),
        y=frozen(xy[:, 1].copy()),
        z_m=frozen(np.full(len(xy), np.nan, dtype=np.float32)),
        osm_node=frozen(np.array([n for run in runs for n in run.nodes], dtype=np.int64)),
    )


def price_driving(graph: WalkGraph, slowdown: F4 | None = None) -> Prices:
    """Driving seconds per arc. `slowdown` per arc (1 = free flow) comes from whoever measures
    traffic; nobody drives faster than freely."""
    s = graph.segments
    seconds = s.length_m / s.drive_mps
    fixed = SIGNAL_S * s.signal + JUNCTION_S
    cost_s = np.empty(len(graph.arcs.head), dtype=np.float32)
    broken = np.zeros(len(graph.arcs.head), dtype=np.uint32)
    for back in (0, 1):
        arc = graph.arcs.seg_arc[:, back]
        slow = 1.0 if slowdown is None else np.maximum(slowdown[arc], 1.0)
        cost_s[arc] = seconds * slow + fixed
        broken[arc] = np.where(s.directions & (1 << back), 0, int(Broken.ONE_WAY))
    return Prices(None, frozen(cost_s), frozen(cost_s.copy()), frozen(broken), 0.0)


def slowed(roads: "Roads", slowdown: F4) -> Traveller:
    """A driver in this traffic. The bound stays that of free flow, which is never dearer."""
    return replace(roads.driver, prices=price_driving(roads.graph, slowdown))


def slowdown_per_arc(graph: WalkGraph, by_nodes: Mapping[tuple[int, ...], float]) -> F4:
    """Slowdowns of links, given by their nodes on the map in driving order, onto arcs: a segment
    of several links is as slow as these on average."""
    by_step = {
        step: slowdown for nodes, slowdown in by_nodes.items() for step in itertools.pairwise(nodes)
    }
    found = np.ones(len(graph.arcs.head), dtype=np.float32)
    shapes = graph.shapes
    for segment in range(graph.segments_n):
        ids = shapes.osm_node[shapes.start[segment] : shapes.start[segment + 1]].tolist()
        for back, order in ((0, ids), (1, ids[::-1])):
            steps = [by_step.get(step, 1.0) for step in itertools.pairwise(order)]
            if steps and max(steps) > 1.0:
                found[graph.arcs.seg_arc[segment, back]] = sum(steps) / len(steps)
    return frozen(found)


@dataclass(frozen=True, slots=True)
class Roads:
    """A car graph made ready for questions."""

    graph: WalkGraph
    hierarchy: Hierarchy
    driver: Traveller


def open_roads(graph: WalkGraph, hierarchy: Hierarchy | None = None) -> Roads:
    if hierarchy is None:
        hierarchy = prepare(graph.node_x, graph.node_y, graph.arcs.tail, graph.arcs.head)
    prices = price_driving(graph)
    bound = pour(hierarchy, prices.cost_s, prices.broken, int(Broken.ONE_WAY))
    return Roads(graph, hierarchy, Traveller(graph, hierarchy, prices, bound))
