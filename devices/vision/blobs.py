"""Connected moving parts as detections, named by their size on the ground."""

from collections.abc import Iterator

import cv2
import numpy as np

from devices.vision.arrays import Box, Mask
from devices.vision.ground import View
from devices.vision.tracking import Detection

Part = tuple[slice, slice]  # of a picture
NECK = 0.25  # of a blob's shorter side: what is thinner joins two things, not two parts of one
LEAST_PART = 0.2  # of a blob


def boxes_of(moving: Mask) -> list[Box]:
    return [box for box, _, _ in blobs_of(moving)]


def detections(moving: Mask, view: View, kind: str | None = None) -> list[Detection]:
    """A blob wider than a person can be is a vehicle; upright and narrow ones are people."""
    return [
        Detection(box, kind or kind_of(box, view, moving.shape))
        for whole, _, patch in blobs_of(moving)
        for box in _cut_at_necks(whole, patch, moving.shape)
    ]


def kind_of(box: Box, view: View, shape: tuple[int, ...]) -> str:
    height, width = shape[:2]
    upright = box.height * height > 1.3 * box.width * width
    if view.calibrated:
        return "person" if view.width_m(box) < (1.2 if upright else 0.8) else "vehicle"
    return "person" if upright else "vehicle"


def share_moving(moving: Mask) -> float:
    return float(np.count_nonzero(moving)) / moving.size


def blobs_of(moving: Mask) -> Iterator[tuple[Box, Part, Mask]]:
    """Each with where it lies and its own pixels there."""
    found, labels, stats, _ = cv2.connectedComponentsWithStats(moving, connectivity=8)
    for n in range(1, found):
        left, top, w, h, _ = stats[n].tolist()
        part = np.s_[top : top + h, left : left + w]
        patch = np.where(labels[part] == n, 255, 0).astype(np.uint8)
        yield _box(left, top, w, h, moving.shape), part, patch


def _cut_at_necks(whole: Box, patch: Mask, shape: tuple[int, ...]) -> list[Box]:
    """Two vehicles that touch in the picture are joined by a neck; an opening cuts it."""
    height, width = shape[:2]
    thick = int(NECK * min(patch.shape))
    if thick < 3:
        return [whole]
    opened = cv2.morphologyEx(
        cv2.copyMakeBorder(patch, 1, 1, 1, 1, cv2.BORDER_CONSTANT),
        cv2.MORPH_OPEN,
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thick, thick)),
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(opened)
    parts = [part for part in stats[1:].tolist() if part[4] >= LEAST_PART * (opened > 0).sum()]
    if len(parts) < 2:
        return [whole]
    left, top = round(whole.left * width) - 1, round(whole.top * height) - 1
    return [_box(left + x, top + y, w, h, shape) for x, y, w, h, _ in parts]


def _box(left: int, top: int, w: int, h: int, shape: tuple[int, ...]) -> Box:
    height, width = shape[:2]
    return Box(left / width, top / height, (left + w) / width, (top + h) / height)
