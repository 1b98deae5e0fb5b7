"""A local plane in metres around a build's origin.

Equirectangular on the WGS84 radii of curvature at the origin: within 20 km distances are true to
about 0.1 %, which is
below what pavement mapping can promise. Bearings are degrees clockwise from north.
"""

import math
from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import F8

_A = 6378137.0
_E2 = 6.69437999014e-3


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east (x) and north (y) of `lon0`, `lat0`."""

    lon0: float
    lat0: float

    @property
    def metres_per_degree(self) -> tuple[float, float]:
        """East and north metres of one degree at the origin."""
        sin2 = math.sin(math.radians(self.lat0)) ** 2
        prime_vertical_m = _A / math.sqrt(1 - _E2 * sin2)
        meridional_m = _A * (1 - _E2) / (1 - _E2 * sin2) ** 1.5
        east = math.radians(1) * prime_vertical_m * math.cos(math.radians(self.lat0))
        return east, math.radians(1) * meridional_m

    def to_xy(self, lon: float, lat: float) -> tuple[float, float]:
        east, north = self.metres_per_degree
        return (lon - self.lon0) * east, (lat - self.lat0) * north

    def to_lonlat(self, x: float, y: float) -> tuple[float, float]:
        east, north = self.metres_per_degree
        return self.lon0 + x / east, self.lat0 + y / north

    def to_xy_arrays(self, lon: F8, lat: F8) -> tuple[F8, F8]:
        east, north = self.metres_per_degree
        return (lon - self.lon0) * east, (lat - self.lat0) * north

    def to_lonlat_arrays(self, x: F8, y: F8) -> tuple[F8, F8]:
        east, north = self.metres_per_degree
        return self.lon0 + x / east, self.lat0 + y / north


def bearing_deg(dx: float, dy: float) -> float:
    """Direction of a vector, clockwise from north, in [0, 360)."""
    return math.degrees(math.atan2(dx, dy)) % 360.0


def turn_deg(before_deg: float, after_deg: float) -> float:
    """Signed change of direction in (-180, 180]; positive turns right."""
    change = (after_deg - before_deg) % 360.0
    return change - 360.0 if change > 180.0 else change


def running_length_m(x: F8, y: F8) -> F8:
    """Distance along a line at each of its points, starting with 0."""
    steps = np.hypot(np.diff(x), np.diff(y))
    return np.concatenate((np.zeros(1), np.cumsum(steps)))
