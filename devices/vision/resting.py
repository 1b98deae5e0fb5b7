"""Patches that came to rest: not background, and the same for a while.

After F. Porikli, Detection of temporarily static regions by processing video at different frame
rates, AVSS 2007, with an age per pixel in place of a second background model.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from devices.vision.arrays import Box, Floats, Grey, Mask
from devices.vision.ground import View
from devices.vision.rules.rule import Resting

CHANGED = 18  # grey levels: more than noise


class RestingPatches:
    def __init__(self, view: View, rest_s: float = 2.0, least_share: float = 0.0003) -> None:
        self.view, self.rest_s, self.least_share = view, rest_s, least_share
        self._age: Floats | None = None
        self._before: Grey | None = None
        self._at_s = 0.0
        self._known: list[Resting] = []
        self._next = 1

    def step(self, grey: Grey, moving: Mask, at_s: float) -> list[Resting]:
        self._grow_older(grey, moving, at_s)
        assert self._age is not None
        still = np.where(self._age >= self.rest_s, 255, 0).astype(np.uint8)
        still = cv2.morphologyEx(still, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        self._known = [self._recognised(box, at_s) for box in self._boxes(still)]
        return self._known

    def _grow_older(self, grey: Grey, moving: Mask, at_s: float) -> None:
        lapse_s = min(max(at_s - self._at_s, 0.0), 1.0)
        if self._age is None or self._before is None or self._age.shape != grey.shape:
            self._age, self._before = np.zeros(grey.shape, np.float32), grey
        same = (cv2.absdiff(grey, self._before) < CHANGED) & (moving > 0)
        # What passes in front takes some age away, not all.
        self._age = np.where(same, self._age + lapse_s, np.maximum(self._age - 3 * lapse_s, 0))
        self._age[moving == 0] = 0
        self._before, self._at_s = grey, at_s

    def _boxes(self, still: Mask) -> Iterator[tuple[Box, float]]:
        height, width = still.shape
        assert self._age is not None
        count, labels, stats, _ = cv2.connectedComponentsWithStats(still)
        for n in range(1, count):
            left, top, w, h, area = stats[n].tolist()
            if area >= self.least_share * width * height:
                patch = labels[top : top + h, left : left + w] == n
                age_s = float(np.median(self._age[top : top + h, left : left + w][patch]))
                yield Box(left / width, top / height, (left + w) / width, (top + h) / height), age_s

    def _recognised(self, found: tuple[Box, float], at_s: float) -> Resting:
        box, age_s = found
        for known in self._known:
            if known.box.overlap(box) > 0.3:
                return Resting(known.number, box, known.since_s, self.view.width_m(box))
        self._next += 1
        return Resting(self._next - 1, box, at_s - age_s, self.view.width_m(box))
