"""A picture fitted into a detector's square: scaled, never squeezed, the rest grey."""

from typing import NamedTuple

import cv2
import numpy as np

from devices.vision.arrays import Floats, Picture

GREY = 114


class Letterboxed(NamedTuple):
    picture: Picture
    scale: float  # model pixels a picture pixel


def letterboxed(picture: Picture, side: int) -> Letterboxed:
    """Top left in the square, as YOLOX wants it."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    square: Picture = np.full((side, side, 3), GREY, np.uint8)
    square[: size[1], : size[0]] = cv2.resize(picture, size)
    return Letterboxed(square, scale)


def planes(picture: Picture) -> Floats:
    """1 × 3 × side × side, as networks read it."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)
