"""One camera's eyes: composes what its scene asks for, look by look.

    analyser = Analyser(scene, reference=Reference.from_bytes(stored))
    findings = analyser.step(frame, at_s)

A view that is not well tells nothing but its health; its bays are unknown, its tracks forgotten.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import cv2
import numpy as np

from devices.vision.arrays import Box, Grey, Mask, Picture
from devices.vision.background import Background
from devices.vision.blobs import boxes_of, kind_of, share_moving
from devices.vision.blurring import FaceFinder, blurred
from devices.vision.counting import LineCounter
from devices.vision.detectors.blobs import BlobDetector
from devices.vision.detectors.detector import Detector
from devices.vision.detectors.people import PeopleDetector
from devices.vision.findings import BayState, Event, Findings
from devices.vision.health import HealthSettings, HealthWatch, Reference
from devices.vision.levels import Levels
from devices.vision.merging import is_hidden
from devices.vision.occupancy.lot import Lot
from devices.vision.resting import RestingPatches
from devices.vision.rules.rule import Moment, Resting, Vigil
from devices.vision.scene import Scene, Subject
from devices.vision.standing import StandingVehicles
from devices.vision.tracking import PEOPLE, VEHICLES, Detection, Track, Tracker, states

FLOODED = 0.6  # of the picture moves at once: a switched lamp, a jolt, never traffic


CAME_M, BROUGHT_S = 1.5, 10.0
PACES = {Subject.VEHICLES: VEHICLES, Subject.PEOPLE: PEOPLE}


def own_detector(scene: Scene) -> Detector:
    """The one that needs no weights."""
    if scene.subject is Subject.PEOPLE and scene.view.calibrated:
        return PeopleDetector(scene.view)
    return BlobDetector(scene.view)


class Analyser:
    """Holds a camera's memory: background, tracks, bays. Not shared between threads."""

    def __init__(
        self,
        scene: Scene,
        *,
        reference: Reference | None = None,
        lot: Lot | None = None,
        detector: Detector | None = None,
        faces: FaceFinder | None = None,
        health: HealthSettings | None = None,
    ) -> None:
        self.scene, self.lot, self.faces = scene, lot, faces
        self._detector = detector or own_detector(scene)
        self._health = HealthWatch(reference, health)
        self._bays_at_s: float | None = None
        self._findings: Findings | None = None
        self._resting_now: list[Resting] = []
        self._forget()

    def step(self, frame: Picture, at_s: float, local: datetime | None = None) -> Findings:
        """One look. `at_s` is the frame's own time; `local` the city's clock, for schedules."""
        health = self._health.step(frame, at_s, thoroughly=self._are_bays_due(at_s))
        doubtful = self._health.is_doubtful or not health.ok
        bays = tuple(self._look_at_bays(frame, at_s, doubtful=doubtful, well=health.ok))
        if not health.ok:
            over = self._forget()
            findings = Findings(at_s, health, bays=bays, events=over)
        elif doubtful or not self.scene.watches_motion:
            findings = Findings(at_s, health, bays=bays)
        else:
            findings = self._look_at_motion(frame, at_s, local, bays)
        self._findings = findings
        return findings

    def evidence(self, frame: Picture) -> Picture:
        """The frame as the safety desk may see it: whatever moved, or ever moved here, veiled."""
        known = self._findings
        moving = [*known.moving, *(track.box for track in known.tracks)] if known else []
        resting = [patch.box for patch in self._resting_now]
        return blurred(frame, [*moving, *resting], self.faces)

    def _look_at_bays(
        self, frame: Picture, at_s: float, *, doubtful: bool, well: bool
    ) -> list[BayState]:
        """In doubt nothing is said; the last word stands until the doubt is settled."""
        if self.lot is None or not self._are_bays_due(at_s) or (doubtful and well):
            return []
        self._bays_at_s = at_s
        return self.lot.look(frame, at_s) if well else self.lot.lose_sight(at_s)

    def _are_bays_due(self, at_s: float) -> bool:
        last_s = self._bays_at_s
        due = last_s is None or at_s - last_s >= self.scene.bays_every_s
        return self.lot is not None and due

    def _look_at_motion(
        self, frame: Picture, at_s: float, local: datetime | None, bays: tuple[BayState, ...]
    ) -> Findings:
        picture = self._working(frame)
        moving = self._background.step(picture, at_s)
        if not self._background.is_warm or share_moving(moving) > FLOODED:
            return Findings(at_s, self._health.health, bays=bays)
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        tracks = self._tracker.step(self._detected(picture, grey, moving), at_s)
        if self._is_by_blobs:
            self._standing.learn(grey, moving, tracks, at_s)
        self._resting_now = self._look_at_rest(grey, moving, at_s)
        levels = tuple(self._levels.step(tracks, moving, at_s))
        return Findings(
            at_s=at_s,
            health=self._health.health,
            tracks=states(tracks),
            crossings=tuple(self._counter.step(tracks, at_s)),
            levels=levels,
            bays=bays,
            events=tuple(self._events(tracks, at_s, local)),
            moving=tuple(boxes_of(moving)),
        )

    def _detected(self, picture: Picture, grey: Grey, moving: Mask) -> Sequence[Detection]:
        """Blobs come apart from vehicles that stand; other detectors see for themselves."""
        if not self._is_by_blobs:
            return self._detector.detect(picture, moving)
        boxes, beside = self._standing.take_out(grey, moving)
        stand = [Detection(box, kind_of(box, self.scene.view, moving.shape)) for box in boxes]
        others = [
            replace(other, alone=not any(is_hidden(other.box, box) for box in boxes))
            for other in self._detector.detect(picture, beside)
        ]
        return [*others, *stand]

    def _look_at_rest(self, grey: Grey, moving: Mask, at_s: float) -> list[Resting]:
        ground = np.asarray(cv2.cvtColor(self._background.ground, cv2.COLOR_BGR2GRAY), np.uint8)
        resting = self._resting.step(grey, ground, moving, self._brought(at_s), at_s)
        if self._resting.held is not None:
            self._background.hold(self._resting.held)
        return resting

    @property
    def _is_by_blobs(self) -> bool:
        vehicles = self.scene.subject is Subject.VEHICLES
        return vehicles and isinstance(self._detector, BlobDetector)

    def _brought(self, at_s: float) -> list[Box]:
        """Where things that travel have been lately."""
        return [
            box
            for track in self._tracker.tracks
            if track.travelled_m() >= CAME_M
            for seen_s, box in track.boxes
            if seen_s >= at_s - BROUGHT_S
        ]

    def _events(
        self, tracks: Sequence[Track], at_s: float, local: datetime | None
    ) -> Iterator[Event]:
        if not self._vigils:
            return
        seen = [track for track in tracks if track.seen_s == at_s]
        occupancy = {zone.key: self._levels.occupancy(zone) for zone in self.scene.zones}
        moment = Moment(
            at_s, self.scene.view, seen, self._resting_now, occupancy=occupancy, local=local
        )
        for vigil in self._vigils:
            yield from vigil.look(moment)

    def _working(self, frame: Picture) -> Picture:
        height, width = frame.shape[:2]
        target = self.scene.working_width
        if width <= target:
            return frame
        size = (target, round(height * target / width))
        return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)

    def _forget(self) -> tuple[Event, ...]:
        """Begins anew; the events told so far are over."""
        over = tuple(event for vigil in getattr(self, "_vigils", ()) for event in vigil.end())
        scene = self.scene
        self._background = Background()
        self._tracker = Tracker(scene.view, PACES[scene.subject], parts_blobs=self._is_by_blobs)
        self._counter = LineCounter(scene.lines, scene.view)
        self._levels = Levels(scene.zones, scene.view, scene.level_every_s)
        self._resting = RestingPatches(scene.view)
        self._standing = StandingVehicles()
        self._resting_now = []
        self._vigils = [Vigil(zone, rule) for zone in scene.zones for rule in zone.rules]
        return over
