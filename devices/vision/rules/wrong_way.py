"""A vehicle that drives against its lane."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from devices.vision.arrays import Floats
from devices.vision.findings import Severity
from devices.vision.ground import Point, View
from devices.vision.rules.rule import Moment, Rule, Suspicion, about
from devices.vision.tracking import Place, Track

if TYPE_CHECKING:
    from devices.vision.scene import Zone


@dataclass(frozen=True, kw_only=True)
class WrongWay(Rule):
    """`arrow` is drawn along the lane, in the picture: from its tail to its point. What counts is
    the way since where it was farthest along: a number may have been another vehicle's before."""

    kind: ClassVar[str] = "wrong_way"

    arrow: tuple[Point, Point] = ((0.5, 0.0), (0.5, 1.0))
    after_s: float = 1.5
    least_m: float = 10.0
    least_share: float = 0.8  # of the way must lead against the arrow
    severity: Severity = Severity.SEVERE

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.arrow[0] == self.arrow[1]:
            raise ValueError("wrong_way: the arrow needs a length")

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        along = self._along(moment.view)
        for track in moment.tracks:
            way = _way_inside(zone, moment.view, track)
            if len(way) < 2:
                continue
            way = way[int(np.argmax(way[:, 1:] @ along)) :]
            against_m = float((way[0] - way[-1])[1:] @ along)
            if against_m >= self.least_m and self._leads_back(way, against_m, along):
                yield about(track, float(way[0, 0]), 0.5 + 0.5 * against_m / (3 * self.least_m))

    def _leads_back(self, way: Floats, against_m: float, along: Floats) -> bool:
        """By its length and by most of its steps: one that jumped has not driven."""
        steps = np.diff(way[:, 1:], axis=0)
        walked_m = float(np.linalg.norm(steps, axis=1).sum())
        back = float((steps @ along < 0).mean())
        return against_m >= self.least_share * walked_m and back >= self.least_share

    def _along(self, view: View) -> Floats:
        tail, point = view.ground(np.array(self.arrow))
        return np.asarray((point - tail) / np.linalg.norm(point - tail))


def _way_inside(zone: "Zone", view: View, track: Track) -> Floats:
    """The track's places in the zone, oldest first."""
    places: list[Place] = list(track.path)
    if not places:
        return np.empty((0, 3))
    seen = view.picture(np.array([place[1:] for place in places]))
    inside = [place for place, point in zip(places, seen, strict=True) if zone.contains(point)]
    return np.array(inside).reshape(-1, 3)
