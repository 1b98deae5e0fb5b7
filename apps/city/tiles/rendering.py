"""One tile = one statement over all layers; its text depends on the zoom, so it is prepared once.

Tiles follow the XYZ scheme in web Mercator (EPSG:3857) and Mapbox Vector Tile 2.1, extent 4096.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from apps.city.tiles.layers import TileLayer, all_layers

MAX_ZOOM = 16
EXTENT, MARGIN = 4096, 64
# Half the circumference of the earth in web Mercator's metres.
_HALF_M = 20_037_508.342789244
# Points closer than this many tile units say nothing on a screen.
_SIMPLIFY_UNITS = 4
# From here on shapes are drawn as they are.
_EXACT_FROM_ZOOM = 15


@dataclass(frozen=True, slots=True)
class Tile:
    z: int
    x: int
    y: int

    @property
    def width_m(self) -> float:
        return 2 * _HALF_M / (1 << self.z)

    def parameters(self) -> dict[str, float]:
        """The tile's square in web Mercator."""
        west = -_HALF_M + self.x * self.width_m
        north = _HALF_M - self.y * self.width_m
        return {
            "west": west,
            "south": north - self.width_m,
            "east": west + self.width_m,
            "north": north,
            "margin_m": self.width_m * MARGIN / EXTENT,
        }


def read_tile(z: str, x: str, y: str) -> Tile | None:
    """The tile that three texts name; None if there is no such tile."""
    if not all(part.isascii() and part.isdecimal() and len(part) < 7 for part in (z, x, y)):
        return None
    tile = Tile(int(z), int(x), int(y))
    if tile.z > MAX_ZOOM or max(tile.x, tile.y) >= 1 << tile.z:
        return None
    return tile


_SQUARE = "ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)"
_BOX = f"ST_Expand({_SQUARE}, %(margin_m)s)"
_DEGREES = f"ST_Transform({_BOX}, 4326)"


@lru_cache(maxsize=MAX_ZOOM + 1)
def statement(z: int) -> str:
    """The SQL of all tiles of a zoom."""
    parts = [_layer_sql(layer, z) for layer in all_layers() if layer.min_zoom <= z]
    return f"""
        WITH shapes AS MATERIALIZED (
            SELECT id, layer, properties, geom FROM city_mapshape
            WHERE geom && {_BOX} AND min_zoom <= {z:d}
        )
        SELECT {" || ".join(parts) or "''::bytea"}
    """  # noqa: S608 - our own constants


def _layer_sql(layer: TileLayer, z: int) -> str:
    rows = layer.sql.format(box=_BOX, degrees=_DEGREES, z=z)
    return f"""
        coalesce((
            SELECT ST_AsMVT(cut, '{layer.name}', {EXTENT}, 'geom', 'id') FROM (
                SELECT id, properties,
                       ST_AsMVTGeom({_simplified(z)}, {_SQUARE}, {EXTENT}, {MARGIN}) AS geom
                FROM ({rows}) found
            ) cut WHERE geom IS NOT NULL
        ), ''::bytea)
    """  # noqa: S608 - our own constants


def _simplified(z: int) -> str:
    if z >= _EXACT_FROM_ZOOM:
        return "geom"
    tolerance_m = 2 * _HALF_M / (1 << z) / EXTENT * _SIMPLIFY_UNITS
    return f"ST_Simplify(geom, {tolerance_m:.6f}, true)"


@lru_cache(maxsize=1)
def layers_hash() -> str:
    """Changes with the layers' SQL, so that a new release does not serve tiles of the old."""
    text = "".join(statement(z) for z in range(MAX_ZOOM + 1))
    return hashlib.sha256(text.encode()).hexdigest()[:10]
