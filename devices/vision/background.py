"""What is always there, and what is not: a picture's moving parts without their shadows.

Z. Zivkovic, F. van der Heijden, Efficient adaptive density estimation per image pixel for the task
of background subtraction, Pattern Recognition Letters 27, 2006 (KNN, by OpenCV).
"""

import cv2
import numpy as np

from devices.vision.arrays import Mask, Picture

SHADOW = 127


class Background:
    """Learns by time, not by frames, so that it behaves alike at 5 and at 25 pictures a second."""

    def __init__(self, memory_s: float = 60.0, warm_up_s: float = 4.0) -> None:
        self.memory_s, self.warm_up_s = memory_s, warm_up_s
        self._model = cv2.createBackgroundSubtractorKNN(500, 400.0, True)
        self._begun_s: float | None = None
        self._at_s = 0.0

    @property
    def is_warm(self) -> bool:
        return self._begun_s is not None and self._at_s - self._begun_s >= self.warm_up_s

    def step(self, picture: Picture, at_s: float) -> Mask:
        begun_s = self._begun_s = at_s if self._begun_s is None else self._begun_s
        lapse_s = min(max(at_s - self._at_s, 0.01), 1.0)
        self._at_s = at_s
        memory_s = self.memory_s if self.is_warm else max(at_s - begun_s, lapse_s)
        return cleaned(self._model.apply(picture, learningRate=lapse_s / memory_s))

    def picture(self) -> Picture:
        return np.asarray(self._model.getBackgroundImage(), np.uint8)


def cleaned(labelled: Mask) -> Mask:
    """Shadows out, specks out, holes in."""
    moving = np.where(labelled > SHADOW, 255, 0).astype(np.uint8)
    moving = cv2.medianBlur(moving, 5)
    moving = cv2.morphologyEx(moving, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return filled(moving)


def filled(mask: Mask) -> Mask:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    whole: Mask = np.zeros_like(mask)
    cv2.drawContours(whole, outlines, -1, 255, cv2.FILLED)
    return whole
