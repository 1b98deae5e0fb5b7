"""Map cells: the tiles of the web map at one zoom, `13/x/y` (about 4 km wide in Korea)."""

from math import asinh, atan, degrees, pi, radians, sinh, tan

ZOOM = 13
_TILES = 1 << ZOOM


def cell_of(lon: float, lat: float) -> str:
    x = int((lon + 180) / 360 * _TILES)
    y = int((1 - asinh(tan(radians(lat))) / pi) / 2 * _TILES)
    return f"{ZOOM}/{min(max(x, 0), _TILES - 1)}/{min(max(y, 0), _TILES - 1)}"


def bounds_of(cell: str) -> tuple[float, float, float, float]:
    """west, south, east, north. Raises ValueError where it is no cell."""
    zoom, x, y = (int(part) for part in cell.split("/"))
    if zoom != ZOOM or not (0 <= x < _TILES and 0 <= y < _TILES):
        raise ValueError(cell)
    return _lon(x), _lat(y + 1), _lon(x + 1), _lat(y)


def _lon(x: int) -> float:
    return x / _TILES * 360 - 180


def _lat(y: int) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * y / _TILES))))
