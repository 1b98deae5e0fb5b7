"""A camera on a mast: where a point of the town is in its picture. Metres east, north and up."""

from dataclasses import dataclass, replace
from math import cos, radians, sin, tan
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Lens:
    """`turned_deg` is how far somebody has turned it from where it should look."""

    stands: Place
    looks_at: Place
    width: int
    height: int
    view_deg: float
    turned_deg: float = 0.0

    def turned(self, by_deg: float) -> "Lens":
        return replace(self, turned_deg=by_deg)

    @property
    def aside_px(self) -> int:
        """How far its turning moves the middle of the picture."""
        return round(self.turned_deg / self.view_deg * self.width)

    def picture(self, points: Floats) -> Floats:
        """Pixels of an n × 3 array of places before the camera."""
        seen = (np.asarray(points, float) - self.stands) @ self._axes().T
        focal = self.width / 2 / tan(radians(self.view_deg) / 2)
        depth = np.maximum(seen[:, 2], 0.1)
        across = seen[:, 0] / depth * focal + self.width / 2
        down = -seen[:, 1] / depth * focal + self.height / 2
        return np.column_stack([across, down])

    def depth(self, point: Place) -> float:
        return float(self._axes()[2] @ (np.array(point) - self.stands))

    def shares(self, points: Floats) -> Floats:
        """The same as shares of the picture's width and height."""
        return self.picture(points) / (self.width, self.height)

    def _axes(self) -> Floats:
        """Right, up, ahead."""
        straight = np.array(self.looks_at) - self.stands
        ahead = _turned(straight / np.linalg.norm(straight), self.turned_deg)
        right = np.cross(ahead, (0.0, 0.0, 1.0))
        right = right / np.linalg.norm(right)
        return np.stack([right, np.cross(right, ahead), ahead])


def _turned(way: Floats, by_deg: float) -> Floats:
    c, s = cos(radians(by_deg)), sin(radians(by_deg))
    return np.array([c * way[0] - s * way[1], s * way[0] + c * way[1], way[2]])
