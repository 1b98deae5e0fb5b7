"""A street network as immutable arrays: nodes, segments (undirected, with two arcs each),
shapes, texts.

Every hard fact is on a segment. A kerb, a gate, a door or a lift that OSM draws as a node is a
short segment here, so that
a route either passes it or does not. Arc `2 k` runs along segment k, arc `2 k + 1` against it,
before sorting by tail;
`seg_arc[k]` gives their places after it. Arrays can be written to disk and mapped again by
`to_arrays`/`from_arrays`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from apps.navigation.core.arrays import F4, F8, I1, I2, I4, I8, U1, frozen
from apps.navigation.core.plane import Plane


class Segments(NamedTuple):
    """Columns of the segment table. Forward is from `tail` to `head`. NaN or 0 codes mean
    unknown.
    """

    tail: I4
    head: I4
    length_m: F4
    kind: U1
    incline_pct: F4  # mean, signed forward
    up_pct: F4  # steepest rise met going forward
    down_pct: F4  # steepest fall met going forward
    incline_sd_pct: F4
    incline_source: U1
    incline_sign: I1
    cross_slope_pct: F4
    width_m: F4
    surface: U1
    smoothness: U1
    tactile: U1
    wheelchair: U1
    lit: U1
    steps_n: I2
    ramp: U1
    handrail: U1
    barrier: U1
    signal: U1
    kerb: U1
    kerb_cm: F4
    kerb_up: I1  # +1: going forward climbs the kerb, -1: going back does, 0: both ways may
    kerb_missing_n: U1  # kerbs that must be here and that nobody described
    level_from: F4
    level_to: F4
    marks: U1
    directions: U1  # bit 1: forward allowed, bit 2: back allowed
    checked_on: I4
    lanes_n: U1
    osm_is_node: U1
    osm_id: I8
    name: I4
    hours: I4
    share: F4  # of the whole feature: 0.5 for a leg of a divided point, a part of a crossing
    drive_mps: F4  # a car's free speed; 0 in a walking graph


_TYPE_OF = {F4: "f4", I1: "i1", I2: "i2", I4: "i4", I8: "i8", U1: "u1"}
SEGMENT_ROW = np.dtype(
    [(name, _TYPE_OF[Segments.__annotations__[name]]) for name in Segments._fields], align=True
)
Rows = npt.NDArray[np.void]


class Arcs(NamedTuple):
    """Directed arcs sorted by tail node: those of node n are `start[n]:start[n + 1]`."""

    start: I4
    head: I4
    tail: I4
    seg: I4
    is_back: U1
    seg_arc: I4  # (segments, 2): places of the forward and the back arc


class Shapes(NamedTuple):
    """Line geometry: points of segment k are `start[k]:start[k + 1]`, tail to head."""

    start: I4
    x: F4
    y: F4
    z_m: F4  # height above sea level; NaN where unknown
    osm_node: I8  # 0 for derived points


@dataclass(frozen=True)
class WalkGraph:
    """One build. `dated_on` is the date of the data as yyyymmdd (0 if unsaid)."""

    plane: Plane
    dated_on: int
    node_x: F4
    node_y: F4
    node_osm: I8
    node_part: I4  # weakly connected part, 0 is the largest
    rows: Rows  # the segment table row by row, which is how machine code reads it
    arcs: Arcs
    shapes: Shapes
    text_bytes: U1
    text_start: I4

    @property
    def nodes_n(self) -> int:
        return len(self.node_x)

    @property
    def segments_n(self) -> int:
        return len(self.rows)

    @cached_property
    def segments(self) -> Segments:
        """The same table column by column: views, not copies."""
        return Segments._make(self.rows[name] for name in Segments._fields)

    def text(self, number: int) -> str:
        if number < 0:
            return ""
        first, last = self.text_start[number], self.text_start[number + 1]
        return bytes(self.text_bytes[first:last]).decode()

    def shape(self, segment: int) -> tuple[F8, F8, F8]:
        """x, y, z of a segment's points, tail to head."""
        first, last = self.shapes.start[segment], self.shapes.start[segment + 1]
        return (
            self.shapes.x[first:last].astype(np.float64),
            self.shapes.y[first:last].astype(np.float64),
            self.shapes.z_m[first:last].astype(np.float64),
        )


_TABLES: Mapping[str, Any] = {"arcs": Arcs, "shapes": Shapes}
_PLAIN = ("node_x", "node_y", "node_osm", "node_part", "rows", "text_bytes", "text_start")


def to_arrays(graph: WalkGraph) -> dict[str, Any]:
    """All arrays by name, flat: `rows`, `arcs.head` and so on."""
    found = dict(_walk(graph))
    origin = (graph.plane.lon0, graph.plane.lat0, float(graph.dated_on))
    found["origin"] = np.array(origin, dtype=np.float64)
    return found


def _walk(graph: WalkGraph) -> Iterator[tuple[str, Any]]:
    for name in _PLAIN:
        yield name, getattr(graph, name)
    for table, kind in _TABLES.items():
        for column in kind._fields:
            yield f"{table}.{column}", getattr(getattr(graph, table), column)


def from_arrays(arrays: Mapping[str, Any]) -> WalkGraph:
    """A graph around arrays that may be mapped from disk."""
    lon0, lat0, dated_on = (float(v) for v in arrays["origin"])
    tables = {
        name: kind(**{column: arrays[f"{name}.{column}"] for column in kind._fields})
        for name, kind in _TABLES.items()
    }
    plain = {name: arrays[name] for name in _PLAIN}
    return WalkGraph(plane=Plane(lon0, lat0), dated_on=int(dated_on), **plain, **tables)


def build_arcs(tail: I4, head: I4, nodes_n: int) -> Arcs:
    """Both arcs of every segment, sorted by the node they leave."""
    n = len(tail)
    arc_tail = np.empty(2 * n, dtype=np.int32)
    arc_head = np.empty(2 * n, dtype=np.int32)
    arc_tail[0::2], arc_tail[1::2] = tail, head
    arc_head[0::2], arc_head[1::2] = head, tail
    order = np.argsort(arc_tail, kind="stable")
    place = np.empty(2 * n, dtype=np.int32)
    place[order] = np.arange(2 * n, dtype=np.int32)
    start = np.zeros(nodes_n + 1, dtype=np.int32)
    start[1:] = np.cumsum(np.bincount(arc_tail, minlength=nodes_n))
    return Arcs(
        start=frozen(start),
        head=frozen(arc_head[order]),
        tail=frozen(arc_tail[order]),
        seg=frozen((order // 2).astype(np.int32)),
        is_back=frozen((order % 2).astype(np.uint8)),
        seg_arc=frozen(place.reshape(n, 2)),
    )


def connected_parts(tail: I4, head: I4, nodes_n: int) -> I4:
    """The weakly connected part of each node, numbered from the largest."""
    ones = np.ones(len(tail), dtype=np.int8)
    matrix = coo_matrix((ones, (tail, head)), shape=(nodes_n, nodes_n))
    _, label = connected_components(matrix, directed=False)
    order = np.argsort(-np.bincount(label), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    parts: I4 = rank[label].astype(np.int32)
    return parts


def pack_texts(texts: list[str]) -> tuple[U1, I4]:
    """Strings as one buffer with offsets, so that they map from disk like all else."""
    encoded = [text.encode() for text in texts]
    start = np.zeros(len(encoded) + 1, dtype=np.int32)
    start[1:] = np.cumsum([len(item) for item in encoded]) if encoded else 0
    return frozen(np.frombuffer(b"".join(encoded), dtype=np.uint8).copy()), frozen(start)
