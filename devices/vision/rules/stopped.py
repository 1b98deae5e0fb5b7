"""A vehicle that stands where vehicles drive, or longer than a kerb allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from devices.vision.rules.rule import Moment, Rule, Suspicion, about

if TYPE_CHECKING:
    from devices.vision.scene import Zone


@dataclass(frozen=True, kw_only=True)
class StoppedVehicle(Rule):
    """Has come in by itself, then not left a circle of `within_m` for `after_s`."""

    kind: ClassVar[str] = "stopped_vehicle"

    after_s: float = 8.0
    within_m: float = 1.0
    came_m: float = 3.0
    subjects: tuple[str, ...] = ("vehicle",)

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        for track in moment.tracks:
            if track.kind not in self.subjects or not zone.contains(track.box.foot):
                continue
            since_s = track.still_since(self.within_m)
            stood_s = moment.at_s - since_s
            if stood_s >= self.after_s / 4 and track.travelled_m() >= self.came_m:
                yield about(track, since_s, 0.6 + 0.4 * stood_s / (2 * self.after_s))


@dataclass(frozen=True, kw_only=True)
class IllegalParking(StoppedVehicle):
    """The same with a kerb's grace; the number plate is nobody's business here."""

    kind: ClassVar[str] = "illegal_parking"

    after_s: float = 60.0
