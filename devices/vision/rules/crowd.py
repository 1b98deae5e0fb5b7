"""More people than a place can bear, or vehicles that no longer move."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from devices.vision.arrays import Box
from devices.vision.findings import Severity
from devices.vision.rules.rule import Moment, Rule, Suspicion

if TYPE_CHECKING:
    from devices.vision.scene import Zone


@dataclass(frozen=True, kw_only=True)
class Crowd(Rule):
    """Density in people a square metre where the view is calibrated, and a plain number besides.

    J. J. Fruin, Pedestrian Planning and Design, 1971: above 2.15 a square metre nobody walks
    freely (level of service F); above 4 to 5 a crowd pushes.
    """

    kind: ClassVar[str] = "crowd"

    after_s: float = 3.0
    people_per_m2: float = 2.15
    people: int | None = None
    severity: Severity = Severity.SEVERE

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        inside = [
            track
            for track in moment.tracks
            if track.kind == "person" and zone.contains(track.box.foot)
        ]
        fullness = self._fullness(zone, moment, len(inside))
        if fullness >= 1:
            yield Suspicion("zone", None, bounds(zone), min(0.6 * fullness, 0.99))

    def _fullness(self, zone: "Zone", moment: Moment, count: int) -> float:
        by_number = count / self.people if self.people else 0.0
        if not moment.view.calibrated:
            return by_number
        density = count / max(zone.area_m2(moment.view), 1.0)
        return max(by_number, density / self.people_per_m2)


@dataclass(frozen=True, kw_only=True)
class Jam(Rule):
    """A zone that is full of vehicles which hardly move."""

    kind: ClassVar[str] = "jam"

    after_s: float = 20.0
    gone_s: float = 20.0
    occupancy: float = 0.35
    slower_kmh: float = 10.0
    severity: Severity = Severity.MINOR

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        if moment.occupancy.get(zone.key, 0.0) < self.occupancy:
            return
        speeds = [
            track.speed_at(moment.at_s) * 3.6
            for track in moment.tracks
            if zone.contains(track.box.foot)
        ]
        if speeds and float(np.median(speeds)) <= self.slower_kmh:
            yield Suspicion("zone", None, bounds(zone), 0.8)


def bounds(zone: "Zone") -> Box:
    corners = np.array(zone.outline)
    (left, top), (right, bottom) = corners.min(0), corners.max(0)
    return Box(float(left), float(top), float(right), float(bottom))
