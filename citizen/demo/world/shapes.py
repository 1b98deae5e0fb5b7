"""Footprints: rectangles and L-shapes set down with a heading."""

from dataclasses import dataclass
from functools import cache
from math import cos, sin

import numpy as np

from citizen.demo.world.plane import Floats, Point


@dataclass(frozen=True)
class Footprint:
    """`width_m` runs along the heading, `depth_m` across it; the front faces the right-hand side.

    `notch` cuts that share of width and depth out of a back corner and makes an L.
    """

    centre: Point
    heading: float
    width_m: float
    depth_m: float
    notch: float = 0.0

    def ring(self) -> list[Point]:
        w, d = self.width_m / 2, self.depth_m / 2
        corners = [(-w, -d), (w, -d), (w, d), (-w, d)]
        if self.notch:
            nx, ny = w - self.notch * self.width_m, d - self.notch * self.depth_m
            corners = [(-w, -d), (w, -d), (w, ny), (nx, ny), (nx, d), (-w, d)]
        return [self.place(u, v) for u, v in corners]

    def front(self) -> Point:
        return self.place(0.0, -self.depth_m / 2)

    def place(self, u_m: float, v_m: float) -> Point:
        c, s = cos(self.heading), sin(self.heading)
        return self.centre[0] + c * u_m - s * v_m, self.centre[1] + s * u_m + c * v_m

    def probes(self, margin_m: float, apart_m: float = 1.5) -> Floats:
        """Points `apart_m` apart or closer that cover the footprint and a margin around it."""
        w, d = self.width_m / 2 + margin_m, self.depth_m / 2 + margin_m
        c, s = cos(self.heading), sin(self.heading)
        turn = np.array([[c * w, s * w], [-s * d, c * d]])
        points: Floats = _lattice(int(2 * w / apart_m) + 2, int(2 * d / apart_m) + 2) @ turn
        points += self.centre
        return points


@cache
def _lattice(n: int, m: int) -> Floats:
    """n × m points that fill the square from −1 to 1."""
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, m))
    return np.column_stack([u.ravel(), v.ravel()])
