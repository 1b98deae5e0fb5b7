"""Layers of the vector tiles, by registry: an app that has something to show adds its line.

    layers.add("parking", "apps.parking.tiles.PARKING")

A layer's SQL yields `id`, `properties` (jsonb) and `geom` (web Mercator) of what meets the tile. It
may use `{box}` (the tile and its margin, web Mercator), `{degrees}` (the same in WGS84), `{z}`, and
the common table `shapes` (the map's own shapes in the tile). Tiles are cached: whoever changes what
a layer shows calls `apps.city.services.founding.change_map`, so a layer is no place for what moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.base.registry import Registry


@dataclass(frozen=True, slots=True)
class TileLayer:
    name: str
    sql: str
    description: str
    min_zoom: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)


layers: Registry[TileLayer] = Registry("tile layer")


def all_layers() -> list[TileLayer]:
    return [layer for _, layer in layers.items()]
