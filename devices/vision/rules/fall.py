"""Somebody who stood and now lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from devices.vision.findings import Severity
from devices.vision.rules.rule import Moment, Rule, Suspicion, about
from devices.vision.tracking import Track

if TYPE_CHECKING:
    from devices.vision.scene import Zone


@dataclass(frozen=True, kw_only=True)
class Fall(Rule):
    """The box of somebody who walked upright has become wider than high, and stays in place."""

    kind: ClassVar[str] = "fall"

    after_s: float = 2.0
    upright: float = 1.5  # height over width of somebody who stands
    lying: float = 1.0
    shrunk: float = 0.7  # of the height when upright
    severity: Severity = Severity.SEVERE

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        for track in moment.tracks:
            if not zone.contains(track.box.foot):
                continue
            since_s = self._lying_since(track)
            if since_s is not None:
                yield about(track, since_s, 0.6 + 0.1 * (moment.at_s - since_s))

    def _lying_since(self, track: Track) -> float | None:
        lying = [(at_s, self._is_flat(box.height, box.width)) for at_s, box in track.boxes]
        since_s = None
        for at_s, flat in reversed(lying):
            if not flat:
                break
            since_s = at_s
        return since_s if since_s is not None and self._stood_before(track, since_s) else None

    def _is_flat(self, height: float, width: float) -> bool:
        return height < self.lying * width

    def _stood_before(self, track: Track, at_s: float) -> bool:
        """Upright for most of the second and a half before, and clearly higher than now."""
        before = [box for t, box in track.boxes if at_s - 3.0 <= t < at_s - 0.3]
        if len(before) < 3:
            return False
        tall = float(np.median([box.height for box in before]))
        ratio = float(np.median([box.height / max(box.width, 1e-6) for box in before]))
        return ratio >= self.upright and track.box.height <= self.shrunk * tall
