"""Who may walk or drive on a way by its access tags (OSM wiki: Key:access, most special key
first).
"""

from collections.abc import Mapping

from apps.city.core.roads import CAR_SPEED_KMH
from apps.navigation.core.codes import Kind

Tags = Mapping[str, str]

_SHUT = {"no", "private", "emergency", "military", "official", "unknown_no"}
_FOOT_KINDS: Mapping[str, Kind] = {
    "footway": Kind.FOOTWAY,
    "pedestrian": Kind.FOOTWAY,
    "steps": Kind.STEPS,
    "path": Kind.PATH,
    "track": Kind.TRACK,
    "cycleway": Kind.CYCLEWAY,
    "bridleway": Kind.PATH,
    "corridor": Kind.INDOOR,
    "elevator": Kind.LIFT,
    "platform": Kind.FOOTWAY,
    "access_ramp": Kind.FOOTWAY,
    "living_street": Kind.LIVING_STREET,
    "service": Kind.SERVICE,
    "residential": Kind.MINOR_ROAD,
    "unclassified": Kind.MINOR_ROAD,
    "road": Kind.MINOR_ROAD,
    "tertiary": Kind.MINOR_ROAD,
    "tertiary_link": Kind.MINOR_ROAD,
    "secondary": Kind.MAJOR_ROAD,
    "secondary_link": Kind.MAJOR_ROAD,
    "primary": Kind.MAJOR_ROAD,
    "primary_link": Kind.MAJOR_ROAD,
    "trunk": Kind.MAJOR_ROAD,
    "trunk_link": Kind.MAJOR_ROAD,
}
_ONLY_IF_TAGGED = {"cycleway", "bridleway", "trunk", "trunk_link"}


def walk_kind(tags: Tags) -> Kind | None:
    """What a way is for a walker; None if it is not for walking."""
    highway = tags.get("highway", "")
    if _is_platform(tags):
        highway = "platform"
    if highway not in _FOOT_KINDS or not _may_walk(highway, tags):
        return None
    return _refined(_FOOT_KINDS[highway], tags)


def _is_platform(tags: Tags) -> bool:
    return "highway" not in tags and (
        tags.get("railway") == "platform" or tags.get("public_transport") == "platform"
    )


def _may_walk(highway: str, tags: Tags) -> bool:
    foot = tags.get("foot")
    if foot is not None:
        return foot not in _SHUT and foot != "use_sidepath"
    if tags.get("access") in _SHUT or tags.get("motorroad") == "yes":
        return False
    if highway in _ONLY_IF_TAGGED:
        return highway == "cycleway" and tags.get("segregated") in ("yes", "no")
    return True


def _refined(kind: Kind, tags: Tags) -> Kind:
    """`footway=*`, moving stairs and indoor ways say more than `highway`."""
    if kind is Kind.STEPS:
        return Kind.ESCALATOR if tags.get("conveying") not in (None, "no") else Kind.STEPS
    footway = tags.get("footway") or tags.get("path") or tags.get("cycleway")
    if kind in (Kind.FOOTWAY, Kind.PATH, Kind.CYCLEWAY):
        if footway in ("crossing", "traffic_island"):
            return Kind.CROSSING if footway == "crossing" else Kind.PAVEMENT
        if footway in ("sidewalk", "access_aisle"):
            return Kind.PAVEMENT
        if tags.get("indoor") in ("yes", "corridor", "area", "room"):
            return Kind.INDOOR
    return kind


def is_carriageway(tags: Tags) -> bool:
    """Whether vehicles own this way: the thing that has kerbs."""
    return tags.get("highway") in CAR_SPEED_KMH and tags.get("area") != "yes"


def sidewalk_sides(tags: Tags) -> tuple[str, ...]:
    """The sides of a road whose pavement is only a tag on it."""
    both = tags.get("sidewalk:both")
    if both is not None:
        return ("left", "right") if both == "yes" else ()
    sides = tuple(s for s in ("left", "right") if tags.get(f"sidewalk:{s}") == "yes")
    if sides or "sidewalk:left" in tags or "sidewalk:right" in tags:
        return sides
    plain = tags.get("sidewalk") or tags.get("footway")
    if plain in ("both", "yes"):
        return ("left", "right")
    return (plain,) if plain in ("left", "right") else ()


def has_separate_pavement(tags: Tags) -> bool:
    keys = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
    return any(tags.get(key) == "separate" for key in keys)


def walk_directions(tags: Tags) -> tuple[bool, bool]:
    """Whether walkers may go along and against: moving stairs and one-way footways."""
    if tags.get("conveying") in ("forward", "backward") and tags.get("highway") == "steps":
        return tags["conveying"] == "forward", tags["conveying"] == "backward"
    oneway = tags.get("oneway:foot") or tags.get("foot:oneway")
    if oneway == "-1":
        return False, True
    return True, oneway not in ("yes", "true", "1")
