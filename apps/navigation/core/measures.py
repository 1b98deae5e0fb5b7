"""Numbers out of OSM tags: widths, heights, inclines, counts, dates. What cannot be read is None,
never a guess.

Units follow the OSM wiki (Map features/Units): bare widths are metres. `incline` needs a percent
or degree sign by the
wiki, but mappers leave it out; a bare number there means percent.
"""

import math
import re

_NUMBER = re.compile(
    r"^\s*[~><≈]?\s*([+-]?\d+(?:[.,]\d+)?)\s*(m|cm|mm|ft|'|in|\"|%|°)?\s*$", re.IGNORECASE
)
_FEET_INCHES = re.compile(r"^\s*(\d+)\s*'\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|''))?\s*$")
_RATIO = re.compile(r"^\s*(-?)\s*1\s*[:/]\s*(\d+(?:\.\d+)?)\s*$")
_DATE = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
_METRES_PER = {
    "m": 1.0,
    "cm": 0.01,
    "mm": 0.001,
    "ft": 0.3048,
    "'": 0.3048,
    "in": 0.0254,
    '"': 0.0254,
}
_STEEPEST_PCT = 100.0


def length_m(text: str | None) -> float | None:
    """A width or height in metres; None if absent or unreadable."""
    if not text:
        return None
    feet = _FEET_INCHES.match(text)
    if feet:
        return int(feet[1]) * 0.3048 + float(feet[2] or 0) * 0.0254
    found = _NUMBER.match(text)
    if not found:
        return None
    unit = (found[2] or "m").lower()
    if unit not in _METRES_PER:
        return None
    value = float(found[1].replace(",", ".")) * _METRES_PER[unit]
    return value if value >= 0 else None


def kerb_height_cm(text: str | None) -> float | None:
    """A kerb's height. Bare numbers from 1 to 30 can only mean centimetres: no kerb is a metre
    high.
    """
    metres = length_m(text)
    if metres is None:
        return None
    is_bare = re.search(r"[a-z'\"]", text or "", re.IGNORECASE) is None
    if is_bare and 1.0 <= metres <= 30.0:
        return metres
    return metres * 100.0 if metres <= 1.0 else None


def incline_pct(text: str | None) -> float | None:
    """Signed rise along the way's own direction, in percent; None for `up`, `down` and the
    unreadable.
    """
    if not text:
        return None
    ratio = _RATIO.match(text)
    if ratio:
        run = float(ratio[2])
        value = 100.0 / run if run > 0 else math.inf
        value = -value if ratio[1] else value
    else:
        found = _NUMBER.match(text)
        if not found or (found[2] or "%") not in "%°":
            return None
        value = float(found[1].replace(",", "."))
        if found[2] == "°":
            value = math.tan(math.radians(value)) * 100.0 if abs(value) < 60 else math.inf
    return value if abs(value) <= _STEEPEST_PCT else None


def incline_sign(text: str | None) -> int:
    """+1 where the way climbs in its own direction, -1 where it falls, 0 where unknown or level."""
    if text in ("up", "down"):
        return 1 if text == "up" else -1
    value = incline_pct(text)
    return 0 if value is None else (value > 0) - (value < 0)


def count(text: str | None) -> int | None:
    """A whole number of things, such as steps."""
    return int(text) if text and text.strip().isdigit() else None


def date_number(text: str | None) -> int:
    """A survey date as yyyymmdd with zeros for unknown parts; 0 where there is none."""
    found = _DATE.match(text.strip()) if text else None
    if not found:
        return 0
    return int(found[1]) * 10000 + int(found[2] or 0) * 100 + int(found[3] or 0)


def levels(text: str | None) -> tuple[float, ...]:
    """The storeys of a `level` tag, in its order: "0;1" and the range "-1-2" are both
    understood.
    """
    if not text:
        return ()
    found: list[float] = []
    for part in text.split(";"):
        span = re.match(r"^\s*(-?\d+(?:\.\d+)?)(?:-(-?\d+(?:\.\d+)?))?\s*$", part)
        if span:
            found.append(float(span[1]))
            if span[2]:
                found.append(float(span[2]))
    return tuple(found)
