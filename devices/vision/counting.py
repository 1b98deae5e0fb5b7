"""Who passed which line, in which direction."""

from collections.abc import Iterator, Sequence

import numpy as np

from devices.vision.findings import Crossing
from devices.vision.ground import Point, View
from devices.vision.scene import Line
from devices.vision.tracking import Track


class LineCounter:
    """Each thing counts once a direction and line until it has crossed back."""

    # A trembling box crosses nothing, nor does one that jumped.
    LEAST_WAY_M, LEAST_SPEED_MPS = 1.0, 0.3

    def __init__(self, lines: Sequence[Line], view: View) -> None:
        self.lines, self.view = lines, view
        self._before: dict[int, Point] = {}
        self._passed: dict[tuple[int, str], bool] = {}

    def step(self, tracks: Sequence[Track], at_s: float) -> Iterator[Crossing]:
        for track in tracks:
            now = self._place(track)
            before = self._before.get(track.number, self._first_place(track))
            self._before[track.number] = now
            for line in self.lines:
                yield from self._pass(track, line, before, now, at_s)
        self._forget({track.number for track in tracks})

    def _pass(
        self, track: Track, line: Line, before: Point, now: Point, at_s: float
    ) -> Iterator[Crossing]:
        side = crosses(before, now, line.start, line.end)
        speed_mps = track.speed_at(at_s)
        if side == 0 or speed_mps < self.LEAST_SPEED_MPS or track.travelled_m() < self.LEAST_WAY_M:
            return
        forward = side > 0
        if self._passed.get((track.number, line.key)) is forward:
            return
        self._passed[track.number, line.key] = forward
        speed_kmh = speed_mps * 3.6 if self.view.calibrated else None
        yield Crossing(line.key, forward, track.kind, track.number, at_s, speed_kmh)

    def _place(self, track: Track) -> Point:
        x, y = self.view.picture(np.array([track.at_m]))[0]
        return float(x), float(y)

    def _first_place(self, track: Track) -> Point:
        """A track is confirmed some looks after its birth; the way since then counts, too."""
        x, y = self.view.picture(np.array([track.path[0][1:]]))[0]
        return float(x), float(y)

    def _forget(self, living: set[int]) -> None:
        """Called with the confirmed tracks of this look; those lost for good are not among them."""
        self._before = {n: place for n, place in self._before.items() if n in living}
        self._passed = {key: way for key, way in self._passed.items() if key[0] in living}


def crosses(a: Point, b: Point, start: Point, end: Point) -> int:
    """1 where the step a → b goes over the line from its left to its right, −1 back, 0 not."""
    here, there = _side(start, end, a), _side(start, end, b)
    if (here > 0) == (there > 0):
        return 0
    if (_side(a, b, start) > 0) == (_side(a, b, end) > 0):
        return 0
    # The picture's y points down: its left hand side has the negative sign.
    return 1 if there > 0 else -1


def _side(start: Point, end: Point, point: Point) -> float:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
