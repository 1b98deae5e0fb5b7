"""The river Dalbitcheon: its course, its bed, and the shape of the land beside it.

It comes from between the hills in the north, bends under the old quarter and leaves in the west.
The cross-section is a low-water channel, a riverside park that is wet several times in a decade,
a levee, and behind the levee a strip that is lower than the levee's crown: there the town floods.
"""

import numpy as np

from citizen.demo.world.lines import arc, smooth
from citizen.demo.world.plane import Floats, Point

COURSE: list[Point] = [
    (335, 1120), (322, 960), (296, 800), (192, 575), (212, 335), (118, 128), (-90, 12),
    (-330, -62), (-560, -168), (-800, -212), (-1120, -335),
]  # fmt: skip

BED_UPSTREAM_M = 52.0
BED_FALL = 0.0032
CHANNEL_HALF_M = 12.0
PARK_EDGE_M = 58.0
LEVEE_M = 70.0
# Distance from the centre line → height above the bed.
_SECTION_M = ([0, 9, 18, 56, 66, 74, 92, 150], [0, 0.2, 2.4, 2.9, 4.7, 4.7, 3.9, 4.3])


class River:
    """The centre line with its arc length and bed."""

    def __init__(self) -> None:
        self.line = smooth(COURSE, 12.0)
        self.arc_m = arc(self.line)
        self.bed_m: Floats = BED_UPSTREAM_M - BED_FALL * self.arc_m

    def distance_and_bed(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        """Distance to the course and the bed height that belongs to each point.

        The bed is a mean weighted by d⁻⁴, so that no cliff appears where the nearest reach jumps.
        """
        px, py = self.line[:, 0].astype(np.float32), self.line[:, 1].astype(np.float32)
        d2 = (x_m.astype(np.float32)[:, None] - px) ** 2
        d2 += (y_m.astype(np.float32)[:, None] - py) ** 2
        weight = 1.0 / (d2 + 4.0) ** 2
        bed = (weight @ self.bed_m.astype(np.float32)) / weight.sum(axis=1)
        return np.sqrt(d2.min(axis=1)).astype(np.float64), bed.astype(np.float64)

    def distance(self, point: Point) -> float:
        return float(np.hypot(*(self.line - np.array(point)).T).min())

    def bed_at(self, point: Point) -> float:
        i = int(np.hypot(*(self.line - np.array(point)).T).argmin())
        return float(self.bed_m[i])


def valley_rise(distance_m: Floats) -> Floats:
    """Height above the bed at a distance from the course: banks, park, levee, gentle plain."""
    plain = 0.004 * np.maximum(distance_m - 150.0, 0.0)
    rise: Floats = np.interp(distance_m, *_SECTION_M) + plain
    return rise
