"""What of OpenStreetMap is drawn, on which layer and from which zoom on.

A shape is a decision about tags only; geometry stays outside. Zooms follow the usual rule of web
maps: a thing appears once it is a few pixels large. Source of the tags: OpenStreetMap wiki.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from apps.city.core.osm import Tags


@dataclass(frozen=True, slots=True)
class Shape:
    layer: str
    kind: str
    min_zoom: int
    extra: dict[str, Any] = field(default_factory=dict)


_ROADS = {
    "motorway": 5, "trunk": 6, "primary": 8, "secondary": 9, "tertiary": 11, "unclassified": 12,
    "residential": 12, "living_street": 13, "service": 14, "track": 14, "road": 13, "busway": 13,
}  # fmt: skip
_PATHS = {
    "pedestrian": 13, "footway": 14, "path": 14, "steps": 14, "cycleway": 14, "bridleway": 14,
    "corridor": 16, "platform": 15, "elevator": 16,
}  # fmt: skip
_RAILS = {
    "rail": 9, "light_rail": 11, "subway": 12, "tram": 13, "monorail": 12, "narrow_gauge": 12,
    "funicular": 13, "platform": 15,
}  # fmt: skip
_WATERWAYS = {"river": 8, "canal": 11, "stream": 13, "ditch": 15, "drain": 15}
_BARRIERS = {
    "wall": 15, "fence": 16, "hedge": 16, "retaining_wall": 15, "city_wall": 14, "guard_rail": 16,
    "kerb": 16, "handrail": 16,
}  # fmt: skip
_LANDUSE = {
    "natural": {
        "wood", "scrub", "heath", "grassland", "beach", "sand", "bare_rock", "wetland", "scree",
    },
    "landuse": {
        "forest", "grass", "meadow", "farmland", "orchard", "vineyard", "cemetery", "residential",
        "commercial", "retail", "industrial", "construction", "railway", "allotments", "quarry",
        "recreation_ground", "village_green", "military", "farmyard", "brownfield", "landfill",
    },
    "leisure": {
        "park", "garden", "pitch", "playground", "golf_course", "nature_reserve", "stadium",
        "track", "common", "dog_park",
    },
    "amenity": {
        "school", "university", "college", "hospital", "parking", "kindergarten", "grave_yard",
        "marketplace",
    },
    "place": {"square"},
    "highway": {"pedestrian", "footway", "service", "platform"},
    "railway": {"platform"},
    "man_made": {"bridge", "pier"},
    "aeroway": {"aerodrome", "apron"},
}  # fmt: skip
_WATER = {
    "natural": {"water", "bay"},
    "waterway": {"riverbank", "dock"},
    "landuse": {"reservoir", "basin"},
    "leisure": {"swimming_pool"},
}
_POINTS = {
    "natural": {"tree"},
    "highway": {"traffic_signals", "crossing", "street_lamp", "stop", "give_way"},
    "barrier": {
        "bollard", "gate", "lift_gate", "block", "cycle_barrier", "kissing_gate", "stile",
        "turnstile", "kerb",
    },
    "emergency": {"fire_hydrant"},
    "entrance": {"yes", "main", "service", "emergency", "exit"},
    "man_made": {"surveillance", "monitoring_station"},
}  # fmt: skip
_AREA_HIGHWAYS = {"pedestrian", "footway", "service", "platform"}

_WAY_EXTRAS = (
    "bridge", "tunnel", "layer", "oneway", "surface", "smoothness", "access", "foot", "bicycle",
    "wheelchair", "incline", "level", "ref", "footway", "crossing", "covered", "lit", "width",
    "tactile_paving", "service", "indoor",
)  # fmt: skip
_AREA_EXTRAS = ("building:levels", "height", "min_height", "level", "access", "layer", "indoor")
_POINT_EXTRAS = ("kerb", "tactile_paving", "crossing", "access", "level", "wheelchair")


def way_shape(tags: Tags, *, is_closed: bool) -> Shape | None:
    """How a way is drawn as a line; None if it is not. Closed areas are for `area_shape`."""
    if tags.get("area") == "yes":
        return None
    for layer, key, zooms in (
        ("roads", "highway", _ROADS),
        ("paths", "highway", _PATHS),
        ("rails", "railway", _RAILS),
        ("waterways", "waterway", _WATERWAYS),
        ("barriers", "barrier", _BARRIERS),
    ):
        value = tags.get(key, "").removesuffix("_link")
        if value in zooms and not (is_closed and value == "platform"):
            return Shape(layer, value, _line_zoom(tags, zooms[value]), _kept(tags, _WAY_EXTRAS))
    return None


def _line_zoom(tags: Tags, zoom: int) -> int:
    if tags.get("footway") in {"sidewalk", "crossing"} or tags.get("service") == "driveway":
        return max(zoom, 15)
    return zoom


def area_shape(tags: Tags) -> Shape | None:
    """How a closed way or multipolygon is drawn as an area; None if it is not."""
    if tags.get("building", "no") != "no" or tags.get("building:part", "no") != "no":
        kind = tags.get("building") or "part"
        return Shape("buildings", kind, 13, _kept(tags, _AREA_EXTRAS))
    for layer, table in (("water", _WATER), ("landuse", _LANDUSE)):
        for key, values in table.items():
            if (value := tags.get(key)) in values and _is_area(tags, key):
                return Shape(layer, str(value), 8, _kept(tags, _AREA_EXTRAS))
    return None


def _is_area(tags: Tags, key: str) -> bool:
    """A closed footway is a loop unless it says that it is an area."""
    if key != "highway":
        return True
    return (
        tags.get("area") == "yes" or tags.get("type") == "multipolygon"
        or tags["highway"] == "platform"
    )  # fmt: skip


def point_shape(tags: Tags) -> Shape | None:
    """How a node is drawn that is no place: a tree, a bollard, a crossing."""
    for key, values in _POINTS.items():
        if (value := tags.get(key)) in values:
            kind = "entrance" if key == "entrance" else str(value)
            return Shape("points", kind, 16, _kept(tags, _POINT_EXTRAS))
    return None


def _kept(tags: Tags, keys: tuple[str, ...]) -> dict[str, Any]:
    return {_SHORTER.get(key, key): _value(tags[key]) for key in keys if key in tags}


_SHORTER = {"building:levels": "levels"}


def _value(text: str) -> Any:
    """Numbers as numbers, so that styles can calculate with them."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number.is_integer() else number
