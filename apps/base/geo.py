"""Places in metres: projections by SRID, and distances on the sphere.

Geometry is WGS84 (EPSG:4326, lon/lat degrees) at every door; where metres matter it is projected
to the city's SRID. The mean earth radius is 6,371,008.8 m (IUGG, Moritz 2000).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

EARTH_RADIUS_M = 6_371_008.8
WGS84 = 4326

Floats = NDArray[np.float64]


@lru_cache(maxsize=32)
def _transformer(from_srid: int, to_srid: int) -> Transformer:
    return Transformer.from_crs(from_srid, to_srid, always_xy=True)


def project(lon: ArrayLike, lat: ArrayLike, *, srid: int) -> tuple[Floats, Floats]:
    """WGS84 degrees → (east, north) metres in `srid`; arrays keep their shape."""
    east, north = _transformer(WGS84, srid).transform(np.asarray(lon), np.asarray(lat))
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)


def unproject(east: ArrayLike, north: ArrayLike, *, srid: int) -> tuple[Floats, Floats]:
    """(east, north) metres in `srid` → WGS84 degrees; arrays keep their shape."""
    lon, lat = _transformer(srid, WGS84).transform(np.asarray(east), np.asarray(north))
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def metres_between(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """Great-circle distance in metres (haversine); broadcasts."""
    a_lon, a_lat, b_lon, b_lat = (
        np.radians(np.asarray(x, dtype=np.float64)) for x in (lon1, lat1, lon2, lat2)
    )
    h = (
        np.sin((b_lat - a_lat) / 2) ** 2
        + np.cos(a_lat) * np.cos(b_lat) * np.sin((b_lon - a_lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(h, 0, 1))))


def degrees_for(metres: float, *, lat: float) -> tuple[float, float]:
    """How many degrees of (longitude, latitude) cover `metres` at `lat`; for search boxes."""
    lat_deg = np.degrees(metres / EARTH_RADIUS_M)
    return float(lat_deg / max(np.cos(np.radians(lat)), 0.01)), float(lat_deg)
