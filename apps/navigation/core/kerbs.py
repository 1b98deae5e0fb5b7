"""What a kerb's tags mean: the truth table of kerb x kerb:height x wheelchair.

A measured height beats the class, the class beats `wheelchair`. Heights assumed for a class are
those of the OSM wiki
(Key:kerb: flush about 0, lowered up to about 3 cm, raised above 3 cm) and are marked as assumed.
Where tags contradict each other the worse meaning holds, because a person who meets the better one
is not stranded.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from apps.navigation.core.measures import kerb_height_cm


class Kerb(IntEnum):
    """Kerb classes, as stored in a graph."""

    NONE = 0  # no kerb is crossed here
    FLUSH = 1
    LOWERED = 2
    ROLLED = 3
    RAISED = 4
    UNKNOWN = 5  # there may be a kerb; nobody has said which


ASSUMED_CM: Mapping[Kerb, float] = {
    Kerb.NONE: 0.0,
    Kerb.FLUSH: 0.0,
    Kerb.LOWERED: 2.0,
    Kerb.ROLLED: 5.0,
    Kerb.RAISED: 10.0,
    Kerb.UNKNOWN: math.nan,
}
_CLASS_OF_VALUE: Mapping[str, Kerb] = {
    "flush": Kerb.FLUSH,
    "none": Kerb.FLUSH,
    "no": Kerb.FLUSH,
    "level": Kerb.FLUSH,
    "lowered": Kerb.LOWERED,
    "dropped": Kerb.LOWERED,
    "sloped": Kerb.LOWERED,
    "ramp": Kerb.LOWERED,
    "lowered_and_sloped": Kerb.LOWERED,
    "rolled": Kerb.ROLLED,
    "mountable": Kerb.ROLLED,
    "raised": Kerb.RAISED,
    "normal": Kerb.RAISED,
    "regular": Kerb.RAISED,
    "high": Kerb.RAISED,
    "yes": Kerb.UNKNOWN,
    "unknown": Kerb.UNKNOWN,
    "fixme": Kerb.UNKNOWN,
}
_SLOPED_CURB: Mapping[str, Kerb] = {
    "yes": Kerb.LOWERED,
    "both": Kerb.LOWERED,
    "at_grade": Kerb.FLUSH,
}


@dataclass(frozen=True, slots=True)
class KerbReading:
    """One kerb as its tags describe it. `height_cm` is NaN where nothing is known."""

    kerb: Kerb
    height_cm: float
    is_measured: bool = False
    is_contradictory: bool = False


NO_WORD = KerbReading(Kerb.UNKNOWN, math.nan)


def read_kerb(tags: Mapping[str, str]) -> KerbReading | None:
    """The kerb these tags describe, or None if they do not speak of one."""
    if not speaks_of_kerb(tags):
        return None
    kerb = _class(tags)
    height_cm = kerb_height_cm(tags.get("kerb:height"))
    if height_cm is not None:
        return _measured(kerb, height_cm)
    if kerb is Kerb.UNKNOWN:
        return _by_wheelchair(tags.get("wheelchair"))
    contradictory = kerb is Kerb.RAISED and tags.get("wheelchair") in ("yes", "designated")
    return KerbReading(kerb, ASSUMED_CM[kerb], is_contradictory=contradictory)


def speaks_of_kerb(tags: Mapping[str, str]) -> bool:
    return (
        "kerb" in tags
        or "kerb:height" in tags
        or "sloped_curb" in tags
        or tags.get("barrier") in ("kerb", "curb")
    )


def _class(tags: Mapping[str, str]) -> Kerb:
    """The worst of the classes named; an unknown word among known ones does not hide them."""
    words = [word.strip().lower() for word in tags.get("kerb", "").split(";") if word.strip()]
    named = [_CLASS_OF_VALUE.get(word, Kerb.UNKNOWN) for word in words]
    known = [kerb for kerb in named if kerb is not Kerb.UNKNOWN]
    if known:
        return max(known)
    if not named and tags.get("sloped_curb") in _SLOPED_CURB:
        return _SLOPED_CURB[tags["sloped_curb"]]
    return Kerb.UNKNOWN


def _measured(kerb: Kerb, height_cm: float) -> KerbReading:
    """A height speaks for itself; a class that cannot have that height is noted, the class follows
    the height.
    """
    by_height = class_of_height(height_cm)
    fits = kerb in (Kerb.UNKNOWN, Kerb.ROLLED, by_height)
    # a lowered kerb measured at 3 cm and a flush one at 1 cm are the wiki's own "about"
    fits = fits or (kerb is Kerb.LOWERED and height_cm <= 4.0)
    fits = fits or (kerb is Kerb.FLUSH and height_cm <= 1.0)
    shown = kerb if kerb is not Kerb.UNKNOWN and fits else by_height
    return KerbReading(shown, height_cm, is_measured=True, is_contradictory=not fits)


def class_of_height(height_cm: float) -> Kerb:
    if height_cm <= 1.0:
        return Kerb.FLUSH
    return Kerb.LOWERED if height_cm <= 3.0 else Kerb.RAISED


def _by_wheelchair(wheelchair: str | None) -> KerbReading:
    """Without class and height, the mapper's verdict for wheelchairs is the only word there is."""
    if wheelchair in ("yes", "designated"):
        return KerbReading(Kerb.LOWERED, ASSUMED_CM[Kerb.LOWERED])
    if wheelchair == "limited":
        return KerbReading(Kerb.ROLLED, ASSUMED_CM[Kerb.ROLLED])
    if wheelchair == "no":
        return KerbReading(Kerb.RAISED, ASSUMED_CM[Kerb.RAISED])
    return NO_WORD
