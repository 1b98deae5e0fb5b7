"""Surfaces and smoothness as codes, with the rolling resistance of wheels on them.

Rolling resistance coefficients are typical values for wheelchair tyres; published measurements
differ by
a factor of up to seven between chairs, so they order surfaces rather than predict watts.
"""

from collections.abc import Mapping
from enum import IntEnum

import numpy as np

from apps.accounts.core.mobility import SMOOTHNESS
from apps.navigation.core.arrays import F4, frozen


class Surface(IntEnum):
    UNKNOWN = 0
    ASPHALT = 1
    CONCRETE = 2
    PAVING_STONES = 3
    WOOD = 4
    METAL = 5
    SETT = 6
    COBBLESTONE = 7
    COMPACTED = 8
    FINE_GRAVEL = 9
    GRAVEL = 10
    GROUND = 11
    GRASS = 12
    SAND = 13
    TACTILE = 14
    INDOOR = 15


_ROLLING: Mapping[Surface, float] = {
    Surface.UNKNOWN: 0.018,
    Surface.ASPHALT: 0.015,
    Surface.CONCRETE: 0.012,
    Surface.PAVING_STONES: 0.02,
    Surface.WOOD: 0.022,
    Surface.METAL: 0.015,
    Surface.SETT: 0.045,
    Surface.COBBLESTONE: 0.07,
    Surface.COMPACTED: 0.05,
    Surface.FINE_GRAVEL: 0.06,
    Surface.GRAVEL: 0.10,
    Surface.GROUND: 0.08,
    Surface.GRASS: 0.10,
    Surface.SAND: 0.20,
    Surface.TACTILE: 0.02,
    Surface.INDOOR: 0.012,
}
ROLLING_RESISTANCE: F4 = frozen(np.array([_ROLLING[s] for s in Surface], dtype=np.float32))

_WORDS: Mapping[str, Surface] = {
    "asphalt": Surface.ASPHALT,
    "paved": Surface.ASPHALT,
    "chipseal": Surface.ASPHALT,
    "rubber": Surface.ASPHALT,
    "tartan": Surface.ASPHALT,
    "concrete": Surface.CONCRETE,
    "concrete:plates": Surface.CONCRETE,
    "concrete:lanes": Surface.PAVING_STONES,
    "paving_stones": Surface.PAVING_STONES,
    "paving_stones:lanes": Surface.PAVING_STONES,
    "bricks": Surface.PAVING_STONES,
    "brick": Surface.PAVING_STONES,
    "tiles": Surface.INDOOR,
    "marble": Surface.INDOOR,
    "granite": Surface.INDOOR,
    "carpet": Surface.PAVING_STONES,
    "wood": Surface.WOOD,
    "metal": Surface.METAL,
    "metal_grid": Surface.METAL,
    "sett": Surface.SETT,
    "cobblestone:flattened": Surface.SETT,
    "stone": Surface.SETT,
    "grass_paver": Surface.SETT,
    "cobblestone": Surface.COBBLESTONE,
    "unhewn_cobblestone": Surface.COBBLESTONE,
    "pebblestone": Surface.GRAVEL,
    "compacted": Surface.COMPACTED,
    "fine_gravel": Surface.FINE_GRAVEL,
    "gravel": Surface.GRAVEL,
    "rock": Surface.GRAVEL,
    "unpaved": Surface.GROUND,
    "ground": Surface.GROUND,
    "dirt": Surface.GROUND,
    "earth": Surface.GROUND,
    "woodchips": Surface.GROUND,
    "clay": Surface.GROUND,
    "mud": Surface.SAND,
    "sand": Surface.SAND,
    "grass": Surface.GRASS,
    "snow": Surface.SAND,
    "ice": Surface.SAND,
}
_SMOOTHNESS_CODE: Mapping[str, int] = {word: place + 1 for place, word in enumerate(SMOOTHNESS)}


def surface_code(text: str | None) -> Surface:
    """The worst surface named; unknown words mean nothing is known."""
    words = [word.strip() for word in (text or "").split(";")]
    found = [_WORDS[word] for word in words if word in _WORDS]
    return max(found, key=lambda s: _ROLLING[s], default=Surface.UNKNOWN)


def smoothness_code(text: str | None) -> int:
    """1 (excellent) to 8 (impassable), 0 where unknown; the worst of several."""
    words = [word.strip() for word in (text or "").split(";")]
    return max((_SMOOTHNESS_CODE.get(word, 0) for word in words), default=0)


def smoothness_word(code: int) -> str:
    return SMOOTHNESS[code - 1] if code else ""
