"""A thing that was brought, and nobody stands by it any more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from devices.vision.ground import Point
from devices.vision.rules.rule import Moment, Resting, Rule, Suspicion

if TYPE_CHECKING:
    from devices.vision.scene import Zone


@dataclass(frozen=True, kw_only=True)
class AbandonedObject(Rule):
    """A small patch that rests for `after_s` with nobody closer than `alone_m`; what is higher than
    `tallest_m` is somebody who stands still."""

    kind: ClassVar[str] = "abandoned_object"

    after_s: float = 20.0
    largest_m: float = 1.2
    smallest_m: float = 0.2
    tallest_m: float = 1.2
    alone_m: float = 2.0

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        for patch in moment.resting:
            at_m = moment.view.stands_at(patch.box)
            if not self._is_object(patch):
                continue
            if zone.contains(patch.box.foot) and not self._is_attended(patch, at_m, moment):
                strength = 0.6 + 0.3 * min((moment.at_s - patch.since_s) / self.after_s / 2, 1)
                yield Suspicion(f"patch{patch.number}", patch.since_s, patch.box, strength, at_m)

    def _is_object(self, patch: Resting) -> bool:
        fits = self.smallest_m <= patch.size_m <= self.largest_m
        return fits and patch.height_m <= self.tallest_m

    def _is_attended(self, patch: Resting, at_m: Point, moment: Moment) -> bool:
        return any(
            np.hypot(*np.subtract(track.at_m, at_m)) <= self.alone_m
            for track in moment.tracks
            if track.box.overlap(patch.box) < 0.5
        )
