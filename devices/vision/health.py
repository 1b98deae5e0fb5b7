"""Whether a view can be believed: dark, covered, frozen, blurred, moved, or fine.

A reference is what the operator's still looked like when zones were drawn, reduced to its edges:
nobody can be seen in it. Shift by phase correlation: C. D. Kuglin, D. C. Hines, The phase
correlation image alignment method, 1975.
"""

import struct
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from devices.vision.arrays import Floats, Grey, Picture
from devices.vision.findings import Health, Reason

SIZE = (320, 180)
TILES = (3, 2)
RECOGNISED, LEAST_TILES = 0.05, 2  # height of the correlation's peak
LATELY_SHARE = 0.02  # of the view of late that each look brings


@dataclass(frozen=True, slots=True)
class HealthSettings:
    dark_below: float = 22.0  # mean brightness of 255
    flat_below: float = 9.0  # spread of brightness: a hand or a spray over the lens
    sharp_share: float = 0.6  # of the reference's fineness
    moved_px: float = 0.8  # against the view of late, of a picture 320 wide: 3 px of 1280
    drifted_px: float = 1.6  # against the operator's still, whose light may have been another
    compare_every_s: float = 1.0
    still_s: float = 1.0  # without any change there is doubt: nothing that stands has stopped
    frozen_s: float = 10.0
    confirm_s: float = 1.0  # a reason must hold, so that a lightning or a lorry alone is none
    clear_s: float = 5.0  # a view must be well again for that long


@dataclass(frozen=True, slots=True)
class Reference:
    """The edges of the still over which zones were drawn."""

    edges: Grey
    fineness: float

    @classmethod
    def of(cls, picture: Picture) -> "Reference":
        small = _small(picture)
        return cls(_edges(small), fineness(small))

    def to_bytes(self) -> bytes:
        done, png = cv2.imencode(".png", self.edges)
        return struct.pack("<f", self.fineness) + bytes(png) if done else b""

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Reference":
        edges = None
        if len(stored) > 4:
            edges = cv2.imdecode(np.frombuffer(stored[4:], np.uint8), cv2.IMREAD_GRAYSCALE)
        if edges is None or edges.shape != SIZE[::-1]:
            raise ValueError("this is no reference of a view")
        return cls(np.asarray(edges, np.uint8), struct.unpack("<f", stored[:4])[0])


class HealthWatch:
    """Compares with the operator's still and with how the view looked lately, in today's light."""

    def __init__(
        self, reference: Reference | None = None, settings: HealthSettings | None = None
    ) -> None:
        self.reference, self.settings = reference, settings or HealthSettings()
        self.health = Health()
        self._lately: Floats | None = None
        self._last: Grey | None = None
        self._changed_s: float | None = None
        self._compared_s: float | None = None
        self._verdict = (Reason.NONE, 0.0)
        self._since: dict[Reason, float] = {}
        self._well_since_s: float | None = None

    def step(self, picture: Picture, at_s: float, *, thoroughly: bool = False) -> Health:
        """`thoroughly` compares the view now, even if it was compared just before."""
        small = _small(picture)
        reason, measure = self._judge(small, at_s, thoroughly=thoroughly)
        self._last = small
        self._settle(reason, measure, at_s)
        return self.health

    @property
    def is_doubtful(self) -> bool:
        """Something is wrong already, though not for long enough to be told."""
        return bool(self._since)

    def _settle(self, reason: Reason, measure: float, at_s: float) -> None:
        """At once doubtful, told only when it holds; well again only after a while."""
        if reason is not Reason.NONE:
            self._well_since_s = None
            begun_s = at_s - measure if reason is Reason.FROZEN else at_s
            since_s = self._since.setdefault(reason, begun_s)
            if at_s - since_s >= self._holds_s(reason) and self.health.ok:
                self.health = Health(reason, min(self._since.values()), measure)
            return
        self._since.clear()
        self._well_since_s = at_s if self._well_since_s is None else self._well_since_s
        if not self.health.ok and at_s - self._well_since_s >= self.settings.clear_s:
            self.health = Health(since_s=at_s)

    def _holds_s(self, reason: Reason) -> float:
        settings = self.settings
        return settings.frozen_s if reason is Reason.FROZEN else settings.confirm_s

    def _judge(self, small: Grey, at_s: float, *, thoroughly: bool) -> tuple[Reason, float]:
        settings = self.settings
        brightness, spread = float(small.mean()), float(small.std())
        if brightness < settings.dark_below:
            return Reason.DARK, brightness
        if spread < settings.flat_below:
            return Reason.COVERED, spread
        frozen_s = self._frozen_for(small, at_s)
        if frozen_s >= settings.frozen_s:
            return Reason.FROZEN, frozen_s
        reason, measure = self._seen(small, at_s, thoroughly=thoroughly)
        if reason is Reason.NONE and frozen_s >= settings.still_s:
            return Reason.FROZEN, frozen_s
        return reason, measure

    def _seen(self, small: Grey, at_s: float, *, thoroughly: bool) -> tuple[Reason, float]:
        """Against the operator's still and the view of late, now and then."""
        if self.reference is None:
            return Reason.NONE, 0.0
        last_s = self._compared_s
        if thoroughly or last_s is None or at_s - last_s >= self.settings.compare_every_s:
            self._compared_s = at_s
            self._verdict = self._compared(small, self.reference)
        return self._verdict

    def _frozen_for(self, small: Grey, at_s: float) -> float:
        """Not one value of the picture has changed; a sensor's own noise always changes some."""
        if self._changed_s is None or self._last is None or not np.array_equal(small, self._last):
            self._changed_s = at_s
        return at_s - self._changed_s

    def _compared(self, small: Grey, reference: Reference) -> tuple[Reason, float]:
        sharpness = fineness(small) / max(reference.fineness, 1e-6)
        if sharpness < self.settings.sharp_share:
            return Reason.BLURRED, sharpness
        edges = _edges(small)
        moved_px = self._moved_by(edges, reference)
        if moved_px > 0:
            return Reason.MOVED, moved_px
        self._lately = edges.astype(np.float32) if self._lately is None else self._lately
        cv2.accumulateWeighted(edges, self._lately, LATELY_SHARE)
        return Reason.NONE, 0.0

    def _moved_by(self, edges: Grey, reference: Reference) -> float:
        """0 while the view is the operator's. Other light makes the still hard to recognise;
        then the view of late decides; what neither knows is another view."""
        drift_px = shift_px(reference.edges, edges)
        if drift_px is not None and drift_px > self.settings.drifted_px:
            return drift_px
        jump_px = None if self._lately is None else shift_px(self._lately, edges)
        if jump_px is not None and jump_px > self.settings.moved_px:
            return jump_px
        return float(SIZE[0]) if drift_px is None and jump_px is None else 0.0


def shift_px(before: Grey | Floats, now: Grey) -> float | None:
    """By how many pixels of a picture 320 wide most tiles have moved; None if none is recognised.

    Of tiles, because a lorry may fill half of the picture and moves by itself.
    """
    (width, height), (columns, rows) = SIZE, TILES
    window = cv2.createHanningWindow((width // columns, height // rows), cv2.CV_32F)
    seen = []
    for row, column in product(range(rows), range(columns)):
        top, left = row * window.shape[0], column * window.shape[1]
        part = np.s_[top : top + window.shape[0], left : left + window.shape[1]]
        away, peak = cv2.phaseCorrelate(
            before[part].astype(np.float32), now[part].astype(np.float32), window
        )
        if peak >= RECOGNISED:
            seen.append(away)
    return float(np.hypot(*np.median(seen, axis=0))) if len(seen) >= LEAST_TILES else None


def fineness(small: Grey) -> float:
    """How much of the picture's detail is fine: a blur takes the fine first, light takes both."""
    picture = small.astype(np.float32)
    soft = cv2.GaussianBlur(picture, (0, 0), 1.0)
    softer = cv2.GaussianBlur(soft, (0, 0), 3.0)
    return float(np.abs(picture - soft).mean() / max(float(np.abs(soft - softer).mean()), 1e-6))


def _small(picture: Picture) -> Grey:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    return np.asarray(cv2.resize(grey, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def _edges(small: Grey) -> Grey:
    across, down = (cv2.Sobel(small, cv2.CV_32F, *d, ksize=3) for d in ((1, 0), (0, 1)))
    return np.asarray(np.clip(cv2.magnitude(across, down) / 4, 0, 255), np.uint8)
