"""Somebody where nobody should be, at hours when nobody should be there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from devices.vision.rules.rule import Moment, Rule, Suspicion, about

if TYPE_CHECKING:
    from devices.vision.scene import Zone

Hours = tuple[int, int, int]  # ISO weekday of the beginning, minute of day from, minute of day to


@dataclass(frozen=True, kw_only=True)
class Intrusion(Rule):
    """`hours` empty means always; hours that end before they begin go on over midnight."""

    kind: ClassVar[str] = "intrusion"

    hours: tuple[Hours, ...] = ()
    after_s: float = 1.0
    least_m: float = 0.7  # so that a waving branch is nobody
    subjects: tuple[str, ...] = ("person", "vehicle")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not all(1 <= d <= 7 and 0 <= a <= 1440 and 0 <= b <= 1440 for d, a, b in self.hours):
            raise ValueError("intrusion: hours are (weekday 1-7, minute from, minute to)")

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        if not self.is_armed(moment.local):
            return
        for track in moment.tracks:
            if track.kind not in self.subjects or not zone.contains(track.box.foot):
                continue
            if track.travelled_m() >= self.least_m:
                yield about(track, None, 0.6 + 0.1 * min(track.hits, 30) / 10)

    def is_armed(self, local: datetime | None) -> bool:
        if not self.hours or local is None:
            return True
        minute = local.hour * 60 + local.minute
        return any(_holds(hours, local.isoweekday(), minute) for hours in self.hours)


def _holds(hours: Hours, weekday: int, minute: int) -> bool:
    day, begins, ends = hours
    if begins <= ends:
        return weekday == day and begins <= minute < ends
    return (weekday == day and minute >= begins) or (weekday == day % 7 + 1 and minute < ends)
