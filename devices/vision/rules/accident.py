"""Two that met and stand: a hard stop beside somebody else."""

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
class Accident(Rule):
    """A vehicle lost most of its speed within a second, stays, and somebody stands close by; or
    one at speed has vanished in the box of one that stood, and the two stay one."""

    kind: ClassVar[str] = "accident"

    after_s: float = 2.0
    faster_mps: float = 4.0  # before
    slower_mps: float = 1.0  # after
    within_m: float = 1.0
    close_m: float = 5.0
    grown: float = 1.2  # the box of two against the box of one
    severity: Severity = Severity.SEVERE

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        inside = [track for track in moment.tracks if zone.contains(track.box.foot)]
        for track in inside:
            stopped_s = track.still_since(self.within_m)
            hit_s = self._hit_at(track, stopped_s)
            if hit_s is not None:
                yield about(track, hit_s, 0.6 + 0.1 * (moment.at_s - hit_s))
            elif self._braked_hard(track, stopped_s) and self._has_company(track, inside):
                yield about(track, stopped_s, 0.6 + 0.1 * (moment.at_s - stopped_s))

    def _hit_at(self, track: Track, stopped_s: float) -> float | None:
        """When somebody fast went into the box of one that stood, and has not come out again."""
        for met_s, speed_mps in track.met:
            before = [box.area for at_s, box in track.boxes if met_s - 3 < at_s < met_s - 0.1]
            after = [box.area for at_s, box in track.boxes if at_s >= met_s]
            if speed_mps < self.faster_mps or stopped_s > met_s or len(before) < 3 or not after:
                continue
            if min(after) > self.grown * float(np.median(before)):
                return met_s
        return None

    def _braked_hard(self, track: Track, stopped_s: float) -> bool:
        before = track.speed_at(stopped_s - 0.2, 0.8)
        return track.kind == "vehicle" and before >= self.faster_mps

    def _has_company(self, track: Track, others: list[Track]) -> bool:
        return any(
            other.number != track.number
            and np.hypot(*np.subtract(other.at_m, track.at_m)) <= self.close_m
            and other.speed_mps <= self.slower_mps
            for other in others
        )
