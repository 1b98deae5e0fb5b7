"""Following things over the ground: a Kalman filter each, matched to what is seen.

R. E. Kalman 1960 (constant velocity, metres); association in two rounds, sure sightings first:
Y. Zhang et al., ByteTrack, ECCV 2022.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from devices.vision.arrays import Box, Floats
from devices.vision.assignment import matched
from devices.vision.findings import TrackState
from devices.vision.ground import Point, View
from devices.vision.merging import parted

Place = tuple[float, float, float]  # seconds, metres east, metres north
HIDDEN_S = 0.6  # longer ago its place is a guess
APPROACH_S = 4.0  # of a way that are kept once its vehicle is gone


@dataclass(frozen=True, slots=True)
class Detection:
    box: Box
    kind: str
    score: float = 1.0
    alone: bool = True  # its box is its own, not a part of a blob that others share


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """Metres and seconds on the ground; chosen by what is followed, not by a clip."""

    acceleration_mps2: float = 3.0
    position_noise_m: float = 0.5
    gate: float = 9.2  # χ², two degrees of freedom, 99 %
    sure_score: float = 0.5
    confirm_hits: int = 3
    forget_s: float = 1.5
    fastest_mps: float = 45.0  # a longer step is another thing under the same number
    memory_s: float = 120.0


VEHICLES = TrackerSettings()
PEOPLE = TrackerSettings(acceleration_mps2=1.5, position_noise_m=0.3, forget_s=2.0)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Somebody has gone into one's box and was not seen since: when, and how it had come."""

    at_s: float
    way: tuple[Place, ...]


@dataclass(slots=True)
class Track:
    """One thing; ``path`` holds where it stood at each sighting."""

    number: int
    kind: str
    box: Box
    alone: Box  # when it was last seen by itself
    state: Floats  # x, y, vx, vy
    spread: Floats  # their covariance
    born_s: float
    seen_s: float
    score: float
    hits: int = 1
    votes: dict[str, float] = field(default_factory=dict)
    confirmed: bool = False
    path: deque[Place] = field(default_factory=deque)
    boxes: deque[tuple[float, Box]] = field(default_factory=deque)
    met: list[Meeting] = field(default_factory=list)

    @property
    def at_m(self) -> Point:
        return float(self.state[0]), float(self.state[1])

    @property
    def velocity_mps(self) -> Point:
        return float(self.state[2]), float(self.state[3])

    @property
    def speed_mps(self) -> float:
        return float(np.hypot(*self.velocity_mps))

    def as_state(self) -> TrackState:
        return TrackState(
            self.number,
            self.kind,
            self.box,
            self.at_m,
            self.velocity_mps,
            self.score,
            self.seen_s,
        )

    def since(self, at_s: float) -> list[Place]:
        return [place for place in self.path if place[0] >= at_s]

    def travelled_m(self, since_s: float = -np.inf) -> float:
        """Between the first and the last place since then, as the crow flies."""
        places = self.since(since_s)
        return _apart(places[0], places[-1]) if places else 0.0

    def walked_m(self, since_s: float = -np.inf) -> float:
        """Along the path."""
        return sum(_apart(a, b) for a, b in pairwise(self.since(since_s)))

    def still_since(self, within_m: float) -> float:
        """Since when it has not been farther than that from where it is."""
        since = self.seen_s
        for place in reversed(self.path):
            if _apart(place, (0.0, *self.at_m)) > within_m:
                break
            since = place[0]
        return since

    def speed_at(self, at_s: float, over_s: float = 1.0) -> float:
        """Metres a second over the window ending then; a median of pairs would lag behind."""
        places = [place for place in self.path if at_s - over_s <= place[0] <= at_s]
        if len(places) < 2 or places[-1][0] <= places[0][0]:
            return 0.0
        return _apart(places[0], places[-1]) / (places[-1][0] - places[0][0])


def _apart(a: Place, b: Place) -> float:
    return float(np.hypot(a[1] - b[1], a[2] - b[2]))


class Tracker:
    def __init__(
        self, view: View, settings: TrackerSettings | None = None, *, parts_blobs: bool = False
    ) -> None:
        self.view, self.parts_blobs = view, parts_blobs
        self.settings = settings or VEHICLES
        self.tracks: list[Track] = []
        self.ended: list[Track] = []
        self._next = 1
        self._at_s: float | None = None
        self._before_s: float | None = None

    @property
    def confirmed(self) -> list[Track]:
        return [track for track in self.tracks if track.confirmed]

    def step(self, detections: Sequence[Detection], at_s: float) -> list[Track]:
        """Predict, match the sure ones, then the unsure ones to whom is left, begin and end."""
        self._predict(at_s)
        if self.parts_blobs:
            lately = [t for t in self.confirmed if at_s - t.seen_s <= HIDDEN_S]
            detections = parted(detections, lately, self.view)
        sure = [d for d in detections if d.score >= self.settings.sure_score]
        unsure = [d for d in detections if d.score < self.settings.sure_score]
        left = self._match(sure, self.tracks, at_s)
        waiting = [track for track in self.tracks if track.seen_s < at_s]
        self._match(unsure, waiting, at_s)
        self._notice_meetings(at_s)
        for detection in left:
            self._begin(detection, at_s)
        self._end(at_s)
        return self.confirmed

    def _predict(self, at_s: float) -> None:
        lapse_s = 0.0 if self._at_s is None else at_s - self._at_s
        self._at_s = at_s
        move = np.eye(4)
        move[0, 2] = move[1, 3] = lapse_s
        noise = _process_noise(lapse_s, self.settings.acceleration_mps2)
        for track in self.tracks:
            track.state = move @ track.state
            track.spread = move @ track.spread @ move.T + noise

    def _match(
        self, detections: Sequence[Detection], tracks: Sequence[Track], at_s: float
    ) -> list[Detection]:
        """Hands the detections to the tracks; what nobody took comes back."""
        cost = np.array([[self._cost(t, d) for d in detections] for t in tracks])
        pairs = matched(cost.reshape(len(tracks), len(detections)), self.settings.gate)
        for row, column in pairs:
            self._update(tracks[row], detections[column], at_s)
        taken = {column for _, column in pairs}
        return [d for n, d in enumerate(detections) if n not in taken]

    def _cost(self, track: Track, detection: Detection) -> float:
        """Squared Mahalanobis distance of the feet. What lies over the box seen last costs less:
        who stops dead is far from where the filter thought him, but not from where he was."""
        gap = np.array(self.view.stands_at(detection.box)) - track.state[:2]
        spread = track.spread[:2, :2] + self._noise()
        far = float(gap @ np.linalg.solve(spread, gap))
        return (far + 2.0) * (1.0 - track.box.overlap(detection.box))

    def _noise(self) -> Floats:
        return np.eye(2) * self.settings.position_noise_m**2

    def _update(self, track: Track, detection: Detection, at_s: float) -> None:
        gap = np.array(self.view.stands_at(detection.box)) - track.state[:2]
        gain = track.spread[:, :2] @ np.linalg.inv(track.spread[:2, :2] + self._noise())
        track.state = track.state + gain @ gap
        track.spread = track.spread - gain @ track.spread[:2, :]
        track.box, track.score, track.seen_s = detection.box, detection.score, at_s
        track.alone = detection.box if detection.alone else track.alone
        track.hits += 1
        track.confirmed = track.confirmed or track.hits >= self.settings.confirm_hits
        _vote(track, detection)
        self._remember(track, at_s)

    def _begin(self, detection: Detection, at_s: float) -> None:
        place = self.view.stands_at(detection.box)
        track = Track(
            number=self._next,
            kind=detection.kind,
            box=detection.box,
            alone=detection.box,
            state=np.array([*place, 0.0, 0.0]),
            spread=np.diag([self.settings.position_noise_m**2] * 2 + [100.0] * 2),
            born_s=at_s,
            seen_s=at_s,
            score=detection.score,
        )
        self._next += 1
        self._remember(track, at_s)
        self.tracks.append(track)

    def _remember(self, track: Track, at_s: float) -> None:
        self._notice_jump(track, at_s)
        track.path.append((at_s, *track.at_m))
        track.boxes.append((at_s, track.box))
        while track.path[0][0] < at_s - self.settings.memory_s:
            track.path.popleft()
            track.boxes.popleft()

    def _notice_meetings(self, at_s: float) -> None:
        """Who is missed for the first time, where somebody else's box is, has gone into it."""
        if self._before_s is not None:
            for track in self.confirmed:
                if track.seen_s == self._before_s:
                    self._meet(track, at_s)
        self._before_s = at_s

    def _meet(self, lost: Track, at_s: float) -> None:
        for other in self.confirmed:
            if other.seen_s == at_s and lost.box.shared_area(other.box) > 0.3 * lost.box.area:
                other.met.append(Meeting(at_s, tuple(lost.since(at_s - APPROACH_S))))

    def _notice_jump(self, track: Track, at_s: float) -> None:
        """Two blobs that melt together and part again may swap; what was before tells nothing."""
        if not track.path:
            return
        step_m = _apart(track.path[-1], (at_s, *track.at_m))
        if step_m > max(self.settings.fastest_mps * (at_s - track.path[-1][0]), 3.0):
            track.path.clear()
            track.boxes.clear()

    def _end(self, at_s: float) -> None:
        """A newcomer that is missed at once was noise; an acquaintance may hide for a while."""
        self.ended = [t for t in self.tracks if at_s - t.seen_s > self._patience_s(t)]
        gone = {track.number for track in self.ended}
        self.tracks = [track for track in self.tracks if track.number not in gone]

    def _patience_s(self, track: Track) -> float:
        return self.settings.forget_s if track.confirmed else self.settings.forget_s / 3


def _vote(track: Track, detection: Detection) -> None:
    """What it is shows best when it is seen whole and near: votes weigh by their box."""
    track.votes[detection.kind] = track.votes.get(detection.kind, 0.0) + detection.box.area
    track.kind = max(track.votes, key=track.votes.__getitem__)


def _process_noise(lapse_s: float, acceleration_mps2: float) -> Floats:
    """White acceleration, the discrete form."""
    half, one = lapse_s**2 / 2, lapse_s
    axis = np.array([[half * half, half * one], [half * one, one * one]]) * acceleration_mps2**2
    return np.kron(axis, np.eye(2))


def states(tracks: Iterable[Track]) -> tuple[TrackState, ...]:
    return tuple(track.as_state() for track in tracks)
