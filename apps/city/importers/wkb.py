"""WGS84 geometry as PostGIS' extended well-known binary, little endian."""

import struct
from collections.abc import Sequence

from apps.city.importers.batches import Ewkb

_SRID_FLAG = 0x2000_0000
_POINT, _LINE = 1, 2
_WGS84 = 4326
_E7 = 1e-7


def point(lon: float, lat: float) -> Ewkb:
    return Ewkb(struct.pack("<BIidd", 1, _POINT | _SRID_FLAG, _WGS84, lon, lat))


def line(coordinates: Sequence[float]) -> Ewkb:
    """A line from lon, lat, lon, lat …"""
    head = struct.pack("<BIiI", 1, _LINE | _SRID_FLAG, _WGS84, len(coordinates) // 2)
    return Ewkb(head + struct.pack(f"<{len(coordinates)}d", *coordinates))


def with_srid(wkb_hex: str) -> Ewkb:
    """Plain hexadecimal WKB, as osmium writes it, with WGS84 declared."""
    plain = bytes.fromhex(wkb_hex)
    (kind,) = struct.unpack_from("<I", plain, 1)
    return Ewkb(struct.pack("<BIi", 1, kind | _SRID_FLAG, _WGS84) + plain[5:])
