"""A raster of one metre where builders mark what is taken, so that streets stay clear."""

import numpy as np
import numpy.typing as npt

from citizen.demo.world.lines import arc, at_many
from citizen.demo.world.plane import HALF_M, Floats, Point
from citizen.demo.world.shapes import Footprint

SIDE = int(2 * HALF_M)


class Canvas:
    def __init__(self) -> None:
        self.taken: npt.NDArray[np.bool_] = np.zeros((SIDE, SIDE), dtype=bool)

    def take_line(self, line: Floats, half_m: float) -> None:
        """Everything within `half_m` of the line."""
        step_m = max(1.5, half_m / 3)
        s_m = np.arange(0.0, arc(line)[-1] + step_m, step_m)
        cells = np.floor(at_many(line, s_m) + HALF_M).astype(int)
        reach = int(np.ceil(half_m))
        dx, dy = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1)
        disc = np.hypot(dx, dy) <= half_m
        x = (cells[:, 0, None] + dx[disc]).clip(0, SIDE - 1)
        y = (cells[:, 1, None] + dy[disc]).clip(0, SIDE - 1)
        self.taken[y, x] = True

    def take_ring(self, ring: list[Point]) -> None:
        x0, y0, inside = _inside(ring)
        part = self.taken[y0 : y0 + inside.shape[0], x0 : x0 + inside.shape[1]]
        part |= inside

    def take_shape(self, shape: Footprint) -> None:
        """The rectangle around a footprint, an L's notch included."""
        cells = (shape.probes(0.0, 0.7) + HALF_M).astype(np.int64)
        self.taken[cells[:, 1], cells[:, 0]] = True

    def is_free(self, shape: Footprint, margin_m: float) -> bool:
        """Whether the footprint and a margin around it are untaken and within the town."""
        x, y = shape.centre
        reach_m = (shape.width_m + shape.depth_m) / 2 + margin_m + 2.0
        if max(abs(x), abs(y)) + reach_m > HALF_M or self.taken[int(y + HALF_M), int(x + HALF_M)]:
            return False
        cells = (shape.probes(margin_m) + HALF_M).astype(np.int64)
        return not bool(self.taken[cells[:, 1], cells[:, 0]].any())


def _inside(ring: list[Point]) -> tuple[int, int, npt.NDArray[np.bool_]]:
    """Cells whose centre the ring contains, with the lower left corner of the answer."""
    corners = np.array(ring) + HALF_M
    x0, y0 = np.floor(corners.min(axis=0)).clip(0, SIDE).astype(int)
    x1, y1 = np.ceil(corners.max(axis=0)).clip(0, SIDE).astype(int)
    y, x = np.mgrid[y0:y1, x0:x1] + 0.5
    inside = np.zeros(x.shape, dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return int(x0), int(y0), inside


def contains(ring: list[Point], points: Floats) -> npt.NDArray[np.bool_]:
    """Which points lie within the ring (even-odd rule)."""
    corners = np.array(ring)
    x, y = points[:, 0], points[:, 1]
    inside = np.zeros(len(points), dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return inside
