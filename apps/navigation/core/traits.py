"""What the tags of one way say about walking it, as plain numbers ready for arrays."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from apps.navigation.core import codes
from apps.navigation.core.access import Tags, has_separate_pavement, is_carriageway
from apps.navigation.core.codes import Kind, Mark, Signal
from apps.navigation.core.measures import (
    count,
    date_number,
    incline_pct,
    incline_sign,
    length_m,
    levels,
)
from apps.navigation.core.surfaces import Surface, smoothness_code, surface_code

_NAN = math.nan
_DATE_KEYS = ("check_date", "survey:date", "lastcheck")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Attributes of a segment in its own direction. NaN, 0 or -1 mean that nobody has said."""

    kind: Kind
    incline_pct: float = _NAN
    incline_sign: int = 0
    cross_slope_pct: float = _NAN
    width_m: float = _NAN
    surface: int = 0
    smoothness: int = 0
    tactile: int = 0
    wheelchair: int = 0
    lit: int = 0
    steps_n: int = -1
    ramp: int = 0
    handrail: int = 0
    barrier: int = 0
    signal: int = 0
    level_from: float = _NAN
    level_to: float = _NAN
    marks: int = 0
    checked_on: int = 0
    lanes_n: int = 0
    name: str = ""
    hours: str = ""


def way_traits(kind: Kind, tags: Tags) -> Traits:
    """The traits of a way as drawn."""
    level = levels(tags.get("level"))
    incline = incline_pct(tags.get("incline"))
    cross_slope = incline_pct(tags.get("incline:across"))
    width = width_m(tags)
    steps = kind in (Kind.STEPS, Kind.ESCALATOR)
    return Traits(
        kind=kind,
        incline_pct=_NAN if incline is None or steps else incline,
        incline_sign=incline_sign(tags.get("incline")),
        cross_slope_pct=_NAN if cross_slope is None else abs(cross_slope),
        width_m=_NAN if width is None else width,
        surface=_surface(kind, tags),
        smoothness=smoothness_code(tags.get("smoothness")),
        tactile=tactile_code(tags.get("tactile_paving")),
        wheelchair=wheelchair_code(tags.get("wheelchair")),
        lit=lit_code(tags.get("lit")),
        steps_n=_steps_n(kind, tags),
        ramp=ramp_bits(tags),
        handrail=handrail_code(tags),
        signal=signal_bits(tags),
        level_from=level[0] if level else _NAN,
        level_to=level[-1] if level else _NAN,
        marks=way_marks(tags),
        checked_on=checked_on(tags),
        lanes_n=count(tags.get("lanes")) or 0,
        name=tags.get("name", ""),
        hours=tags.get("opening_hours") or tags.get("foot:conditional", ""),
    )


def side_traits(tags: Tags, side: str) -> Traits:
    """The traits of a pavement that is only a tag on its road."""
    own: dict[str, str] = {}
    for key in ("surface", "smoothness", "width", "incline", "tactile_paving", "wheelchair", "lit"):
        value = tags.get(f"sidewalk:{side}:{key}", tags.get(f"sidewalk:both:{key}"))
        if value is not None:
            own[key] = value
    # a pavement rises and is lit as its road does; its width and surface are its own
    for key in ("incline", "lit", "name", "layer", "bridge", "tunnel", *_DATE_KEYS):
        if key in tags:
            own.setdefault(key, tags[key])
    traits = way_traits(Kind.PAVEMENT, own)
    return replace(traits, marks=traits.marks | Mark.SYNTHETIC)


def width_m(tags: Tags) -> float | None:
    """The narrowest width anybody measured; a carriageway's width says nothing about walking it."""
    if is_carriageway(tags):
        return None
    found = (length_m(tags.get(key)) for key in ("maxwidth:physical", "width", "est_width"))
    return min((width for width in found if width is not None), default=None)


def _surface(kind: Kind, tags: Tags) -> int:
    key = "footway:surface" if "footway:surface" in tags else "surface"
    code = surface_code(tags.get(key))
    indoor = code is Surface.UNKNOWN and kind in (Kind.INDOOR, Kind.LIFT, Kind.ESCALATOR)
    return Surface.INDOOR if indoor else code


def tactile_code(text: str | None) -> codes.Tactile:
    if text in ("yes", "contrasted"):
        return codes.Tactile.YES
    if text in ("partial", "primitive", "incorrect"):
        return codes.Tactile.PARTIAL
    return codes.Tactile.NO if text == "no" else codes.Tactile.UNKNOWN


def wheelchair_code(text: str | None) -> codes.Wheelchair:
    words: Mapping[str | None, codes.Wheelchair] = {
        "no": codes.Wheelchair.NO,
        "limited": codes.Wheelchair.LIMITED,
        "yes": codes.Wheelchair.YES,
        "designated": codes.Wheelchair.YES,
    }
    return words.get(text, codes.Wheelchair.UNKNOWN)


def lit_code(text: str | None) -> codes.Lit:
    if text is None:
        return codes.Lit.UNKNOWN
    return codes.Lit.NO if text in ("no", "disused") else codes.Lit.YES


def _steps_n(kind: Kind, tags: Tags) -> int:
    if kind is not Kind.STEPS:
        return 0
    counted = count(tags.get("step_count"))
    return -1 if counted is None else counted


def ramp_bits(tags: Tags) -> int:
    bits = codes.Ramp.NONE
    if tags.get("ramp") not in (None, "no", "separate"):
        bits |= codes.Ramp.ANY
    if tags.get("ramp:wheelchair") == "yes":
        bits |= codes.Ramp.WHEELCHAIR
    if tags.get("ramp:stroller") == "yes":
        bits |= codes.Ramp.STROLLER
    return int(bits)


def handrail_code(tags: Tags) -> codes.Handrail:
    keys = ("handrail", "handrail:left", "handrail:right", "handrail:center", "handrail:both")
    said = [tags[key] for key in keys if key in tags]
    if not said:
        return codes.Handrail.UNKNOWN
    return codes.Handrail.NO if all(word == "no" for word in said) else codes.Handrail.YES


def signal_bits(tags: Tags) -> int:
    bits = Signal.NONE
    crossing = tags.get("crossing", "")
    if "traffic_signals" in crossing or tags.get("crossing:signals") == "yes":
        bits |= Signal.LIGHTS
    if tags.get("highway") == "traffic_signals":
        bits |= Signal.LIGHTS
    sound = tags.get("traffic_signals:sound")
    if sound is not None:
        bits |= Signal.SOUND_ABSENT if sound == "no" else Signal.SOUND
    if tags.get("traffic_signals:vibration", "no") != "no":
        bits |= Signal.VIBRATION
    if tags.get("button_operated") == "yes":
        bits |= Signal.BUTTON
    return int(bits)


def crossing_marks(tags: Tags) -> int:
    marks = Mark.NONE
    if tags.get("crossing:island") == "yes" or tags.get("footway") == "traffic_island":
        marks |= Mark.ISLAND
    unmarked = ("no", "unmarked", "informal", None)
    if tags.get("crossing:markings") not in ("no", None) or tags.get("crossing") not in unmarked:
        marks |= Mark.MARKED
    return int(marks)


def way_marks(tags: Tags) -> int:
    marks = Mark(crossing_marks(tags))
    if tags.get("bridge", "no") != "no" or tags.get("tunnel", "no") != "no":
        marks |= Mark.BRIDGE_OR_TUNNEL
    if has_separate_pavement(tags):
        marks |= Mark.SEPARATE_PAVEMENT
    if tags.get("opening_hours") or tags.get("foot:conditional"):
        marks |= Mark.CONDITIONAL
    private = ("customers", "permit", "delivery", "destination", "residents")
    if tags.get("foot", tags.get("access")) in private:
        marks |= Mark.PRIVATE_END
    return int(marks)


def checked_on(tags: Tags) -> int:
    """The latest date on which somebody looked, as yyyymmdd; 0 if unsaid."""
    dated = [value for key, value in tags.items() if key.startswith(_DATE_KEYS)]
    return max((date_number(value) for value in dated), default=0)


_BARRIERS: Mapping[str, codes.Barrier] = {
    "gate": codes.Barrier.GATE,
    "lift_gate": codes.Barrier.BOLLARD,
    "swing_gate": codes.Barrier.BOLLARD,
    "hampshire_gate": codes.Barrier.GATE,
    "sliding_gate": codes.Barrier.GATE,
    "wicket_gate": codes.Barrier.GATE,
    "bollard": codes.Barrier.BOLLARD,
    "planter": codes.Barrier.BOLLARD,
    "jersey_barrier": codes.Barrier.BOLLARD,
    "cycle_barrier": codes.Barrier.CHICANE,
    "motorcycle_barrier": codes.Barrier.CHICANE,
    "chicane": codes.Barrier.CHICANE,
    "block": codes.Barrier.CHICANE,
    "stile": codes.Barrier.STILE,
    "turnstile": codes.Barrier.STILE,
    "full-height_turnstile": codes.Barrier.STILE,
    "kissing_gate": codes.Barrier.STILE,
    "cattle_grid": codes.Barrier.STILE,
    "chain": codes.Barrier.STEP_OVER,
    "rope": codes.Barrier.STEP_OVER,
    "log": codes.Barrier.STEP_OVER,
    "debris": codes.Barrier.STEP_OVER,
}


def barrier_code(tags: Tags) -> codes.Barrier:
    """The barrier standing on a node of the way, if any."""
    if "door" in tags or "automatic_door" in tags:
        revolving = tags.get("door") == "revolving" or tags.get("automatic_door") == "revolving"
        return codes.Barrier.REVOLVING_DOOR if revolving else codes.Barrier.DOOR
    return _BARRIERS.get(tags.get("barrier", ""), codes.Barrier.NONE)


def is_shut_to_walkers(tags: Tags) -> bool:
    """A node nobody passes: a wall, or a gate that is locked or private."""
    if tags.get("barrier") in ("wall", "fence", "hedge") and "entrance" not in tags:
        return tags.get("foot") not in ("yes", "designated", "permissive")
    if "barrier" not in tags and "door" not in tags:
        return False
    said = tags.get("foot", tags.get("access"))
    return said in ("no", "private") or (tags.get("locked") == "yes" and said is None)


def barrier_traits(tags: Tags) -> Traits:
    """A barrier as a segment of no length."""
    barrier = barrier_code(tags)
    width_keys = ("maxwidth:physical", "door:width", "width", "opening:width")
    widths = [length_m(tags.get(key)) for key in width_keys]
    known = [width for width in widths if width is not None]
    is_door = barrier in (codes.Barrier.DOOR, codes.Barrier.REVOLVING_DOOR)
    return Traits(
        kind=Kind.DOOR if is_door else Kind.BARRIER,
        barrier=barrier,
        width_m=min(known, default=_NAN),
        wheelchair=wheelchair_code(tags.get("wheelchair")),
        steps_n=0,
        checked_on=checked_on(tags),
        hours=tags.get("opening_hours", ""),
        marks=int(Mark.CONDITIONAL if tags.get("opening_hours") else Mark.NONE),
    )
