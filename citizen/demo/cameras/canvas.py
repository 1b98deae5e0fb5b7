"""Drawing what stands in the town into a camera's picture: ground, lines, boxes, people.

Nothing here is a photograph. It is drawn well enough to be taken apart as footage is: light from
one side, shadows, windows, the sensor's noise, which never lets two pictures be alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from citizen.demo.cameras.lens import Lens, Place

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]  # blue, green, red
Point = tuple[float, float]

ASPHALT: Colour = (96, 98, 100)
PAINT: Colour = (214, 218, 220)
GRASS: Colour = (78, 112, 96)
GLASS: Colour = (52, 44, 38)
SHADOW = 0.55
SUN_SHIFT: Point = (0.55, -0.35)  # where a shadow falls, metres for each metre of height


@dataclass
class Canvas:
    lens: Lens
    picture: Picture

    @classmethod
    def empty(cls, lens: Lens, colour: Colour = ASPHALT) -> "Canvas":
        return cls(lens, np.full((lens.height, lens.width, 3), colour, np.uint8))

    def area(self, corners: Sequence[Place], colour: Colour) -> None:
        cv2.fillPoly(self.picture, [self._pixels(corners)], colour, cv2.LINE_AA)

    def line(self, ends: Sequence[Place], colour: Colour, thick: int = 2) -> None:
        cv2.polylines(self.picture, [self._pixels(ends)], False, colour, thick, cv2.LINE_AA)

    def shade(self, corners: Sequence[Place]) -> None:
        """Darken what lies there, as a shadow does."""
        pixels = self._pixels(corners)
        (left, top), (right, bottom) = pixels.min(axis=0), pixels.max(axis=0) + 1
        left, top = max(left, 0), max(top, 0)
        part = self.picture[top:bottom, left:right]
        if part.size:
            mask = np.zeros(part.shape[:2], np.uint8)
            cv2.fillPoly(mask, [pixels - np.array([left, top], np.int32)], 255)
            part[mask > 0] = (part[mask > 0] * SHADOW).astype(np.uint8)

    def box(self, ring: Sequence[Point], low: float, high: float, colour: Colour) -> None:
        """An upright block: sides from far to near, each in its own light, then its top."""
        sides = [(ring[n], ring[(n + 1) % len(ring)]) for n in range(len(ring))]
        sides.sort(key=lambda side: -self.lens.depth((*_middle(side), low)))
        for a, b in sides:
            light = 0.62 + 0.2 * abs(np.cos(np.arctan2(b[1] - a[1], b[0] - a[0]) + 0.6))
            self.area([(*a, low), (*b, low), (*b, high), (*a, high)], _lit(colour, light))
        self.area([(*point, high) for point in ring], colour)

    def _pixels(self, places: Sequence[Place]) -> NDArray[np.int32]:
        return np.rint(self.lens.picture(np.array(places, float))).astype(np.int32)


def _middle(side: tuple[Point, Point]) -> Point:
    (ax, ay), (bx, by) = side
    return (ax + bx) / 2, (ay + by) / 2


def _lit(colour: Colour, light: float) -> Colour:
    b, g, r = (int(min(channel * light, 255)) for channel in colour)
    return b, g, r


def rectangle(centre: Point, heading: float, length: float, width: float) -> list[Point]:
    c, s = np.cos(heading), np.sin(heading)
    half = ((-length / 2, -width / 2), (length / 2, -width / 2), (length / 2, width / 2),
            (-length / 2, width / 2))  # fmt: skip
    return [(centre[0] + c * u - s * v, centre[1] + s * u + c * v) for u, v in half]


def grained(canvas: Canvas, seed: int, strength: float = 7.0) -> Picture:
    """The ground's own grain, the same in every picture; it lies on the ground, so that it goes
    across the picture when the camera is turned."""
    picture, aside_px = canvas.picture, canvas.lens.aside_px
    rng = np.random.default_rng(seed)
    height, width = picture.shape[:2]
    fine = rng.normal(0, strength, (height, width, 1))
    coarse = cv2.resize(rng.normal(0, strength, (height // 24, width // 24)), (width, height))
    grain = np.roll(fine + coarse[:, :, None], aside_px, axis=1)
    return np.asarray(np.clip(picture + grain, 0, 255), np.uint8)


class Film:
    """What comes out of the camera: the hour's light, and the sensor's noise."""

    def __init__(self, height: int, width: int, seed: int = 7) -> None:
        self._rng = np.random.default_rng(seed)
        # One sheet of noise, laid on anew at another place for each picture.
        self._sheet = self._rng.integers(-4, 5, (height + 64, width + 64, 3), dtype=np.int16)

    def develop(self, picture: Picture, light: float) -> Picture:
        height, width = picture.shape[:2]
        y, x = self._rng.integers(0, 64, 2)
        noise = self._sheet[y : y + height, x : x + width]
        lit = cv2.convertScaleAbs(picture, alpha=light) if light != 1.0 else picture
        return np.asarray(cv2.add(lit.astype(np.int16), noise).clip(0, 255), np.uint8)


def shifted(points: Sequence[Point], by: Point, times: float) -> list[Point]:
    return [(x + by[0] * times, y + by[1] * times) for x, y in points]


def ellipse(canvas: Canvas, centre: Place, half: tuple[float, float], colour: Colour) -> None:
    """An upright oval that faces the camera: half its width and half its height in metres."""
    x, y, z = centre
    foot, top = canvas.lens.picture(np.array([(x, y, z - half[1]), (x, y, z + half[1])]))
    tall = max(float(np.linalg.norm(top - foot)) / 2, 1.0)
    wide = tall * half[0] / half[1]
    middle = tuple(int(v) for v in np.rint((foot + top) / 2))
    axes = (max(int(wide), 1), max(int(tall), 1))
    cv2.ellipse(canvas.picture, middle, axes, 0.0, 0.0, 360.0, colour, -1, cv2.LINE_AA)
