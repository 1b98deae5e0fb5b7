"""From marked points to the plane of the ground and back; NumPy alone, so that web processes may.

The homography is the direct linear transform with normalised points (R. Hartley, In defense of the
eight-point algorithm, IEEE PAMI 19(6), 1997), by least squares where more than four are marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.base.geo import project, unproject

Floats = NDArray[np.floating[Any]]
Mark = Sequence[float]  # x, y as shares of the picture; longitude, latitude


class NoPlane(ValueError):
    """These points span no plane; the message says why."""


@dataclass(frozen=True, eq=False)
class Plane:
    """`matrix` leads from shares of the picture to metres around `origin_m` (in the city's SRID);
    `error_m` is how far the marked points are off."""

    matrix: Floats
    origin_m: tuple[float, float]
    srid: int
    error_m: float

    def lonlat(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the picture lies on the map."""
        east, north = through(self.matrix, np.array([[x, y]]))[0]
        return self.lonlat_of_metres(float(east), float(north))

    def lonlat_of_metres(self, east: float, north: float) -> tuple[float, float]:
        lon, lat = unproject(east + self.origin_m[0], north + self.origin_m[1], srid=self.srid)
        return float(lon), float(lat)

    def picture(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place of the map is in the picture."""
        east, north = project(lon, lat, srid=self.srid)
        metres = np.array([[float(east) - self.origin_m[0], float(north) - self.origin_m[1]]])
        x, y = through(np.asarray(np.linalg.inv(self.matrix)), metres)[0]
        return float(x), float(y)


def plane_of(marks: Sequence[Mark], *, srid: int) -> Plane | None:
    """None without marks. Raises NoPlane."""
    if not marks:
        return None
    seen = np.array([mark[:2] for mark in marks], dtype=np.float64)
    east, north = project(
        np.array([mark[2] for mark in marks]), np.array([mark[3] for mark in marks]), srid=srid
    )
    ground = np.column_stack([east, north])
    origin = ground.mean(axis=0)
    matrix = homography(seen, ground - origin)
    off = np.linalg.norm(through(matrix, seen) - (ground - origin), axis=1)
    return Plane(matrix, (float(origin[0]), float(origin[1])), srid, float(off.max()))


def homography(seen: Floats, ground: Floats) -> Floats:
    """Raises NoPlane."""
    if len(seen) < 4:
        raise NoPlane("Mark at least four points.")
    to_seen, to_ground = _normaliser(seen), _normaliser(ground)
    a, b = through(to_seen, seen), through(to_ground, ground)
    rows: list[Any] = []
    for (x, y), (u, v) in zip(a, b, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, -u], [0, 0, 0, x, y, 1, -v * x, -v * y, -v]]
    _u, values, v_t = np.linalg.svd(np.array(rows))
    if values[7] < 1e-6 * values[0]:
        raise NoPlane("Three of the points lie on one line, or two are the same.")
    matrix = np.linalg.inv(to_ground) @ v_t[8].reshape(3, 3) @ to_seen
    if abs(matrix[2, 2]) < 1e-12:
        raise NoPlane("The corner of the picture lies on the horizon.")
    return np.asarray(matrix / matrix[2, 2])


def through(matrix: Floats, points: Floats) -> Floats:
    mapped = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:])


def _normaliser(points: Floats) -> Floats:
    middle = points.mean(axis=0)
    spread = float(np.linalg.norm(points - middle, axis=1).mean()) or 1.0
    scale = 2**0.5 / spread
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
