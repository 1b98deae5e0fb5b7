"""DIN 4150-3:2016, guide values for vibration in buildings: damage is not to be expected below.

Peak particle velocity in mm/s. Short-term vibration is judged at the foundation by the dominant
frequency of the same axis, and at the top floor for the horizontal; long-term at the top floor.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Line(StrEnum):
    """The three rows of the table."""

    COMMERCIAL = "commercial"
    RESIDENTIAL = "residential"
    SENSITIVE = "sensitive"


class Spot(StrEnum):
    FOUNDATION = "foundation"
    TOP_FLOOR = "top_floor"  # horizontal
    SLAB = "slab"  # vertical, in the middle of a floor slab
    TOP_FLOOR_LONG_TERM = "top_floor_long_term"


# Corner frequencies in hertz → mm/s; straight lines between them, level outside.
FOUNDATION: dict[Line, tuple[tuple[float, float], ...]] = {
    Line.COMMERCIAL: ((1, 20), (10, 20), (50, 40), (100, 50)),
    Line.RESIDENTIAL: ((1, 5), (10, 5), (50, 15), (100, 20)),
    Line.SENSITIVE: ((1, 3), (10, 3), (50, 8), (100, 10)),
}
TOP_FLOOR = {Line.COMMERCIAL: 40.0, Line.RESIDENTIAL: 15.0, Line.SENSITIVE: 8.0}
LONG_TERM = {Line.COMMERCIAL: 10.0, Line.RESIDENTIAL: 5.0, Line.SENSITIVE: 2.5}
SLAB = 20.0
# Where the standard lets the user choose, the slab of a listed building is not given: none is used.


@dataclass(frozen=True, slots=True)
class Judgement:
    """A peak beside its guide value. Says when to inspect; never that a building is safe."""

    velocity_mm_s: float
    frequency_hz: float
    guide_mm_s: float

    @property
    def share(self) -> float:
        return self.velocity_mm_s / self.guide_mm_s


def guide_value(line: Line, spot: Spot, frequency_hz: float) -> float:
    """The guide value in mm/s.

    Raises:
        ValueError: no frequency above zero.
    """
    if not frequency_hz > 0:
        raise ValueError("A frequency above zero is needed.")
    match spot:
        case Spot.TOP_FLOOR:
            return TOP_FLOOR[line]
        case Spot.TOP_FLOOR_LONG_TERM:
            return LONG_TERM[line]
        case Spot.SLAB:
            return SLAB
    return _between(FOUNDATION[line], frequency_hz)


def _between(corners: tuple[tuple[float, float], ...], frequency_hz: float) -> float:
    if frequency_hz <= corners[0][0]:
        return corners[0][1]
    for (low_hz, low), (high_hz, high) in pairwise(corners):
        if frequency_hz <= high_hz:
            return low + (high - low) * (frequency_hz - low_hz) / (high_hz - low_hz)
    return corners[-1][1]
