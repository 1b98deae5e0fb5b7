"""From the picture to the ground: a plane homography, from marked points or a calibrated camera.

Picture points are fractions (0..1, origin top left); ground points are metres east and north of an
origin that the caller chose. Without a calibration a view still has a scale to think in, but says
so (``calibrated`` is false), and no speed or density may be told from it.

R. Tsai, A versatile camera calibration technique for high-accuracy 3D machine vision metrology,
IEEE J. Robotics and Automation 3(4), 1987.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.arrays import Box, Floats

Point = tuple[float, float]
Row = tuple[float, float, float]
Matrix = tuple[Row, Row, Row]

ASSUMED_WIDTH_M = 20.0


@dataclass(frozen=True, slots=True)
class View:
    """How a camera's picture lies on the ground."""

    to_ground: Matrix = ((ASSUMED_WIDTH_M, 0, 0), (0, -ASSUMED_WIDTH_M, 0), (0, 0, 1))
    calibrated: bool = False

    def __post_init__(self) -> None:
        matrix = np.asarray(self.to_ground, float)
        if matrix.shape != (3, 3) or not np.isfinite(matrix).all():
            raise ValueError("a homography is three rows of three finite numbers")
        if abs(np.linalg.det(matrix)) < 1e-12:
            raise ValueError("the homography has no inverse: its points lie on one line")

    @classmethod
    def from_points(cls, picture: Sequence[Point], ground_m: Sequence[Point]) -> "View":
        """The plane through four or more marked points; more than four are fitted robustly."""
        if len(picture) != len(ground_m) or len(picture) < 4:
            raise ValueError("mark at least four points, each in the picture and on the ground")
        found, _ = cv2.findHomography(
            np.asarray(picture, float),
            np.asarray(ground_m, float),
            cv2.RANSAC if len(picture) > 4 else 0,
            0.5,
        )
        if found is None:
            raise ValueError("no plane goes through these points: do three lie on one line?")
        return cls.from_matrix(found)

    @classmethod
    def from_matrix(cls, matrix: Floats, *, calibrated: bool = True) -> "View":
        a, b, c = (tuple(float(cell) for cell in row) for row in np.asarray(matrix, float))
        return cls((a, b, c), calibrated)  # type: ignore[arg-type]

    def ground(self, points: Floats) -> Floats:
        """Metres on the ground of an n × 2 array of picture points."""
        return _through(np.asarray(self.to_ground, float), points)

    def picture(self, points_m: Floats) -> Floats:
        """Picture points of an n × 2 array of metres on the ground."""
        return _through(np.linalg.inv(np.asarray(self.to_ground, float)), points_m)

    def stands_at(self, box: Box) -> Point:
        x, y = self.ground(np.array([box.foot]))[0]
        return float(x), float(y)

    def width_m(self, box: Box) -> float:
        """How wide the box is where it touches the ground."""
        ends = self.ground(np.array([(box.left, box.bottom), (box.right, box.bottom)]))
        return float(np.linalg.norm(ends[1] - ends[0]))


def _through(matrix: Floats, points: Floats) -> Floats:
    points = np.asarray(points, float).reshape(-1, 2)
    mapped = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return mapped[:, :2] / mapped[:, 2:]


@dataclass(frozen=True, slots=True)
class TsaiCamera:
    """Tsai's pinhole camera with one radial term; lengths in millimetres, angles in radians."""

    width: int
    height: int
    focal: float
    kappa1: float
    cx: float
    cy: float
    sx: float
    dpx: float
    dpy: float
    translation: Row
    rotation: Row

    def matrix(self) -> Floats:
        """World millimetres to camera millimetres: R_z · R_y · R_x, then the translation."""
        rx, ry, rz = self.rotation
        (sa, ca), (sb, cb), (sg, cg) = ((np.sin(r), np.cos(r)) for r in (rx, ry, rz))
        turned = np.array(
            [
                [cb * cg, cg * sa * sb - ca * sg, sa * sg + ca * cg * sb],
                [cb * sg, sa * sb * sg + ca * cg, ca * sb * sg - cg * sa],
                [-sb, cb * sa, ca * cb],
            ]
        )
        return np.column_stack([turned, self.translation])

    def project(self, world_m: Floats) -> Floats:
        """Picture fractions of an n × 3 array of world metres."""
        points = np.column_stack([np.asarray(world_m, float) * 1000, np.ones(len(world_m))])
        x, y, z = self.matrix() @ points.T
        return self._distorted(np.column_stack([x / z, y / z]) * self.focal)

    def _distorted(self, ideal_mm: Floats) -> Floats:
        """Solves ideal = seen · (1 + κ r²) for what is seen, by fixed point, then to fractions."""
        seen = ideal_mm
        for _ in range(20):
            seen = ideal_mm / (1 + self.kappa1 * (seen**2).sum(1, keepdims=True))
        pixels = seen / (self.dpx, self.dpy) * (self.sx, 1) + (self.cx, self.cy)
        return pixels / (self.width, self.height)

    def view(self, around_m: Sequence[Point]) -> View:
        """The ground plane seen by it, fitted over the given patch of ground."""
        ground = np.asarray(around_m, float)
        seen = self.project(np.column_stack([ground, np.zeros(len(ground))]))
        found, _ = cv2.findHomography(seen, ground, 0)
        return View.from_matrix(found)
