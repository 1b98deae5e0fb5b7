"""A parking bay cut out of the picture: 64 × 32 pixels, its long side lying."""

from collections.abc import Sequence

import cv2
import numpy as np

from devices.vision.arrays import Floats, Picture
from devices.vision.ground import Point

WIDTH, HEIGHT = 64, 32
LEAST_SPREAD = 32.0  # bare ground has less contrast than that, and shall not be blown up


def cut_out(picture: Picture, corners: Sequence[Point]) -> Picture:
    """`corners` are fractions, in drawing order."""
    height, width = picture.shape[:2]
    quad: Floats = np.array(corners, np.float32) * (width, height)
    if _side(quad, 0) + _side(quad, 2) < _side(quad, 1) + _side(quad, 3):
        quad = np.roll(quad, 1, axis=0)
    target = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    warp = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    patch = cv2.warpPerspective(picture, warp, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    return np.asarray(patch, np.uint8)


def _side(quad: Floats, corner: int) -> float:
    return float(np.linalg.norm(quad[(corner + 1) % 4] - quad[corner]))


def normalised(patches: Sequence[Picture]) -> Floats:
    """n × 3 × 32 × 64, each patch around its own mean by its own spread: light is no evidence."""
    stack = np.asarray(patches, np.float32).transpose(0, 3, 1, 2)
    mean = stack.mean((1, 2, 3), keepdims=True)
    spread = stack.std((1, 2, 3), keepdims=True)
    return np.asarray((stack - mean) / np.maximum(spread, LEAST_SPREAD), np.float32)
