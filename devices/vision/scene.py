"""What an operator draws over a still: zones, lines, bays, and what each is watched for.

All points are fractions of the picture, so that a stream may change its size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from devices.vision.arrays import Floats, Mask
from devices.vision.ground import Point, View
from devices.vision.rules.rule import Rule

UNCALIBRATED = View()


class Subject(StrEnum):
    """Who a camera mostly sees; decides how its picture is taken apart without a detector."""

    VEHICLES = "vehicles"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Zone:
    key: str
    outline: tuple[Point, ...]
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        _check_outline(self.key, self.outline, 3)

    def contains(self, point: Point) -> bool:
        return float(cv2.pointPolygonTest(np.array([self.outline], np.float32), point, False)) >= 0

    def mask(self, width: int, height: int) -> Mask:
        return drawn(self.outline, width, height)

    def area_m2(self, view: View) -> float:
        return float(cv2.contourArea(view.ground(np.array(self.outline)).astype(np.float32)))


@dataclass(frozen=True, slots=True)
class Line:
    """A counted line, one per lane where lanes count. Forward is from its left to its right."""

    key: str
    start: Point
    end: Point

    def __post_init__(self) -> None:
        _check_outline(self.key, (self.start, self.end), 2)


@dataclass(frozen=True, slots=True)
class Bay:
    """Four corners around the parking space, in drawing order."""

    key: str
    corners: tuple[Point, Point, Point, Point]

    def __post_init__(self) -> None:
        _check_outline(self.key, self.corners, 4)


@dataclass(frozen=True, slots=True)
class Scene:
    """A camera's whole configuration."""

    view: View = UNCALIBRATED
    subject: Subject = Subject.VEHICLES
    zones: tuple[Zone, ...] = ()
    lines: tuple[Line, ...] = ()
    bays: tuple[Bay, ...] = ()
    level_every_s: float = 60.0
    bays_every_s: float = 2.0
    working_width: int = 480

    def __post_init__(self) -> None:
        parts: tuple[Zone | Line | Bay, ...] = (*self.zones, *self.lines, *self.bays)
        keys = [part.key for part in parts]
        if len(keys) != len(set(keys)):
            raise ValueError("two zones, lines or bays have the same key")
        if self.level_every_s <= 0 or self.bays_every_s <= 0:
            raise ValueError("a period must be longer than nothing")
        if not 160 <= self.working_width <= 1920:
            raise ValueError("the working width must lie between 160 and 1920 pixels")

    @property
    def watches_motion(self) -> bool:
        """Whether anything is asked that needs the moving parts of the picture."""
        return bool(self.zones or self.lines)


def drawn(outline: Sequence[Point], width: int, height: int) -> Mask:
    mask: Mask = np.zeros((height, width), np.uint8)
    corners: Floats = np.array(outline) * (width, height)
    cv2.fillPoly(mask, [np.int32(np.rint(corners))], 255)
    return mask


def _check_outline(key: str, points: Sequence[Point], least: int) -> None:
    if len(points) < least:
        raise ValueError(f"{key}: at least {least} points are needed")
    if not all(-0.5 <= value <= 1.5 for point in points for value in point):
        raise ValueError(f"{key}: points are fractions of the picture, from 0 to 1")
    if len(set(points)) < least:
        raise ValueError(f"{key}: two points are the same")
