"""The land: a raster of heights in metres above sea level, and how it came to be.

Hills stand upstream in the north, the old quarter lies on a terrace above an escarpment, and the
rest is valley. Streets are graded into this land by `grading`.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import cos, radians, sin
from random import Random

import numpy as np
import numpy.typing as npt

from citizen.demo.world.lines import smooth
from citizen.demo.world.plane import (
    CENTRE_LAT,
    CENTRE_LON,
    M_PER_DEG_LAT,
    M_PER_DEG_LON,
    Floats,
    Point,
    to_plane,
)  # fmt: skip
from citizen.demo.world.river import River, valley_rise

CELL_M = 5.0
RASTER_HALF_M = 1100.0
CELLS = int(2 * RASTER_HALF_M / CELL_M)

ESCARPMENT: list[Point] = [
    (-1160, 215), (-900, 205), (-740, 185), (-520, 240), (-330, 300), (-150, 390), (-30, 520),
    (40, 700), (60, 860), (95, 1160),
]  # fmt: skip
ESCARPMENT_RISE_M = 10.5
ESCARPMENT_HALF_M = 12.0


@dataclass(frozen=True)
class Hill:
    top: Point
    rise_m: float
    reach_m: tuple[float, float]
    turn_deg: float = 0.0


HILLS = (
    Hill((-720, 930), 128, (330, 250), 20),
    Hill((-330, 1040), 84, (240, 230), -15),
    Hill((-980, 560), 62, (170, 210)),
    Hill((930, 930), 92, (200, 190), 30),
    Hill((1000, 640), 26, (140, 150)),
    Hill((430, 1060), 30, (110, 120)),
    Hill((-980, -980), 36, (150, 120), 25),
    Hill((960, -1010), 14, (150, 110)),
)


@dataclass(frozen=True, eq=False)
class Heights:
    """Metres above mean sea level at cell centres; row 0 is the northern edge.

    `transform` is the affine (a, b, c, d, e, f) of pixel corners to WGS84 degrees, as GIS tools
    write it: lon = a·col + b·row + c, lat = d·col + e·row + f.
    """

    values: npt.NDArray[np.float32]
    transform: tuple[float, float, float, float, float, float]
    cell_m: float = CELL_M

    def at(self, lon: float, lat: float) -> float:
        return self.at_point(to_plane(lon, lat))

    def at_point(self, point: Point) -> float:
        return float(self.at_points(np.array([point]))[0])

    def at_points(self, points: Floats) -> Floats:
        """Bilinear between the four cell centres around each point of the town's plane."""
        col = (points[:, 0] + RASTER_HALF_M) / self.cell_m - 0.5
        row = (RASTER_HALF_M - points[:, 1]) / self.cell_m - 0.5
        return bilinear(self._values64, row, col)

    @cached_property
    def _values64(self) -> Floats:
        return self.values.astype(np.float64)


def bilinear(grid: Floats, row: Floats, col: Floats) -> Floats:
    r = np.clip(row, 0, grid.shape[0] - 1.001)
    c = np.clip(col, 0, grid.shape[1] - 1.001)
    i, j = r.astype(int), c.astype(int)
    v, u = r - i, c - j
    north: Floats = grid[i, j] * (1 - u) + grid[i, j + 1] * u
    south: Floats = grid[i + 1, j] * (1 - u) + grid[i + 1, j + 1] * u
    mixed: Floats = north * (1 - v) + south * v
    return mixed


def as_heights(grid: Floats) -> Heights:
    """Rounded to centimetres: what a survey would claim, and equal on every machine."""
    half_lon, half_lat = RASTER_HALF_M / M_PER_DEG_LON, RASTER_HALF_M / M_PER_DEG_LAT
    transform = (
        CELL_M / M_PER_DEG_LON, 0.0, CENTRE_LON - half_lon,
        0.0, -CELL_M / M_PER_DEG_LAT, CENTRE_LAT + half_lat,
    )  # fmt: skip
    return Heights(np.round(grid, 2).astype(np.float32), transform)


def cell_centres(cells: int = CELLS) -> tuple[Floats, Floats]:
    """x and y of each cell, row by row from the north."""
    step = 2 * RASTER_HALF_M / cells
    side = -RASTER_HALF_M + step * (np.arange(cells) + 0.5)
    x_m, y_m = np.meshgrid(side, side[::-1])
    return x_m.ravel(), y_m.ravel()


def natural_land(river: River, seed: int) -> Floats:
    """The land before anybody built on it."""
    x_m, y_m = cell_centres()
    distance_m, bed_m, uphill_m, old_side = _fields(river)
    dry = _ramp(distance_m, 95.0, 260.0)
    hills = _hills(x_m, y_m) * dry * (1 - old_side * (1 - _ramp(uphill_m, 110.0, 420.0)))
    terrace = _terrace(uphill_m) * _ramp(distance_m, 80.0, 125.0) * old_side
    terrace *= _ramp(x_m, -1000.0, -840.0) * (1 - _ramp(y_m, 660.0, 840.0))
    rough = _noise(x_m, y_m, seed) * (0.15 + 0.05 * hills) * dry
    land = bed_m + valley_rise(distance_m) + terrace + hills + rough
    return land.reshape(CELLS, CELLS)


def _fields(river: River) -> tuple[Floats, ...]:
    """Distance to the river, its bed, distance uphill of the escarpment, and 1 on its side.

    They are found on a raster of half the resolution and drawn out, because they are smooth.
    """
    coarse = CELLS // 2
    x_m, y_m = cell_centres(coarse)
    uphill_m = escarpment_distance(x_m, y_m)
    fields = (*river.distance_and_bed(x_m, y_m), uphill_m, _old_side(river, x_m, y_m))
    rows = (np.arange(CELLS) + 0.5) / 2 - 0.5
    row, col = (axis.ravel() for axis in np.meshgrid(rows, rows, indexing="ij"))
    return tuple(bilinear(f.reshape(coarse, coarse), row, col) for f in fields)


def _old_side(river: River, x_m: Floats, y_m: Floats) -> Floats:
    """1 on the old quarter's bank (the right one, looking downstream), else 0."""
    inside = np.zeros(x_m.shape, dtype=bool)
    ring = np.vstack([river.line, [(-1200, -400), (-1200, 1200), (300, 1200)]])
    for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if ay != by:
            spans = (ay > y_m) != (by > y_m)
            inside ^= spans & (x_m < (bx - ax) * (y_m - ay) / (by - ay) + ax)
    return inside.astype(np.float64)


def escarpment_distance(x_m: Floats, y_m: Floats) -> Floats:
    """Metres uphill (+) or downhill (−) of the escarpment's line."""
    line = smooth(ESCARPMENT, 25.0)
    best = np.full(x_m.shape, np.inf)
    signed = np.zeros(x_m.shape)
    for (ax, ay), (bx, by) in pairwise(line):
        dx, dy = bx - ax, by - ay
        t = np.clip(((x_m - ax) * dx + (y_m - ay) * dy) / (dx * dx + dy * dy), 0, 1)
        gap = np.hypot(x_m - ax - t * dx, y_m - ay - t * dy)
        left = dx * (y_m - ay) - dy * (x_m - ax) >= 0
        closer = gap < best
        best[closer] = gap[closer]
        signed[closer] = np.where(left, gap, -gap)[closer]
    return signed


def _ramp(value: Floats, low: float, high: float) -> Floats:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    smoothed: Floats = t * t * (3 - 2 * t)
    return smoothed


def _terrace(uphill_m: Floats) -> Floats:
    """Foot slope, wall and terrace of the old quarter."""
    foot = 1.2 * _ramp(uphill_m, -160.0, -20.0)
    wall = ESCARPMENT_RISE_M * _ramp(uphill_m, -ESCARPMENT_HALF_M, ESCARPMENT_HALF_M)
    terrace: Floats = foot + wall + 0.028 * np.clip(uphill_m, 0.0, 260.0)
    return terrace


def _hills(x_m: Floats, y_m: Floats) -> Floats:
    total = np.zeros(x_m.shape)
    for hill in HILLS:
        c, s = cos(radians(hill.turn_deg)), sin(radians(hill.turn_deg))
        dx, dy = x_m - hill.top[0], y_m - hill.top[1]
        u, v = (c * dx + s * dy) / hill.reach_m[0], (c * dy - s * dx) / hill.reach_m[1]
        total += hill.rise_m * np.exp(-0.5 * (u * u + v * v))
    return total


def _noise(x_m: Floats, y_m: Floats, seed: int) -> Floats:
    """Three octaves of value noise, each within ±1 before weighting."""
    total = np.zeros(x_m.shape)
    for octave, (step_m, weight) in enumerate(((240.0, 1.0), (110.0, 0.5), (45.0, 0.22))):
        draw = Random(f"{seed}:land:{octave}")
        n = int(2 * RASTER_HALF_M / step_m) + 3
        lattice = np.array([draw.uniform(-1, 1) for _ in range(n * n)]).reshape(n, n)
        row, col = (y_m + RASTER_HALF_M) / step_m, (x_m + RASTER_HALF_M) / step_m
        total += weight * bilinear(lattice, _eased(row), _eased(col))
    return total


def _eased(position: Floats) -> Floats:
    """Without easing between lattice points the land would show straight creases."""
    whole = np.floor(position)
    part = position - whole
    eased: Floats = whole + part * part * (3 - 2 * part)
    return eased
