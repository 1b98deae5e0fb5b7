"""The graph build: OSM elements in, an immutable `WalkGraph` and its report out.

Steps: sort the elements, read strands, cut them into pieces, read kerbs at crossings, divide
junctions into ports, lay
out segments, add heights, connect arcs, count.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from apps.city.core.osm import Element
from apps.navigation.core.arrays import F8, frozen
from apps.navigation.core.codes import InclineSource, Kind, Mark
from apps.navigation.core.crossings import Network, PieceKerb, crossing_ends, piece_kerb
from apps.navigation.core.graph import (
    SEGMENT_ROW,
    Rows,
    Shapes,
    WalkGraph,
    build_arcs,
    connected_parts,
    pack_texts,
)
from apps.navigation.core.heights import SAMPLE_M, Elevation, Grade, grade, level_out
from apps.navigation.core.junctions import Inner, Junction, read_junction
from apps.navigation.core.kerbs import Kerb, KerbReading
from apps.navigation.core.pieces import Piece, arms_by_junction, cut
from apps.navigation.core.plane import Plane, running_length_m
from apps.navigation.core.report import BuildReport, report_on
from apps.navigation.core.strands import World, read_strands, read_world
from apps.navigation.core.traits import Traits

POINT_LENGTH_M = 0.1  # a point feature is a short segment: zero would hide it from lines and maps


class EmptyArea(ValueError):
    """The elements hold nothing that can be walked."""


@dataclass(slots=True)
class _Draft:
    """Rows under construction."""

    rows: list[tuple[float | int, ...]] = field(default_factory=list)
    shapes: list[tuple[tuple[float, float, int], ...]] = field(default_factory=list)
    node_xy: list[tuple[float, float]] = field(default_factory=list)
    node_osm: list[int] = field(default_factory=list)
    ports: dict[tuple[int, int], int] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)

    def port(self, node_id: int, port: int, xy: tuple[float, float]) -> int:
        """The graph node of a junction's port."""
        key = (node_id, port)
        if key not in self.ports:
            self.ports[key] = len(self.node_xy)
            self.node_xy.append(xy)
            self.node_osm.append(node_id)
        return self.ports[key]

    def text(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts)) if text else -1


def build_graph(
    elements: Iterable[Element], *, dated_on: int = 0, elevation: Elevation | None = None
) -> tuple[WalkGraph, BuildReport]:
    """Build the walking graph of an area. `dated_on` is the date of the data as yyyymmdd."""
    world = read_world(elements)
    plane = _plane(world)
    strands = read_strands(world, plane)
    pieces = cut(strands, world)
    if not pieces:
        raise EmptyArea("no walkable way among these elements")
    arms = arms_by_junction(pieces, world, plane)
    network = Network(world, plane, pieces, arms, crossing_ends(strands))
    draft = _lay_out(network)
    graph = _freeze(draft, plane, dated_on, elevation)
    return graph, report_on(graph)


def _plane(world: World) -> Plane:
    """Centred on the middle of the walkable nodes' box."""
    used = [world.nodes[n] for way in world.ways.values() for n in way.node_ids]
    if not used:
        raise EmptyArea("no way among these elements")
    lon = [n.lon for n in used]
    lat = [n.lat for n in used]
    return Plane((min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2)


def _lay_out(network: Network) -> _Draft:
    draft = _Draft()
    places: dict[tuple[int, bool], tuple[int, tuple[float, float]]] = {}
    for node_id, arms in network.arms.items():
        junction = read_junction(network, node_id)
        centre = network.xy(node_id)
        for arm, port in zip(arms, junction.ports, strict=True):
            xy = _port_xy(junction, port, centre)
            places[arm.piece, arm.at_end] = (draft.port(node_id, port, xy), xy)
        for inner in junction.inner:
            _add_inner(draft, node_id, junction, inner, centre)
    for number, piece in enumerate(network.pieces):
        _add_piece(draft, network, piece, places[number, False], places[number, True])
    return draft


def _port_xy(junction: Junction, port: int, centre: tuple[float, float]) -> tuple[float, float]:
    dx, dy = junction.offsets.get(port, (0.0, 0.0))
    return centre[0] + dx, centre[1] + dy


def _add_inner(
    draft: _Draft, node_id: int, junction: Junction, inner: Inner, centre: tuple[float, float]
) -> None:
    tail_xy = _port_xy(junction, inner.tail, centre)
    head_xy = _port_xy(junction, inner.head, centre)
    tail = draft.port(node_id, inner.tail, tail_xy)
    head = draft.port(node_id, inner.head, head_xy)
    gap_m = math.dist(tail_xy, head_xy)
    is_way_id = node_id < 0  # a lift drawn as an area
    kerb = (inner.kerb, inner.climbs, inner.missing_n)
    draft.rows.append(
        _row(
            draft,
            (tail, head),
            max(gap_m, POINT_LENGTH_M * inner.share),
            inner.traits,
            kerb,
            (not is_way_id, abs(node_id)),
            3,
            inner.share,
        )
    )
    draft.shapes.append(((*tail_xy, node_id), (*head_xy, node_id)))


def _add_piece(
    draft: _Draft,
    network: Network,
    piece: Piece,
    start: tuple[int, tuple[float, float]],
    end: tuple[int, tuple[float, float]],
) -> None:
    line = _line(network, piece, start[1], end[1])
    length_m = sum(math.dist(a[:2], b[:2]) for a, b in itertools.pairwise(line))
    on_piece: PieceKerb = piece_kerb(network, piece)
    strand = piece.strand
    kerb = (on_piece.reading, on_piece.climbs, on_piece.missing_n)
    directions = int(strand.forward) | int(strand.back) << 1
    # one wait for a crossing, however many nodes it is cut at
    share = length_m / network.length_m(strand.nodes) if strand.is_crossing else 1.0
    draft.rows.append(
        _row(
            draft,
            (start[0], end[0]),
            max(length_m, 0.01),
            strand.traits,
            kerb,
            (False, strand.way_id),
            directions,
            share,
        )
    )
    draft.shapes.append(line)


def _line(
    network: Network, piece: Piece, start: tuple[float, float], end: tuple[float, float]
) -> tuple[tuple[float, float, int], ...]:
    """The piece's points; a tagged pavement's inner points are moved off the carriageway."""
    nodes = piece.nodes
    points = [network.xy(n) for n in nodes]
    if piece.strand.side:
        out_m = math.dist(start, points[0]) or math.dist(end, points[-1])
        sign = 1.0 if piece.strand.side == "right" else -1.0
        inner = [_beside(points, k, sign * min(out_m, 9.0)) for k in range(1, len(points) - 1)]
    else:
        inner = points[1:-1]
    placed = [start, *inner, end]
    return tuple((x, y, n) for (x, y), n in zip(placed, nodes, strict=True))


def _beside(points: list[tuple[float, float]], k: int, right_m: float) -> tuple[float, float]:
    dx, dy = points[k + 1][0] - points[k - 1][0], points[k + 1][1] - points[k - 1][1]
    norm = math.hypot(dx, dy) or 1.0
    return points[k][0] + dy / norm * right_m, points[k][1] - dx / norm * right_m


def _row(
    draft: _Draft,
    ends: tuple[int, int],
    length_m: float,
    traits: Traits,
    kerb: tuple[KerbReading | None, int, int],
    osm: tuple[bool, int],
    directions: int,
    share: float,
) -> tuple[float | int, ...]:
    """One row in the order of `Segments`."""
    t = traits
    reading, climbs, missing_n = kerb
    incline = t.incline_pct
    known = not math.isnan(incline)
    source = InclineSource.TAG if known else InclineSource.SIGN if t.incline_sign else 0
    return (
        *ends,
        length_m,
        t.kind,
        incline,
        max(incline, 0.0) if known else math.nan,
        max(-incline, 0.0) if known else math.nan,
        0.0 if known else math.nan,
        int(source),
        t.incline_sign,
        t.cross_slope_pct,
        t.width_m,
        t.surface,
        t.smoothness,
        t.tactile,
        t.wheelchair,
        t.lit,
        min(t.steps_n, 9999),
        t.ramp,
        t.handrail,
        t.barrier,
        t.signal,
        int(reading.kerb) if reading else int(Kerb.UNKNOWN if missing_n else Kerb.NONE),
        reading.height_cm if reading else math.nan,
        climbs,
        missing_n,
        t.level_from,
        t.level_to,
        t.marks,
        directions,
        t.checked_on,
        min(t.lanes_n, 255),
        int(osm[0]),
        osm[1],
        draft.text(t.name),
        draft.text(t.hours),
        share,
        0.0,
    )


def _freeze(draft: _Draft, plane: Plane, dated_on: int, elevation: Elevation | None) -> WalkGraph:
    rows = np.array(draft.rows, dtype=SEGMENT_ROW)
    shapes = _shapes(draft)
    if elevation is not None:
        shapes = _add_heights(rows, shapes, plane, elevation)
    xy = np.array(draft.node_xy, dtype=np.float64)
    text_bytes, text_start = pack_texts(list(draft.texts))
    nodes_n = len(draft.node_xy)
    return WalkGraph(
        plane=plane,
        dated_on=dated_on,
        node_x=frozen(xy[:, 0].astype(np.float32)),
        node_y=frozen(xy[:, 1].astype(np.float32)),
        node_osm=frozen(np.array(draft.node_osm, dtype=np.int64)),
        node_part=frozen(connected_parts(rows["tail"], rows["head"], nodes_n)),
        rows=frozen(rows),
        arcs=build_arcs(rows["tail"], rows["head"], nodes_n),
        shapes=_frozen_shapes(shapes),
        text_bytes=text_bytes,
        text_start=text_start,
    )


def _frozen_shapes(shapes: Shapes) -> Shapes:
    for column in shapes:
        column.flags.writeable = False
    return shapes


def _shapes(draft: _Draft) -> Shapes:
    start = np.zeros(len(draft.shapes) + 1, dtype=np.int32)
    start[1:] = np.cumsum([len(line) for line in draft.shapes])
    flat = [point for line in draft.shapes for point in line]
    x, y, osm = zip(*flat, strict=True)
    return Shapes(
        start=start,
        x=np.array(x, dtype=np.float32),
        y=np.array(y, dtype=np.float32),
        z_m=np.full(len(flat), np.nan, dtype=np.float32),
        osm_node=np.array(osm, dtype=np.int64),
    )


_NO_OPEN_SKY = (Kind.INDOOR, Kind.LIFT, Kind.ESCALATOR)
_NO_GRADE = (Kind.STEPS, Kind.KERB, Kind.BARRIER, Kind.DOOR, *_NO_OPEN_SKY)


def _add_heights(rows: Rows, shapes: Shapes, plane: Plane, elevation: Elevation) -> Shapes:
    """Heights for every shape point under open sky; grades where no mapper measured one."""
    lon, lat = plane.to_lonlat_arrays(shapes.x.astype(np.float64), shapes.y.astype(np.float64))
    z = elevation.height_m(lon, lat)
    for k, kind in enumerate(rows["kind"]):
        first, last = shapes.start[k], shapes.start[k + 1]
        if kind in _NO_OPEN_SKY:
            z[first:last] = np.nan
            continue
        x = shapes.x[first:last].astype(np.float64)
        y = shapes.y[first:last].astype(np.float64)
        bridged = bool(rows["marks"][k] & Mark.BRIDGE_OR_TUNNEL)
        along, heights = _profile(x, y, z[first:last], plane, elevation, bridged=bridged)
        z[first:last] = np.interp(running_length_m(x, y), along, heights)
        wants_grade = rows["incline_source"][k] != InclineSource.TAG
        if kind not in _NO_GRADE and wants_grade and not np.isnan(heights).any():
            _put_grade(rows, k, grade(heights, along, elevation.noise_m))
    return shapes._replace(z_m=z.astype(np.float32))


def _profile(
    x: F8, y: F8, z: F8, plane: Plane, elevation: Elevation, *, bridged: bool
) -> tuple[F8, F8]:
    """Evenly spaced, levelled heights along a line, its ends kept in place."""
    running = running_length_m(x, y)
    length_m = max(float(running[-1]), 0.01)
    samples = max(math.ceil(length_m / SAMPLE_M), 1) + 1
    along = np.linspace(0.0, length_m, samples)
    if bridged or samples == 2:
        return along, np.interp(along, (0.0, length_m), (z[0], z[-1]))
    lon, lat = plane.to_lonlat_arrays(np.interp(along, running, x), np.interp(along, running, y))
    return along, level_out(elevation.height_m(lon, lat), length_m / (samples - 1))


def _put_grade(rows: Rows, k: int, found: Grade) -> None:
    rows["incline_pct"][k] = found.mean_pct
    rows["up_pct"][k] = found.up_pct
    rows["down_pct"][k] = found.down_pct
    rows["incline_sd_pct"][k] = found.sd_pct
    rows["incline_source"][k] = InclineSource.DEM
