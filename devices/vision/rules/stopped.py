"""A vehicle that stands where vehicles drive, or longer than a kerb allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from devices.vision.rules.rule import Moment, Resting, Rule, Suspicion, about

if TYPE_CHECKING:
    from devices.vision.scene import Zone


@dataclass(frozen=True, kw_only=True)
class StoppedVehicle(Rule):
    """Has come in by itself, then not left a circle of `within_m` for `after_s`.

    A patch at rest of a vehicle's size tells better than a track, which traffic passing in front
    breaks; a track tells until there is one.
    """

    kind: ClassVar[str] = "stopped_vehicle"

    after_s: float = 8.0
    within_m: float = 1.0
    came_m: float = 3.0
    least_m: float = 1.2
    subjects: tuple[str, ...] = ("vehicle",)

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        patches = [patch for patch in moment.resting if self._is_vehicle(patch, zone)]
        for patch in patches:
            strength = self._strength(moment.at_s - patch.since_s)
            at_m = moment.view.stands_at(patch.box)
            yield Suspicion(f"patch{patch.number}", patch.since_s, patch.box, strength, at_m)
        for track in moment.tracks:
            if track.kind not in self.subjects or not zone.contains(track.box.foot):
                continue
            if any(track.box.shared_area(patch.box) > 0.5 * patch.box.area for patch in patches):
                continue
            since_s = track.still_since(self.within_m)
            stood_s = moment.at_s - since_s
            if stood_s >= self.after_s / 4 and track.travelled_m() >= self.came_m:
                yield about(track, since_s, self._strength(stood_s))

    def _is_vehicle(self, patch: Resting, zone: "Zone") -> bool:
        return patch.size_m >= self.least_m and zone.contains(patch.box.foot)

    def _strength(self, stood_s: float) -> float:
        return min(0.6 + 0.4 * stood_s / (2 * self.after_s), 0.99)


@dataclass(frozen=True, kw_only=True)
class IllegalParking(StoppedVehicle):
    """The same with a kerb's grace; the number plate is nobody's business here."""

    kind: ClassVar[str] = "illegal_parking"

    after_s: float = 60.0
