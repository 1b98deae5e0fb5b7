"""People without weights: boxes of the size a person has there, fitted to what moves.

After F. Fleuret, J. Berclaz, R. Lengagne, P. Fua, Multicamera people tracking with a probabilistic
occupancy map, PAMI 30(2), 2008: a set of upright boxes on the ground shall explain the foreground.
Here one camera, and a greedy choice in place of the mean field: the box that explains most is
taken, what it explains no longer counts, until nothing is left that is worth a person.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.arrays import Box, Floats, Mask, Picture
from devices.vision.ground import View
from devices.vision.heights import person_boxes
from devices.vision.tracking import Detection

LYING_SCORE = 0.4  # below a tracker's `sure_score`: it goes on with a track and begins none


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    step_px: tuple[int, int] = (3, 3)
    body: float = 0.62  # of the box's width is body, the rest swinging arms and legs
    emptiness: float = 1.0  # what a pixel of ground inside the body costs, one of foreground gains
    outside: float = 0.8  # what a foreground pixel right under the feet or over the head costs
    worth: float = 0.38  # least gain, as a share of the body's area
    at_most: int = 60
    least_px: int = 12  # high: smaller people can't be told


class PeopleDetector:
    """Wants a calibrated view: it must know how high somebody looks."""

    def __init__(self, view: View, settings: PeopleSettings | None = None) -> None:
        self.view, self.settings = view, settings or PeopleSettings()
        self._shape: tuple[int, int] | None = None
        self._boxes: Floats = np.empty((0, 4))

    def detect(self, picture: Picture, moving: Mask) -> list[Detection]:
        self._lay_out((moving.shape[0], moving.shape[1]))
        near = self._near(moving)
        worth = np.where(moving > 0, 1.0, -self.settings.emptiness).astype(np.float32)
        found: list[tuple[Floats, float]] = []
        while len(near) and len(found) < self.settings.at_most:
            gains = self._gains(near, worth)
            best = int(np.argmax(gains))
            if gains[best] < self.settings.worth:
                break
            found.append((near[best], float(gains[best])))
            left, top, right, bottom = near[best]
            worth[top:bottom, left:right] = 0
            near = near[gains > self.settings.worth / 2]
        upright = [Detection(self._as_box(box), "person", min(gain, 1.0)) for box, gain in found]
        return upright + self._lying(np.where(worth > 0, 255, 0).astype(np.uint8))

    def _lying(self, left: Mask) -> list[Detection]:
        """What no upright box explains, flat and as large as somebody: on the ground."""
        height, width = left.shape
        left = cv2.morphologyEx(left, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(left)
        found = []
        for x, y, w, h, area in stats[1:].tolist():
            feet = np.array([((x + w / 2) / width, (y + h) / height)])
            person = person_boxes(self.view, feet, (height, width))[0] * ([width, height] * 2)
            body = (person[2] - person[0]) * (person[3] - person[1]) * self.settings.body
            if w > h and 0.5 * body < area < 2 * body:
                box = Box(x / width, y / height, (x + w) / width, (y + h) / height)
                found.append(Detection(box, "person", LYING_SCORE))
        return found

    def _lay_out(self, shape: tuple[int, int]) -> None:
        """All places somebody could stand in the picture, once for its size."""
        if shape == self._shape:
            return
        self._shape = shape
        height, width = shape
        across, down = self.settings.step_px
        x, y = np.meshgrid(np.arange(0, width, across), np.arange(0, int(height * 1.1), down))
        feet = np.column_stack([x.ravel() / width, y.ravel() / height])
        boxes = np.rint(person_boxes(self.view, feet, shape) * [width, height, width, height])
        tall = boxes[:, 3] - boxes[:, 1]
        seen = np.minimum(boxes[:, 3], height) - np.maximum(boxes[:, 1], 0)
        kept = (tall >= self.settings.least_px) & (tall < height) & (seen > 0.5 * tall)
        limits = [width, height, width, height]
        self._boxes = np.clip(boxes[kept], 0, limits).astype(np.int32)

    def _near(self, moving: Mask) -> Floats:
        """Those boxes that hold enough foreground to be worth a thought."""
        sums = cv2.integral((moving > 0).astype(np.uint8))
        boxes = self._boxes
        return boxes[_sums(sums, boxes) > 0.3 * self.settings.body * _areas(boxes)]

    def _gains(self, boxes: Floats, worth: Floats) -> Floats:
        """What each would explain, as a share of its body's area."""
        sums = cv2.integral(worth)
        excess = cv2.integral(np.maximum(worth, 0))
        body = self._body(boxes)
        tall = boxes[:, 3] - boxes[:, 1]
        under, over = body.copy(), body.copy()
        under[:, 1] = boxes[:, 3]
        under[:, 3] = np.minimum(boxes[:, 3] + tall // 4, worth.shape[0])
        over[:, 3] = boxes[:, 1]
        over[:, 1] = np.maximum(boxes[:, 1] - tall // 6, 0)
        strips = _sums(excess, under) + _sums(excess, over)
        gained = _sums(sums, body) - self.settings.outside * strips
        return np.asarray(gained / np.maximum(_areas(body), 1))

    def _body(self, boxes: Floats) -> Floats:
        aside = ((boxes[:, 2] - boxes[:, 0]) * (1 - self.settings.body) / 2).astype(np.int32)
        body = boxes.copy()
        body[:, 0] += aside
        body[:, 2] -= aside
        return body

    def _as_box(self, box: Floats) -> Box:
        assert self._shape is not None
        height, width = self._shape
        left, top, right, bottom = (int(side) for side in box)
        return Box(left / width, top / height, right / width, bottom / height)


def _areas(boxes: Floats) -> Floats:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))


def _sums(integral: Floats, boxes: Floats) -> Floats:
    left, top, right, bottom = boxes.T
    return np.asarray(
        integral[bottom, right]
        - integral[top, right]
        - integral[bottom, left]
        + integral[top, left],
        np.float64,
    )
