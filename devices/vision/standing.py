"""Vehicles that stand, as they looked when they came to stand: who comes up to one stays apart.

A second layer over the ground, after F. Porikli (AVSS 2007, see `resting`): in the picture of one
camera a blob that comes near another melts with it long before the two meet on the road.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.arrays import Box, Grey, Mask, Truths
from devices.vision.background import cleaned
from devices.vision.blobs import blobs_of
from devices.vision.tracking import Track

CHANGED = 18  # grey levels: more than noise
STEADY_S, STEADY = 0.8, 0.85  # so long its box has lain over itself
WHOLE = 0.9  # overlap of its box and a blob's: nobody else is in it
SEEN = 0.75  # of its pixels are as they were: it has neither moved nor is it hidden
RIM = np.ones((5, 5), np.uint8)


@dataclass(slots=True)
class _Standing:
    box: Box
    mask: Truths
    look: Grey

    def unchanged(self, grey: Grey) -> Truths:
        return np.asarray(self.mask & (cv2.absdiff(grey, self.look) < CHANGED))

    def is_seen(self, same: Truths) -> bool:
        return bool(np.count_nonzero(same) >= SEEN * np.count_nonzero(self.mask))


class StandingVehicles:
    def __init__(self) -> None:
        self._known: dict[int, _Standing] = {}  # by their tracks' numbers

    def take_out(self, grey: Grey, moving: Mask) -> tuple[list[Box], Mask]:
        """Those that stand there unchanged, and what moves besides."""
        boxes, rest = [], np.zeros_like(moving)
        for standing in self._known.values():
            same = standing.unchanged(grey)
            if standing.is_seen(same):
                standing.look = np.where(same, grey, standing.look)  # follows the light
                boxes.append(standing.box)
                rest[same] = 255
        if not boxes:
            return [], moving
        return boxes, cleaned(cv2.bitwise_and(moving, cv2.bitwise_not(cv2.dilate(rest, RIM))))

    def learn(self, grey: Grey, moving: Mask, tracks: Sequence[Track], at_s: float) -> None:
        """Remembers who has come to stand by itself; forgets whom nobody follows any more."""
        numbers = {track.number for track in tracks}
        self._known = {n: known for n, known in self._known.items() if n in numbers}
        new = [t for t in tracks if _stands(t, at_s) and not self._is_as_it_was(t.number, grey)]
        for box, part, pixels in blobs_of(moving) if new else ():
            for track in new:
                if track.box.overlap(box) >= WHOLE:
                    mask = np.zeros(moving.shape, bool)
                    mask[part] = pixels > 0
                    self._known[track.number] = _Standing(box, mask, grey)

    def _is_as_it_was(self, number: int, grey: Grey) -> bool:
        known = self._known.get(number)
        return known is not None and known.is_seen(known.unchanged(grey))


def _stands(track: Track, at_s: float) -> bool:
    if track.kind != "vehicle" or track.seen_s != at_s or at_s - track.born_s < STEADY_S:
        return False
    lately = [box for seen_s, box in track.boxes if seen_s >= at_s - STEADY_S]
    return len(lately) >= 3 and min(box.overlap(track.box) for box in lately) >= STEADY
