"""From what was heard to what is done: note, inspection order, citizen alert. "Inspect", never
"safe": the lowest rung is only that nothing was noticed."""

from dataclasses import dataclass
from enum import IntEnum

# Water and walls fall outward: people keep away as far as one and a half times the height.
FALL_RADIUS_HEIGHTS = 1.5
NOTE_SHARE = 0.5


class Rung(IntEnum):
    NONE = 0
    NOTE = 1
    INSPECT = 2
    CITIZENS = 3


@dataclass(frozen=True, slots=True)
class Signs:
    """`velocity_share` is the peak as a share of its guide value; `novel` has lasted six hours."""

    velocity_share: float | None = None
    novel: bool = False
    tilted: bool = False


def rung(signs: Signs) -> Rung:
    """1. swings otherwise and a second kind of sensor agrees: keep people away ·
    2. beyond the guide value, or one lasting sign: inspect · 3. beyond half of it: note."""
    share = signs.velocity_share or 0.0
    beyond = share > 1.0
    if signs.novel and (signs.tilted or beyond):
        return Rung.CITIZENS
    if beyond or signs.novel or signs.tilted:
        return Rung.INSPECT
    return Rung.NOTE if share > NOTE_SHARE else Rung.NONE


def fall_radius_m(height_m: float) -> float:
    return FALL_RADIUS_HEIGHTS * height_m
