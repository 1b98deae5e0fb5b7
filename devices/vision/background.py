"""What is always there, and what is not: a picture's moving parts without their shadows.

The model: Z. Zivkovic, F. van der Heijden, Efficient adaptive density estimation per image pixel
for the task of background subtraction, Pattern Recognition Letters 27, 2006 (KNN, by OpenCV).
Its shadows are only candidates: under a true shadow the ground's texture goes on (J. Jacques et
al., Background subtraction and shadow detection in grayscale video sequences, SIBGRAPI 2005).
"""

import cv2
import numpy as np

from devices.vision.arrays import Floats, Mask, Picture, Truths

SHADOW = 127  # KNN's word for it
LOOKS = 500  # that a pixel's memory can hold at most
DISTANCE = 250.0  # squared, over three channels: about nine grey levels each
LEAST_SHARE = 0.0008  # of the picture: what is smaller is a leaf
SAME_TEXTURE = 0.5  # correlation with the ground
GROUND_MEMORY_S = 5.0
PLAIN = 30.0  # variance: no texture at all that could be compared


class Background:
    """Learns by time, not by frames, so that it behaves alike at 5 and at 25 pictures a second."""

    def __init__(self, memory_s: float = 60.0, warm_up_s: float = 4.0) -> None:
        self.memory_s, self.warm_up_s = memory_s, warm_up_s
        self._model = cv2.createBackgroundSubtractorKNN(LOOKS, DISTANCE, True)
        self._ground: Floats | None = None
        self._held: Mask | None = None
        self._begun_s: float | None = None
        self._at_s = 0.0

    @property
    def is_warm(self) -> bool:
        return self._begun_s is not None and self._at_s - self._begun_s >= self.warm_up_s

    def step(self, picture: Picture, at_s: float) -> Mask:
        """255 where something is that does not belong there."""
        begun_s = self._begun_s = at_s if self._begun_s is None else self._begun_s
        lapse_s = min(max(at_s - self._at_s, 0.01), 1.0)
        self._at_s = at_s
        memory_s = self.memory_s if self.is_warm else max(at_s - begun_s, lapse_s)
        rate = max(lapse_s / memory_s, 1 / LOOKS)
        labelled = self._model.apply(self._without_held(picture), learningRate=rate)
        thing = self._is_thing(labelled, picture) | self._is_still_there(picture)
        moving = cleaned(np.where(thing, 255, 0).astype(np.uint8))
        self._learn_ground(picture, moving, lapse_s)
        return moving

    def hold(self, resting: Mask) -> None:
        """What rests there is not to be learned: a stopped car stays a thing, not street."""
        self._held = resting if resting.any() else None

    def _without_held(self, picture: Picture) -> Picture:
        """The ground in place of what is held, so that the model goes on believing in it."""
        if self._held is None or self._ground is None:
            return picture
        ground = np.asarray(self._ground, np.uint8)
        return np.where(self._held[:, :, None] > 0, ground, picture)

    def _is_still_there(self, picture: Picture) -> Truths:
        if self._held is None or self._ground is None:
            return np.zeros(picture.shape[:2], bool)
        away = ((picture.astype(np.float32) - self._ground) ** 2).sum(2)
        return np.asarray((self._held > 0) & (away > DISTANCE))

    def _is_thing(self, labelled: Mask, picture: Picture) -> Truths:
        shadow = labelled == SHADOW
        if self._ground is None or not shadow.any():
            return np.asarray(labelled > 0)
        now, then = (_grey(colours) for colours in (picture, self._ground))
        return np.asarray((labelled > 0) & ~(shadow & texture_goes_on(now, then)))

    def _learn_ground(self, picture: Picture, moving: Mask, lapse_s: float) -> None:
        if self._ground is None:
            self._ground = picture.astype(np.float32)
        rate = min(lapse_s / GROUND_MEMORY_S, 1.0)
        cv2.accumulateWeighted(picture, self._ground, rate, mask=cv2.bitwise_not(moving))

    @property
    def ground(self) -> Picture:
        """The empty place, as far as it is known."""
        assert self._ground is not None
        return np.asarray(self._ground, np.uint8)


def _grey(colours: Floats | Picture) -> Floats:
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_BGR2GRAY), np.float32)


def texture_goes_on(now: Floats, then: Floats, window: tuple[int, int] = (5, 5)) -> Truths:
    """Where the picture is the ground, only darker: their small windows correlate."""
    now_mean, then_mean = cv2.boxFilter(now, -1, window), cv2.boxFilter(then, -1, window)
    now_spread = cv2.boxFilter(now * now, -1, window) - now_mean**2
    then_spread = cv2.boxFilter(then * then, -1, window) - then_mean**2
    shared = cv2.boxFilter(now * then, -1, window) - now_mean * then_mean
    alike = shared > SAME_TEXTURE * np.sqrt(np.maximum(now_spread * then_spread, 1e-6))
    return np.asarray(alike | ((now_spread < PLAIN) & (then_spread < PLAIN)))


def cleaned(mask: Mask) -> Mask:
    """Specks out, holes in."""
    whole = cv2.morphologyEx(cv2.medianBlur(mask, 5), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return without_specks(filled(whole), LEAST_SHARE)


def filled(mask: Mask) -> Mask:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    whole: Mask = np.zeros_like(mask)
    cv2.drawContours(whole, outlines, -1, 255, cv2.FILLED)
    return whole


def without_specks(mask: Mask, least_share: float) -> Mask:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    keep = stats[:, cv2.CC_STAT_AREA] >= least_share * mask.size
    keep[0] = False
    return np.where(keep[labels], 255, 0).astype(np.uint8)
