"""Whether a view can be believed: dark, covered, frozen, blurred, moved, or fine.

A reference is what the operator's still looked like when zones were drawn, reduced to its edges:
nobody can be seen in it. Shift by phase correlation (C. D. Kuglin, D. C. Hines 1975) of many
tiles, of which most must agree, because cars come and go.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.arrays import Floats, Grey, Picture
from devices.vision.findings import Health, Reason

SIZE = (320, 180)
TILE = 60


@dataclass(frozen=True, slots=True)
class HealthSettings:
    dark_below: float = 22.0  # mean brightness of 255
    flat_below: float = 9.0  # spread of brightness: a hand or a spray over the lens
    sharp_share: float = 0.35  # of the reference's edge energy
    moved_px: float = 1.0  # of a picture 320 wide: 4 px of 1280
    frozen_s: float = 10.0
    confirm_s: float = 1.0  # a reason must hold, so that a lightning or a lorry alone is none
    clear_s: float = 5.0  # a view must be well again for that long


@dataclass(frozen=True, slots=True)
class Reference:
    """The edges of the still over which zones were drawn."""

    edges: Grey

    @classmethod
    def of(cls, picture: Picture) -> "Reference":
        return cls(_edges(_small(picture)))

    def to_bytes(self) -> bytes:
        done, png = cv2.imencode(".png", self.edges)
        return bytes(png) if done else b""

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Reference":
        edges = cv2.imdecode(np.frombuffer(stored, np.uint8), cv2.IMREAD_GRAYSCALE)
        if edges is None or edges.shape != SIZE[::-1]:
            raise ValueError("this is no reference of a view")
        return cls(np.asarray(edges, np.uint8))


class HealthWatch:
    def __init__(
        self, reference: Reference | None = None, settings: HealthSettings | None = None
    ) -> None:
        self.reference, self.settings = reference, settings or HealthSettings()
        self._last: Grey | None = None
        self._changed_s: float | None = None
        self._health = Health()
        self._since: dict[Reason, float] = {}
        self._well_since_s: float | None = None

    def step(self, picture: Picture, at_s: float) -> Health:
        small = _small(picture)
        reason, measure = self._judge(small, at_s)
        self._last = small
        self._settle(reason, measure, at_s)
        return self._health

    def _settle(self, reason: Reason, measure: float, at_s: float) -> None:
        """At once doubtful, told only when it holds; well again only after a while."""
        if reason is Reason.NONE:
            self._since.clear()
            well_since_s = self._well_since_s = (
                at_s if self._well_since_s is None else self._well_since_s
            )
            if not self._health.ok and at_s - well_since_s >= self.settings.clear_s:
                self._health = Health(since_s=at_s)
            return
        self._well_since_s = None
        since_s = self._since.setdefault(reason, at_s)
        if at_s - since_s >= self.settings.confirm_s or self._health.ok is False:
            self._health = Health(reason, since_s, measure)

    @property
    def health(self) -> Health:
        return self._health

    @property
    def is_doubtful(self) -> bool:
        """Something is wrong already, though not for long enough to be told."""
        return bool(self._since)

    def _judge(self, small: Grey, at_s: float) -> tuple[Reason, float]:
        settings = self.settings
        brightness, spread = float(small.mean()), float(small.std())
        if brightness < settings.dark_below:
            return Reason.DARK, brightness
        if spread < settings.flat_below:
            return Reason.COVERED, spread
        if self._frozen_for(small, at_s) >= settings.frozen_s:
            return Reason.FROZEN, self._frozen_for(small, at_s)
        return self._compared(small)

    def _frozen_for(self, small: Grey, at_s: float) -> float:
        """Not one value of the picture has changed; a sensor's own noise always changes some."""
        if self._changed_s is None or self._last is None or not np.array_equal(small, self._last):
            self._changed_s = at_s
        return at_s - self._changed_s

    def _compared(self, small: Grey) -> tuple[Reason, float]:
        if self.reference is None:
            return Reason.NONE, 0.0
        edges = _edges(small)
        sharpness = float(edges.mean() / max(self.reference.edges.mean(), 1e-6))
        if sharpness < self.settings.sharp_share:
            return Reason.BLURRED, sharpness
        shift = shift_px(self.reference.edges, edges)
        return (Reason.MOVED, shift) if shift > self.settings.moved_px else (Reason.NONE, shift)


def shift_px(reference: Grey, edges: Grey) -> float:
    """By how much most tiles have moved, in pixels of a picture 320 wide."""
    whole, trust = cv2.phaseCorrelate(np.float32(reference), np.float32(edges), _window(SIZE))
    return float(np.hypot(*whole)) if trust > 0 else 0.0


def _window(size: tuple[int, int]) -> Floats:
    return np.asarray(cv2.createHanningWindow(size, cv2.CV_32F))


def _small(picture: Picture) -> Grey:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    return np.asarray(cv2.resize(grey, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def _edges(small: Grey) -> Grey:
    across, down = (cv2.Sobel(small, cv2.CV_32F, *d, ksize=3) for d in ((1, 0), (0, 1)))
    return np.asarray(np.clip(cv2.magnitude(across, down) / 4, 0, 255), np.uint8)
