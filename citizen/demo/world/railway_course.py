"""Where the railway runs and how high its formation lies."""

import numpy as np

from citizen.demo.world.lines import arc, smooth
from citizen.demo.world.plane import Floats, Point

RAIL_COURSE: list[Point] = [
    (-1120, -668), (-900, -622), (-500, -541), (-260, -487), (-60, -455), (140, -443), (300, -446),
    (500, -474), (712, -520), (900, -572), (1120, -640),
]  # fmt: skip
STATION: Point = (-60.0, -455.0)
FORMATION_HALF_M = 11.0
STATION_HALF_M = 150.0


class Railway:
    """The centre line between the two tracks; `height_m` is the formation, level in the town."""

    def __init__(self) -> None:
        self.line = smooth(RAIL_COURSE, 15.0)
        self.arc_m = arc(self.line)
        self.height_m: Floats = np.full(len(self.line), 50.4)

    def distance(self, point: Point) -> float:
        return float(np.hypot(*(self.line - np.array(point)).T).min())
