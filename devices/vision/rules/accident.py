"""Two that came together harder than brakes can help, and stand.

What the one behind would have to brake so as not to touch the one in front tells a crash from a
queue (the deceleration rate to avoid a crash; C. Hydén, The Swedish traffic conflicts technique,
1987): who stops in time brakes with 2 to 4 m/s², tyres give 8 at most.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from devices.vision.arrays import Box, Floats
from devices.vision.findings import Severity
from devices.vision.rules.rule import Moment, Rule, Suspicion, about
from devices.vision.tracking import Meeting, Place, Track

if TYPE_CHECKING:
    from devices.vision.scene import Zone

CAR_M = 4.5  # from front to front when one touches the other's rear
LEAST_ROOM_M = 0.5
ASIDE_M = 1.5  # farther aside it passes
BEFORE_S, LONGEST_S = 3.0, 10.0  # looked at before the first of them stood; in all
STEPS_S = (0.5, 0.9)  # over which a speed is measured
TOGETHER_S = 0.3  # two were seen at the same time


@dataclass(frozen=True, kw_only=True)
class Accident(Rule):
    """A vehicle stands that came up to another too fast to stop; or stands with one in its box
    that had come so."""

    kind: ClassVar[str] = "accident"

    after_s: float = 2.0
    faster_mps: float = 4.0  # than the other
    slower_mps: float = 1.0  # afterwards
    brakes_mps2: float = 6.0
    within_m: float = 1.0
    close_m: float = 7.0  # from front to front: a car, and what it was pushed on
    settles_s: float = 3.0  # pushed on, sliding
    grown: float = 1.2  # the box of two against the box of one
    severity: Severity = Severity.SEVERE

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        inside = [track for track in moment.tracks if self._is_vehicle(track, zone)]
        for track in inside:
            if track.still_since(self.within_m) >= moment.at_s:
                continue
            for crash_s, box in self._crashes(track, inside):
                suspicion = about(track, crash_s, 0.6 + 0.1 * (moment.at_s - crash_s))
                yield replace(suspicion, box=track.box.around(box))
                break

    def _is_vehicle(self, track: Track, zone: "Zone") -> bool:
        return track.kind == "vehicle" and zone.contains(track.box.foot)

    def _crashes(self, track: Track, others: Iterable[Track]) -> Iterator[tuple[float, Box]]:
        """When, and whose box lies there besides."""
        for met in track.met:
            if self._has_swallowed(track, met):
                yield met.at_s, track.box
        for other in others:
            if other.number != track.number and self._is_by(track, other):
                crash_s = self._hit_s(track, other)
                if crash_s is not None:
                    yield crash_s, other.box

    def _has_swallowed(self, track: Track, met: Meeting) -> bool:
        """Somebody went into its box at speed and has not come out again."""
        if track.still_since(self.within_m) > met.at_s + self.settles_s:
            return False
        if not self._holds_two(track, met):
            return False
        span_s = met.at_s - BEFORE_S, met.at_s
        ways = _during(track.path, *span_s), _during(met.way, *span_s)
        return any(self._too_hard_s(*pair) is not None for pair in (ways, ways[::-1]))

    def _holds_two(self, track: Track, met: Meeting) -> bool:
        before = [box.area for at_s, box in track.boxes if met.at_s - 3 < at_s < met.at_s - 0.1]
        after = [box.area for at_s, box in track.boxes if at_s >= met.at_s]
        return len(before) >= 3 and min(after, default=0) > self.grown * float(np.median(before))

    def _is_by(self, track: Track, other: Track) -> bool:
        x, y = np.subtract(other.at_m, track.at_m)
        apart_m = float(np.hypot(x, y))
        return other.speed_mps <= self.slower_mps and apart_m <= self.close_m

    def _hit_s(self, track: Track, other: Track) -> float | None:
        mine_s, other_s = track.still_since(self.within_m), other.still_since(self.within_m)
        first_s, last_s = min(mine_s, other_s), max(mine_s, other_s)
        span_s = max(first_s - BEFORE_S, last_s - LONGEST_S), last_s
        return self._too_hard_s(_during(track.path, *span_s), _during(other.path, *span_s))

    def _too_hard_s(self, way: Floats, theirs: Floats) -> float | None:
        """When the need was greatest; at two looks, so that one jump of a box is none."""
        needs = [
            (need, at_s)
            for at_s, need in needed_mps2(way, theirs, self.faster_mps)
            if need >= self.brakes_mps2
        ]
        return max(needs)[1] if len(needs) >= 2 else None


def _during(path: Iterable[Place], begins_s: float, ends_s: float) -> Floats:
    places = [place for place in path if begins_s <= place[0] <= ends_s + 0.1]
    return np.array(places).reshape(-1, 3)


def needed_mps2(way: Floats, theirs: Floats, faster_mps: float) -> Iterator[tuple[float, float]]:
    """Look by look, when and what braking keeps it off them; nothing where it passes aside. Who is
    in front may run on, but is not believed to come back: a new track settles so."""
    for now, before in _steps(way):
        there, earlier = (_seen_at(theirs, at_s) for at_s in (now[0], before[0]))
        if there is None or earlier is None:
            continue
        lapse_s = now[0] - before[0]
        moved, gap = (now - before)[1:], (there - now)[1:]
        moved_m = max(float(np.hypot(moved[0], moved[1])), 1e-6)
        ahead_m = float(gap @ moved) / moved_m
        aside_m = float(np.sqrt(max(float(gap @ gap) - ahead_m**2, 0.0)))
        ran_on_m = max(float((there - earlier)[1:] @ moved) / moved_m, 0.0)
        faster = (moved_m - ran_on_m) / lapse_s
        if faster >= faster_mps and ahead_m > 0 and aside_m <= ASIDE_M:
            yield float(now[0]), faster**2 / (2 * max(ahead_m - CAR_M, LEAST_ROOM_M))


def _steps(way: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Each place and one that lies long enough before it."""
    for now in way:
        lapse_s = now[0] - way[:, 0]
        fits = np.flatnonzero((lapse_s >= STEPS_S[0]) & (lapse_s <= STEPS_S[1]))
        if len(fits):
            yield now, way[fits[-1]]


def _seen_at(way: Floats, at_s: float) -> Floats | None:
    if not len(way):
        return None
    nearest = way[int(np.argmin(np.abs(way[:, 0] - at_s)))]
    return nearest if abs(nearest[0] - at_s) <= TOGETHER_S else None
