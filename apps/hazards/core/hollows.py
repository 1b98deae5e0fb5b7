"""Water that stands: an underpass, a yard below the street, any hollow that rain fills.

A hollow is its own curve of volume and depth. What runs into it comes from the land around, what
leaves it goes through its pumps; above its brim it spills and grows no deeper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

MM_KM2_M3 = 1_000.0  # one millimetre on one square kilometre


@dataclass(frozen=True, slots=True)
class Hollow:
    """How deep a volume stands in it: two rising rows of the same length."""

    depth_m: tuple[float, ...]
    volume_m3: tuple[float, ...]

    def depth_of(self, volume_m3: float) -> float:
        return float(np.interp(volume_m3, self.volume_m3, self.depth_m))

    @property
    def brim_m3(self) -> float:
        return self.volume_m3[-1]


@dataclass(frozen=True, slots=True)
class Inflow:
    """What fills it and what empties it."""

    drains_km2: float
    runoff: float  # share of the rain that runs off at once; near 1 on sealed ground
    pumps_m3_s: float = 0.0


def hollow_of(
    depth_below_rim_m: NDArray[np.float32], cell_m2: float, *, step_m: float = 0.1
) -> Hollow:
    """The curve of a depression from how far each of its cells lies below the rim."""
    below = depth_below_rim_m[depth_below_rim_m > 0].astype(np.float64)
    deepest = float(below.max()) if len(below) else 0.0
    depths = np.arange(0.0, deepest + step_m, step_m)
    floor = deepest - below  # height of each cell above the deepest point
    volumes = [float(np.maximum(depth - floor, 0.0).sum() * cell_m2) for depth in depths]
    return Hollow(tuple(map(float, depths)), tuple(volumes))


def read_curve(rows: Sequence[Sequence[float]]) -> Hollow | None:
    """A curve from pairs of depth and volume; None where they are no curve: it begins with an empty
    hollow, and both columns rise."""
    try:
        pairs = [(float(depth), float(volume)) for depth, volume in rows]
    except (TypeError, ValueError):
        return None
    rises = all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))
    if len(pairs) < 2 or pairs[0] != (0.0, 0.0) or not rises:
        return None
    depths, volumes = zip(*pairs, strict=True)
    return Hollow(depths, volumes)


def depths_m(
    hollow: Hollow, inflow: Inflow, rain_mm: Sequence[float], *, step_s: float
) -> list[float]:
    """How deep it stands after each step of rain, dry before the first."""
    volume, depths = 0.0, []
    for fallen_mm in rain_mm:
        runs_in = fallen_mm * inflow.runoff * inflow.drains_km2 * MM_KM2_M3
        volume = min(max(volume + runs_in - inflow.pumps_m3_s * step_s, 0.0), hollow.brim_m3)
        depths.append(hollow.depth_of(volume))
    return depths
