"""Heights and grades from an elevation model, as honest as its resolution allows.

A model is a callable from WGS84 arrays to metres above sea level (NaN in voids). Heights are
sampled every 5 m, levelled
with a moving local line over 30 m (Savitzky and Golay 1964, first order), bridged straight between
the ends of bridges
and tunnels, and never used inside buildings. The grade of a segment carries the standard deviation
that follows from
the model's own noise and the segment's length: a short segment knows little about its grade.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import F8

SAMPLE_M = 5.0
WINDOW_M = 30.0

HeightModel = Callable[[F8, F8], F8]


@dataclass(frozen=True, slots=True)
class Elevation:
    """A height model and its relative noise over tens of metres (SRTM: about 4 m, lidar: 0.15
    m).
    """

    height_m: HeightModel
    noise_m: float = 4.0

    def __post_init__(self) -> None:
        if not self.noise_m > 0:
            raise ValueError("noise_m must be positive: no elevation model is exact")


@dataclass(frozen=True, slots=True)
class Grade:
    """Mean and steepest grades along a line, percent, forward."""

    mean_pct: float
    up_pct: float
    down_pct: float
    sd_pct: float


@dataclass(frozen=True, slots=True)
class Raster:
    """A north-up grid of heights; rows run from north to south. Bilinear between cell centres."""

    west_lon: float
    north_lat: float
    step_lon: float
    step_lat: float
    rows: F8

    def __call__(self, lon: F8, lat: F8) -> F8:
        column = (np.asarray(lon, dtype=np.float64) - self.west_lon) / self.step_lon
        row = (self.north_lat - np.asarray(lat, dtype=np.float64)) / self.step_lat
        height, width = self.rows.shape
        inside = (column >= 0) & (column <= width - 1) & (row >= 0) & (row <= height - 1)
        c = np.clip(np.floor(column).astype(int), 0, width - 2)
        r = np.clip(np.floor(row).astype(int), 0, height - 2)
        u, v = column - c, row - r
        top = self.rows[r, c] * (1 - u) + self.rows[r, c + 1] * u
        low = self.rows[r + 1, c] * (1 - u) + self.rows[r + 1, c + 1] * u
        found: F8 = np.where(inside, top * (1 - v) + low * v, np.nan)
        return found


def level_out(z_m: F8, spacing_m: float) -> F8:
    """A local line through each window; near the ends the window narrows on both sides alike."""
    reach = max(int(WINDOW_M / 2 / spacing_m), 1)
    n = len(z_m)
    total = np.concatenate((np.zeros(1), np.cumsum(z_m)))
    place = np.arange(n)
    half = np.minimum(np.minimum(place, n - 1 - place), reach)
    smooth: F8 = (total[place + half + 1] - total[place - half]) / (2 * half + 1)
    return smooth


def grade(z_m: F8, along_m: F8, noise_m: float) -> Grade:
    """Grades of a levelled height profile; steepest over whole windows, not over single samples."""
    length_m = float(along_m[-1])
    mean = (z_m[-1] - z_m[0]) / length_m * 100.0
    reach = max(int(np.searchsorted(along_m, min(WINDOW_M, length_m) - 1e-6)), 1)
    rise = (z_m[reach:] - z_m[:-reach]) / (along_m[reach:] - along_m[:-reach]) * 100.0
    span_m = min(length_m, WINDOW_M)
    sd = noise_m * np.sqrt(2.0) / span_m * 100.0
    return Grade(float(mean), max(float(rise.max()), 0.0), max(float(-rise.min()), 0.0), float(sd))
