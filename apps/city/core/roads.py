"""Where cars may drive and how fast on a free road, by a way's tags (OSM wiki: Key:access, most
special key first)."""

from collections.abc import Mapping

Tags = Mapping[str, str]

_SHUT = {"no", "private", "emergency", "military", "official", "unknown_no"}
CAR_SPEED_KMH: Mapping[str, float] = {
    "motorway": 100,
    "motorway_link": 60,
    "trunk": 80,
    "trunk_link": 50,
    "primary": 50,
    "primary_link": 40,
    "secondary": 50,
    "secondary_link": 40,
    "tertiary": 45,
    "tertiary_link": 35,
    "unclassified": 40,
    "residential": 30,
    "road": 30,
    "living_street": 10,
    "service": 15,
}


def drive_speed_mps(tags: Tags) -> float | None:
    """A car's speed on a free road; None if cars may not use it."""
    highway = tags.get("highway", "")
    if highway not in CAR_SPEED_KMH or tags.get("area") == "yes":
        return None
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            if tags[key] in _SHUT | {"agricultural", "forestry", "psv", "bus"}:
                return None
            break
    return _speed_limit_kmh(tags, CAR_SPEED_KMH[highway]) / 3.6


def _speed_limit_kmh(tags: Tags, usual_kmh: float) -> float:
    text = tags.get("maxspeed", "").lower()
    number = text.removesuffix("mph").strip()
    if text == "walk":
        return 6.0
    if not number.isdigit() or int(number) == 0:
        return usual_kmh
    limit_kmh = int(number) * (1.609344 if text.endswith("mph") else 1.0)
    return min(max(limit_kmh * 0.85, 5.0), 130.0)  # nobody drives the limit door to door


def drive_directions(tags: Tags) -> tuple[bool, bool]:
    """Whether cars may go along and against the way's direction."""
    oneway = tags.get("oneway:motor_vehicle") or tags.get("oneway")
    if oneway == "-1":
        return False, True
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") in (
        "motorway",
        "motorway_link",
    )
    one = oneway in ("yes", "true", "1") or (implied and oneway != "no")
    return True, not one
