"""Somebody who stays about without going anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from devices.vision.rules.rule import Moment, Rule, Suspicion, about
from devices.vision.tracking import Track

if TYPE_CHECKING:
    from devices.vision.scene import Zone


@dataclass(frozen=True, kw_only=True)
class Loitering(Rule):
    """In the zone for `after_s` and never farther than `within_m` from where it began."""

    kind: ClassVar[str] = "loitering"

    after_s: float = 60.0
    within_m: float = 6.0
    subjects: tuple[str, ...] = ("person",)

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        for track in moment.tracks:
            if track.kind not in self.subjects or not zone.contains(track.box.foot):
                continue
            since_s = self._about_since(track)
            stayed_s = moment.at_s - since_s
            if stayed_s >= self.after_s / 2:
                yield about(track, since_s, 0.5 + 0.4 * stayed_s / (2 * self.after_s))

    def _about_since(self, track: Track) -> float:
        return track.still_since(self.within_m)
