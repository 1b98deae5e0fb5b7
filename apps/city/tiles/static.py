"""The city's own layers: what the map import drew, places, addresses and districts."""

from apps.city.models import MapShape
from apps.city.tiles.layers import TileLayer

# A place of weight w is drawn from zoom 17 - 5 w on, as core.kinds says; the great ones always.
_PLACE_WEIGHT = "round(weight * 5) >= least(5, 17 - {z})"
_NAMES = """
    coalesce((SELECT jsonb_object_agg(CASE key WHEN '' THEN 'name' ELSE 'name:' || key END, value)
              FROM jsonb_each_text(names)), '{{}}')
"""
_FIELDS = {"kind": "String", "name": "String", "name:ko": "String", "name:en": "String"}


def _shapes(layer: str, description: str, min_zoom: int) -> TileLayer:
    sql = f"SELECT id, properties, geom FROM shapes WHERE layer = '{layer}'"  # noqa: S608 - ours
    return TileLayer(layer, sql, description, min_zoom, _FIELDS)


LANDUSE = _shapes(MapShape.Layer.LANDUSE, "Land use, parks, squares", 8)
WATER = _shapes(MapShape.Layer.WATER, "Lakes and rivers as areas", 8)
WATERWAYS = _shapes(MapShape.Layer.WATERWAYS, "Rivers and streams as lines", 8)
BUILDINGS = _shapes(MapShape.Layer.BUILDINGS, "Buildings", 13)
ROADS = _shapes(MapShape.Layer.ROADS, "Roads for vehicles", 5)
PATHS = _shapes(MapShape.Layer.PATHS, "Ways for people on foot or bicycle", 13)
RAILS = _shapes(MapShape.Layer.RAILS, "Railways and platforms", 9)
BARRIERS = _shapes(MapShape.Layer.BARRIERS, "Walls, fences, kerbs", 14)
POINTS = _shapes(MapShape.Layer.POINTS, "Crossings, signals, bollards, trees", 16)

PLACES = TileLayer(
    "places",
    f"""
    SELECT id, jsonb_build_object('kind', kind, 'code', code, 'weight', weight) || {_NAMES}
           AS properties, ST_Transform(ST_PointOnSurface(geom), 3857) AS geom
    FROM city_place WHERE gone_at IS NULL AND geom && {{degrees}} AND {_PLACE_WEIGHT}
    """,  # noqa: S608 - our own constants
    "Named places and facilities",
    10,
    _FIELDS | {"code": "String", "weight": "Number"},
)
ADDRESSES = TileLayer(
    "addresses",
    """
    SELECT id, jsonb_build_object('number', number) AS properties, ST_Transform(geom, 3857) AS geom
    FROM city_address WHERE geom && {degrees}
    """,
    "House numbers",
    16,
    {"number": "String"},
)
DISTRICTS = TileLayer(
    "districts",
    f"""
    SELECT id, jsonb_build_object('level', level, 'code', code) || {_NAMES} AS properties,
           ST_Transform(geom, 3857) AS geom
    FROM city_district WHERE gone_at IS NULL AND geom && {{degrees}}
    """,  # noqa: S608 - our own constants
    "Administrative areas",
    6,
    {"name": "String", "level": "Number", "code": "String"},
)

NAMES = (
    "landuse", "water", "waterways", "buildings", "roads", "paths", "rails", "barriers", "points",
    "places", "addresses", "districts",
)  # fmt: skip
