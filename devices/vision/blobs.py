"""Connected moving parts as detections, named by their size on the ground."""

import cv2
import numpy as np

from devices.vision.arrays import Box, Mask
from devices.vision.ground import View
from devices.vision.tracking import Detection

LEAST_SHARE = 0.0006  # of the picture: smaller is noise


def boxes_of(moving: Mask, least_share: float = LEAST_SHARE) -> list[Box]:
    height, width = moving.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(moving, connectivity=8)
    return [
        Box(left / width, top / height, (left + w) / width, (top + h) / height)
        for left, top, w, h, area in stats[1:].tolist()
        if area >= least_share * width * height
    ]


def detections(moving: Mask, view: View, kind: str | None = None) -> list[Detection]:
    """A blob wider than a person can be is a vehicle; upright and narrow ones are people."""
    return [Detection(box, kind or kind_of(box, view, moving.shape)) for box in boxes_of(moving)]


def kind_of(box: Box, view: View, shape: tuple[int, ...]) -> str:
    height, width = shape[:2]
    upright = box.height * height > 1.3 * box.width * width
    if view.calibrated:
        return "person" if view.width_m(box) < (1.2 if upright else 0.8) else "vehicle"
    return "person" if upright else "vehicle"


def share_moving(moving: Mask) -> float:
    return float(np.count_nonzero(moving)) / moving.size
