"""A lane without its real traffic, for what is shown there instead: nobody drives through a car.

Where a vehicle stands, real drivers wait or go round; footage knows nothing of it and would drive
on through. So whoever really drives in that lane is painted over with the empty road.
"""

from functools import cache

import cv2
import numpy as np

from benchmarks.vision.clips import Split
from benchmarks.vision.footage import highway_frames, highway_view
from devices.vision.arrays import Mask, Picture
from devices.vision.background import filled, without_specks

CHANGED = 18  # grey levels
LEAST_SHARE = 0.0005  # of the picture: leaves, noise
CLEARLY = 0.85  # of a blob's columns in one lane: all of it is
SHADOW_RIM = np.ones((9, 9), np.uint8)


@cache
def empty_road(split: Split) -> Picture:
    """The median of the footage: no place is covered half of the time."""
    return np.asarray(np.median(np.stack(split.of(highway_frames())[::10]), axis=0), np.uint8)


def cleared(look: Picture, split: Split, *, left_lane: bool) -> Picture:
    """The same look, nobody in that lane."""
    road = empty_road(split)
    change = cv2.absdiff(look, road).max(axis=2) > CHANGED
    whole = cv2.morphologyEx(
        np.where(change, 255, 0).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)
    )
    theirs = _of_lane(without_specks(filled(whole), LEAST_SHARE), left_lane=left_lane)
    return np.where(cv2.dilate(theirs, SHADOW_RIM)[:, :, None] > 0, road, look)


def _of_lane(moving: Mask, *, left_lane: bool) -> Mask:
    """The columns of each blob that touch the ground in that lane."""
    found, labels = cv2.connectedComponents(moving)
    theirs: Mask = np.zeros_like(moving)
    for n in range(1, found):
        blob = labels == n
        columns = np.flatnonzero(blob.any(axis=0))
        mine = _in_lane(blob, columns, left_lane=left_lane)
        if mine.mean() >= CLEARLY:
            theirs[blob] = 255
        elif mine.mean() > 1 - CLEARLY:
            theirs[:, columns[mine]] |= np.where(blob[:, columns[mine]], 255, 0).astype(np.uint8)
    return theirs


def _in_lane(blob: np.ndarray, columns: np.ndarray, *, left_lane: bool) -> np.ndarray:
    height, width = blob.shape
    bottoms = height - np.argmax(blob[::-1, columns], axis=0)
    aside_m = highway_view().ground(np.column_stack([columns / width, bottoms / height]))[:, 0]
    return (aside_m < 0) if left_lane else (aside_m >= 0)
