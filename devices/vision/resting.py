"""Patches that came to rest: not background, and the same for a while.

After F. Porikli, Detection of temporarily static regions by processing video at different frame
rates, AVSS 2007, with an age per pixel in place of a second background model. A thing taken away
leaves a patch, too; there the edges belong to the remembered ground, not to the picture
(J. Connell et al., Detection and tracking in the IBM PeopleVision system, ICME 2004).
"""

from collections.abc import Iterator, Sequence
from itertools import count

import cv2
import numpy as np

from devices.vision.arrays import Box, Floats, Grey, Mask
from devices.vision.ground import View
from devices.vision.rules.rule import Resting

CHANGED = 18  # grey levels: more than noise
LEAST_SHARE = 0.0003  # of the picture


class RestingPatches:
    """`step` gives the patches; `held` is where they are, for `Background.hold`."""

    def __init__(self, view: View, rest_s: float = 2.0, longest_s: float = 900.0) -> None:
        self.view, self.rest_s, self.longest_s = view, rest_s, longest_s
        self.held: Mask | None = None
        self._age: Floats | None = None
        self._before: Grey | None = None
        self._at_s = 0.0
        self._known: list[Resting] = []
        self._numbers = count(1)

    def step(
        self, grey: Grey, ground: Grey, moving: Mask, brought: Sequence[Box], at_s: float
    ) -> list[Resting]:
        """`brought`: where something that came by itself was seen; leaves only tremble."""
        age = self._grown_older(grey, moving, at_s)
        still = np.where((age >= self.rest_s) & (age < self.longest_s), 255, 0).astype(np.uint8)
        still = cv2.morphologyEx(still, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        self.held = np.zeros_like(moving)
        self._known = [
            self._recognised(box, age_s, at_s)
            for box, age_s in self._patches(still, age, grey, ground, brought)
        ]
        return self._known

    def _grown_older(self, grey: Grey, moving: Mask, at_s: float) -> Floats:
        lapse_s = min(max(at_s - self._at_s, 0.0), 1.0)
        if self._age is None or self._before is None:
            self._age, self._before = np.zeros(grey.shape, np.float32), grey
        same = (cv2.absdiff(grey, self._before) < CHANGED) & (moving > 0)
        # What passes in front takes some age away, not all.
        self._age = np.where(same, self._age + lapse_s, np.maximum(self._age - 3 * lapse_s, 0))
        self._age[moving == 0] = 0
        self._before, self._at_s = grey, at_s
        return self._age

    def _patches(
        self, still: Mask, age: Floats, grey: Grey, ground: Grey, brought: Sequence[Box]
    ) -> Iterator[tuple[Box, float]]:
        height, width = still.shape
        found, labels, stats, _ = cv2.connectedComponentsWithStats(still)
        for n in range(1, found):
            left, top, w, h, area = stats[n].tolist()
            if area < LEAST_SHARE * width * height:
                continue
            part = np.s_[max(top - 2, 0) : top + h + 2, max(left - 2, 0) : left + w + 2]
            patch = (labels[part] == n).astype(np.uint8)
            box = Box(left / width, top / height, (left + w) / width, (top + h) / height)
            came = any(box.shared_area(other) > 0 for other in brought) or self._is_known(box)
            if not came or is_taken_away(patch, grey[part], ground[part]):
                continue
            assert self.held is not None
            self.held[part] |= patch * 255
            yield box, float(np.median(age[part][patch > 0]))

    def _is_known(self, box: Box) -> bool:
        return any(known.box.overlap(box) > 0.3 for known in self._known)

    def _recognised(self, box: Box, age_s: float, at_s: float) -> Resting:
        assert self._before is not None
        height, width = self._before.shape
        size_m = self.view.width_m(box)
        height_m = size_m * box.height * height / (box.width * width)
        for known in self._known:
            if known.box.overlap(box) > 0.3:
                return Resting(known.number, box, known.since_s, size_m, height_m)
        return Resting(next(self._numbers), box, at_s - age_s, size_m, height_m)


def is_taken_away(patch: Mask, grey: Grey, ground: Grey) -> bool:
    """Along the patch's outline the remembered ground has the edges, not the picture."""
    rim = cv2.morphologyEx(patch, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    now, then = (_edges(picture)[rim].mean() if rim.any() else 0.0 for picture in (grey, ground))
    return bool(then > 1.5 * now)


def _edges(grey: Grey) -> Floats:
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *d, ksize=3) for d in ((1, 0), (0, 1)))
    return np.asarray(cv2.magnitude(across, down))
