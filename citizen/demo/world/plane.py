"""The town's own plane: metres east (x) and north (y) of its centre, and back to WGS84 degrees.

Over two kilometres a plane with fixed metres per degree is off by millimetres, and it keeps every
raster of the town axis-parallel in degrees as well. Degrees are rounded to seven decimals (1 cm),
so that the town is the same to the byte on every machine.
"""

from math import cos, radians

import numpy as np
import numpy.typing as npt

Point = tuple[float, float]
LonLat = tuple[float, float]
Floats = npt.NDArray[np.float64]

CENTRE_LON = 127.26
CENTRE_LAT = 37.43
HALF_M = 1000.0

_LAT = radians(CENTRE_LAT)
# Series for the WGS84 ellipsoid (National Geospatial-Intelligence Agency, "length of a degree").
M_PER_DEG_LAT = 111132.92 - 559.82 * cos(2 * _LAT) + 1.175 * cos(4 * _LAT)
M_PER_DEG_LON = 111412.84 * cos(_LAT) - 93.5 * cos(3 * _LAT)


def to_lonlat(point: Point) -> LonLat:
    x_m, y_m = point
    return (
        round(CENTRE_LON + x_m / M_PER_DEG_LON, 7),
        round(CENTRE_LAT + y_m / M_PER_DEG_LAT, 7),
    )


def to_plane(lon: float, lat: float) -> Point:
    return (lon - CENTRE_LON) * M_PER_DEG_LON, (lat - CENTRE_LAT) * M_PER_DEG_LAT


def into_box(point: Point) -> Point:
    """The nearest point of the town's square: offsets of a street that leaves it may overshoot."""
    return (
        min(max(float(point[0]), -HALF_M), HALF_M),
        min(max(float(point[1]), -HALF_M), HALF_M),
    )


def ring_to_lonlat(ring: list[Point]) -> tuple[LonLat, ...]:
    """A closed ring in degrees from an open ring in metres."""
    corners = tuple(to_lonlat(into_box(corner)) for corner in ring)
    return (*corners, corners[0])
