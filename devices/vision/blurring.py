"""A still for the safety desk in which nobody can be recognised."""

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np

from devices.vision.arrays import Box, Picture


class FaceFinder(Protocol):
    def faces(self, picture: Picture) -> Sequence[Box]: ...


class CascadeFaces:
    """P. Viola, M. Jones 2001, by OpenCV; the operator gives the cascade file's text."""

    def __init__(self, cascade_xml: str) -> None:
        self._cascade = cv2.CascadeClassifier()
        try:
            storage = cv2.FileStorage(cascade_xml, cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
            read = self._cascade.read(storage.getFirstTopLevelNode())
        except cv2.error as wrong:
            raise ValueError(f"this is no cascade of faces: {wrong.err}") from wrong
        if not read:
            raise ValueError("this is no cascade of faces")

    def faces(self, picture: Picture) -> list[Box]:
        height, width = picture.shape[:2]
        found = self._cascade.detectMultiScale(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
        return [
            Box(x / width, y / height, (x + w) / width, (y + h) / height) for x, y, w, h in found
        ]


def blurred(
    picture: Picture, moving: Sequence[Box], faces: FaceFinder | None = None, margin: float = 0.15
) -> Picture:
    """Every moving thing and every face becomes a handful of coloured squares, smoothed."""
    still = picture.copy()
    height, width = picture.shape[:2]
    found = [*moving, *(faces.faces(picture) if faces else ())]
    for box in (_wider(box, margin) for box in found):
        left, top, right, bottom = box.pixels(width, height)
        if right > left and bottom > top:
            still[top:bottom, left:right] = _veiled(still[top:bottom, left:right])
    return still


def _wider(box: Box, margin: float) -> Box:
    aside, above = box.width * margin, box.height * margin
    return Box(box.left - aside, box.top - above, box.right + aside, box.bottom + above)


def _veiled(part: Picture) -> Picture:
    """At most six squares along the longer side: a shape and its colours, no face, no plate."""
    height, width = part.shape[:2]
    square = max(height, width) / 6
    few = max(round(width / square), 1), max(round(height / square), 1)
    small = cv2.resize(part, few, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
