"""From a place to the network: the nearest segments, by a grid over all line pieces.

The grid is built once per build: for every cell the line pieces whose box touches it. A query
looks at the cells within
its radius and measures each piece once.
"""

import math
from dataclasses import dataclass

import numba as nb
import numpy as np

from apps.navigation.core.arrays import F4, F8, I4, frozen
from apps.navigation.core.codes import POINT_KINDS, Kind
from apps.navigation.core.graph import WalkGraph

CELL_M = 40.0
_NOT_A_PLACE = (*POINT_KINDS, Kind.LIFT, Kind.LINK)


@dataclass(frozen=True, slots=True)
class Grid:
    """Pieces by cell: those of cell c are `piece[start[c]:start[c + 1]]`; a piece starts at a
    shape point.
    """

    west_m: float
    south_m: float
    columns_n: int
    rows_n: int
    start: I4
    piece: I4
    piece_segment: I4


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on a segment. `along` runs from 0 at its tail to 1 at its head."""

    segment: int
    along: float
    distance_m: float
    x: float
    y: float


def build_grid(graph: WalkGraph) -> Grid:
    """Index every piece of every segment that somebody can stand on."""
    shapes = graph.shapes
    points_n = np.diff(shapes.start)
    first = np.repeat(shapes.start[:-1], points_n - 1)
    segment = np.repeat(np.arange(graph.segments_n, dtype=np.int32), points_n - 1)
    within = np.arange(len(first)) - np.repeat(
        np.cumsum(points_n - 1) - (points_n - 1), points_n - 1
    )
    piece = (first + within).astype(np.int32)
    usable = ~np.isin(graph.segments.kind[segment], _NOT_A_PLACE)
    piece, segment = piece[usable], segment[usable]
    west, south = float(graph.node_x.min()) - 1.0, float(graph.node_y.min()) - 1.0
    west = min(west, float(shapes.x.min()) - 1.0)
    south = min(south, float(shapes.y.min()) - 1.0)
    columns_n = int((float(shapes.x.max()) + 1.0 - west) // CELL_M) + 1
    rows_n = int((float(shapes.y.max()) + 1.0 - south) // CELL_M) + 1
    start, cells = _fill(shapes.x, shapes.y, piece, west, south, columns_n, rows_n)
    owner = np.zeros(len(shapes.x), dtype=np.int32)
    owner[piece] = segment
    return Grid(west, south, columns_n, rows_n, frozen(start), frozen(cells), frozen(owner))


@nb.njit(nogil=True, cache=True)
def _fill(
    x: F4, y: F4, piece: I4, west: float, south: float, columns_n: int, rows_n: int
) -> tuple[I4, I4]:
    counts = np.zeros(columns_n * rows_n + 1, dtype=np.int32)
    out = np.empty(0, dtype=np.int32)
    for turn in range(2):
        if turn == 1:
            for c in range(columns_n * rows_n):
                counts[c + 1] += counts[c]
            out = np.empty(counts[-1], dtype=np.int32)
            fill = counts[:-1].copy()
        for p in piece:
            c1 = int((min(x[p], x[p + 1]) - west) / CELL_M)
            c2 = int((max(x[p], x[p + 1]) - west) / CELL_M)
            r1 = int((min(y[p], y[p + 1]) - south) / CELL_M)
            r2 = int((max(y[p], y[p + 1]) - south) / CELL_M)
            for row in range(r1, r2 + 1):
                for column in range(c1, c2 + 1):
                    cell = row * columns_n + column
                    if turn == 0:
                        counts[cell + 1] += 1
                    else:
                        out[fill[cell]] = p
                        fill[cell] += 1
    return counts, out


def spots_near(
    graph: WalkGraph, grid: Grid, x: float, y: float, radius_m: float, most: int = 8
) -> list[Spot]:
    """The nearest segments within a radius, nearest first, each once."""
    segment = np.empty(most, dtype=np.int32)
    values = np.empty((most, 4))
    found = _nearest(
        graph.shapes.x,
        graph.shapes.y,
        graph.shapes.start,
        grid.start,
        grid.piece,
        grid.piece_segment,
        (grid.west_m, grid.south_m, grid.columns_n, grid.rows_n),
        (x, y, radius_m),
        segment,
        values,
    )
    return [Spot(int(segment[i]), *(float(v) for v in values[i])) for i in range(found)]


@nb.njit(nogil=True, cache=True)
def _nearest(
    x: F4,
    y: F4,
    shape_start: I4,
    start: I4,
    cells: I4,
    owner: I4,
    frame: tuple[float, float, int, int],
    query: tuple[float, float, float],
    segment: I4,
    values: F8,
) -> int:
    west, south, columns_n, rows_n = frame
    qx, qy, radius = query
    found = 0
    c1 = max(int((qx - radius - west) // CELL_M), 0)
    c2 = min(int((qx + radius - west) // CELL_M), columns_n - 1)
    r1 = max(int((qy - radius - south) // CELL_M), 0)
    r2 = min(int((qy + radius - south) // CELL_M), rows_n - 1)
    for row in range(r1, r2 + 1):
        for column in range(c1, c2 + 1):
            cell = row * columns_n + column
            for i in range(start[cell], start[cell + 1]):
                p = cells[i]
                dx, dy = x[p + 1] - x[p], y[p + 1] - y[p]
                squared = dx * dx + dy * dy
                t = 0.0
                if squared > 0:
                    t = ((qx - x[p]) * dx + (qy - y[p]) * dy) / squared
                    t = min(max(t, 0.0), 1.0)
                px, py = x[p] + t * dx, y[p] + t * dy
                distance = math.sqrt((px - qx) ** 2 + (py - qy) ** 2)
                if distance <= radius:
                    found = _keep(owner[p], p, t, distance, px, py, segment, values, found)
    for i in range(found):
        k = segment[i]
        values[i, 0] = _share_along(x, y, shape_start[k], shape_start[k + 1], values[i, 0])
    return found


@nb.njit(nogil=True, cache=True)
def _keep(
    k: int,
    p: int,
    t: float,
    distance: float,
    px: float,
    py: float,
    segment: I4,
    values: F8,
    found: int,
) -> int:
    """Insert into the short sorted list, one entry a segment. `values[:, 0]` is piece plus t for
    now.
    """
    place = -1
    for i in range(found):
        if segment[i] == k:
            if values[i, 1] <= distance:
                return found
            place = i
            break
    if place < 0:
        if found < len(segment):
            place = found
            found += 1
        elif values[found - 1, 1] > distance:
            place = found - 1
        else:
            return found
    while place > 0 and values[place - 1, 1] > distance:
        segment[place] = segment[place - 1]
        values[place] = values[place - 1]
        place -= 1
    segment[place] = k
    values[place, 0] = p + min(t, 0.999999)
    values[place, 1] = distance
    values[place, 2] = px
    values[place, 3] = py
    return found


@nb.njit(nogil=True, cache=True)
def _share_along(x: F4, y: F4, first: int, last: int, place: float) -> float:
    total = 0.0
    before = 0.0
    p = int(place)
    for i in range(first, last - 1):
        step = math.sqrt((x[i + 1] - x[i]) ** 2 + (y[i + 1] - y[i]) ** 2)
        if i < p:
            before += step
        elif i == p:
            before += step * (place - p)
        total += step
    return before / total if total > 0 else 0.0
