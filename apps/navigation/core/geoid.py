"""Heights above the ellipsoid and above the sea: a geoid grid read from GTX bytes.

GTX (NOAA VDatum): big-endian; latitude and longitude of the south-west corner, both steps
(float64), rows, columns (int32),
then rows of float32 from south to north. h = H + N: ellipsoid height = height above sea level +
undulation.
"""

import math
import struct
from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import F4

_HEADER = struct.Struct(">ddddii")
_VOID = -88.8888


class InvalidGeoid(ValueError):
    """Bytes that are not a GTX grid."""


@dataclass(frozen=True, slots=True)
class Geoid:
    """Undulations N in metres; `rows` run from south to north."""

    name: str
    south_lat: float
    west_lon: float
    step_lat: float
    step_lon: float
    rows: F4

    def undulation_m(self, lon: float, lat: float) -> float:
        """Geoid above ellipsoid, bilinear; NaN outside the grid."""
        rows_n, columns_n = self.rows.shape
        row = (lat - self.south_lat) / self.step_lat
        column = (lon - self.west_lon) % 360.0 / self.step_lon
        wraps = columns_n * self.step_lon >= 360.0 - 1e-9
        if not 0 <= row <= rows_n - 1 or (not wraps and column > columns_n - 1):
            return math.nan
        r = min(int(row), rows_n - 2)
        c = int(column) % columns_n
        c2 = (c + 1) % columns_n if wraps else min(c + 1, columns_n - 1)
        u, v = column - int(column), row - r
        low = float(self.rows[r, c]) * (1 - u) + float(self.rows[r, c2]) * u
        high = float(self.rows[r + 1, c]) * (1 - u) + float(self.rows[r + 1, c2]) * u
        return float(low * (1 - v) + high * v)


def read_gtx(data: bytes, name: str = "EGM96") -> Geoid:
    """A geoid grid from the bytes of a GTX file."""
    if len(data) < _HEADER.size:
        raise InvalidGeoid("shorter than a GTX header")
    south, west, step_lat, step_lon, rows_n, columns_n = _HEADER.unpack_from(data)
    wanted = _HEADER.size + 4 * rows_n * columns_n
    if rows_n < 2 or columns_n < 2 or step_lat <= 0 or step_lon <= 0 or len(data) != wanted:
        raise InvalidGeoid("the header does not fit the length of the data")
    rows = np.frombuffer(data, dtype=">f4", offset=_HEADER.size).reshape(rows_n, columns_n)
    native = rows.astype(np.float32)
    native[np.isclose(native, _VOID, atol=1e-3)] = np.nan
    native.flags.writeable = False
    return Geoid(name, south, west, step_lat, step_lon, native)
