"""One camera's eyes: `devices.vision` set up by what is drawn over its picture.

The only place where plans and vision meet; loaded by the process `cameras` and by commands only.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import cv2
import numpy as np

from apps.base import clock
from devices.adapters.video import Picture
from devices.cameras.detectors import detector_of, faces
from devices.cameras.plans import CameraPlan, DrawnZone
from devices.cameras.telling import instant
from devices.services.camera_events import Sight
from devices.services.commissioning import SeenPatch, keep_patches
from devices.vision.analyser import Analyser
from devices.vision.findings import Event, Findings
from devices.vision.ground import View
from devices.vision.health import Reference
from devices.vision.occupancy.classifier import Head, OccupancyModel
from devices.vision.occupancy.lot import Lot
from devices.vision.rules.registry import rule_of
from devices.vision.rules.rule import Rule
from devices.vision.scene import Bay, Line, Scene, Subject, Zone

STILL_WIDTH = 960
JPEG = [int(cv2.IMWRITE_JPEG_QUALITY), 82]
# Bright enough to know the view by.
KNOWABLE = 40.0
COLLECT_EVERY_S = 15.0
COLLECT_AGAIN_S = 1800.0  # of one bay: an hour of the same car teaches nothing
PATCHES_AT_ONCE = 6

Deed = Callable[[], object]


class Looking:
    """`step` once for each picture to be analysed, in the order of their times."""

    def __init__(self, plan: CameraPlan) -> None:
        """Raises ValueError with a sentence for what is drawn or set wrongly."""
        self._plan = plan
        self._scene = scene_of(plan)
        self._pks = {zone.code: zone.pk for zone in plan.zones}
        reference = Reference.from_bytes(plan.reference) if plan.reference else None
        self._knows_view = reference is not None
        self._new_reference = b""
        self._collected_s = float("-inf")
        self._collected_of: dict[str, float] = {}
        self._lot, self._detector = _lot(plan, self._scene), detector_of(plan.detector)
        self._analyser = self._begin(reference)

    def _begin(self, reference: Reference | None) -> Analyser:
        return Analyser(
            self._scene, reference=reference, lot=self._lot, detector=self._detector, faces=faces()
        )

    def step(self, picture: Picture, at_s: float) -> Findings:
        if not self._knows_view and float(picture.mean()) > KNOWABLE:
            reference = Reference.of(picture)
            self._knows_view, self._new_reference = True, reference.to_bytes()
            self._analyser = self._begin(reference)
        return self._analyser.step(picture, at_s, clock.now().astimezone(self._plan.zone))

    def new_reference(self) -> bytes:
        """How the view looks, told once after its zones were drawn: edges, no picture."""
        told, self._new_reference = self._new_reference, b""
        return told

    def still(self, picture: Picture) -> bytes:
        """A JPEG in which nobody can be recognised."""
        veiled = self._analyser.evidence(picture)
        height, width = veiled.shape[:2]
        if width > STILL_WIDTH:
            size = (STILL_WIDTH, round(height * STILL_WIDTH / width))
            veiled = np.asarray(cv2.resize(veiled, size, interpolation=cv2.INTER_AREA), np.uint8)
        done, encoded = cv2.imencode(".jpg", veiled, JPEG)
        return bytes(encoded) if done else b""

    def sights(self, found: Findings, picture: Picture) -> Iterator[Sight]:
        for event in found.events:
            yield self._sight(event, b"" if event.over else self.still(picture))

    def _sight(self, event: Event, still: bytes) -> Sight:
        place = self._plan.lonlat(event.at_m)
        lon, lat = (None, None) if place is None else place
        return Sight(
            key=event.key[:80], kind=event.kind, zone=event.zone, severity=event.severity.value,
            score=event.confidence, began_at=instant(event.onset_s), lon=lon, lat=lat, still=still,
            over=event.over,
        )  # fmt: skip

    def collected(self, picture: Picture, at_s: float, found: Findings) -> Iterator[Deed]:
        """Pictures of the bays that are least sure, while staff commission the camera; of each bay
        one in half an hour."""
        due = at_s - self._collected_s >= COLLECT_EVERY_S
        if not (self._plan.collects and self._lot and found.health.ok and due):
            return
        self._collected_s = at_s
        seen = list(self._unsure(self._lot, picture, at_s))
        if seen:
            yield partial(keep_patches, seen=seen, seen_at=instant(at_s))

    def _unsure(self, lot: Lot, picture: Picture, at_s: float) -> Iterator[SeenPatch]:
        patches, logits = lot.patches(picture), lot.logits(picture)
        waiting = [n for n in np.argsort(np.abs(logits)) if self._is_due(lot.bays[n].key, at_s)]
        for n in waiting[:PATCHES_AT_ONCE]:
            self._collected_of[lot.bays[n].key] = at_s
            yield SeenPatch(
                zone_id=self._pks[lot.bays[n].key], picture=_png(patches[n]),
                taken=float(1 / (1 + np.exp(-logits[n]))),
            )  # fmt: skip

    def _is_due(self, bay: str, at_s: float) -> bool:
        return at_s - self._collected_of.get(bay, float("-inf")) >= COLLECT_AGAIN_S


def _png(picture: Picture) -> bytes:
    done, encoded = cv2.imencode(".png", picture)
    return bytes(encoded) if done else b""


def scene_of(plan: CameraPlan) -> Scene:
    """Raises ValueError."""
    view = View() if plan.plane is None else View.from_matrix(plan.plane.matrix)
    by_kind: dict[str, list[DrawnZone]] = {"bay": [], "line": [], "area": []}
    for zone in plan.zones:
        by_kind[zone.kind].append(zone)
    return Scene(
        view=view,
        subject=Subject(plan.subject),
        zones=tuple(Zone(z.code, z.points, _rules(z, plan.tuning)) for z in by_kind["area"]),
        lines=tuple(Line(z.code, z.points[0], z.points[1]) for z in by_kind["line"]),
        bays=tuple(Bay(z.code, z.points) for z in by_kind["bay"]),  # type: ignore[arg-type]
    )


def _rules(zone: DrawnZone, tuning: Mapping[str, float]) -> tuple[Rule, ...]:
    return tuple(_rule(dict(rule), tuning) for rule in zone.rules)


def _rule(stored: dict[str, Any], tuning: Mapping[str, float]) -> Rule:
    """As staff set it, and the more careful the more often it has raised a false alarm."""
    kind = str(stored.pop("kind", ""))
    rule, threshold = rule_of(kind, stored), float(tuning.get(kind, 0.0))
    if not threshold:
        return rule
    careful = {"after_s": rule.after_s * (1 + threshold)}
    careful["least_confidence"] = max(threshold, rule.least_confidence)
    return rule_of(kind, stored | careful)


def _lot(plan: CameraPlan, scene: Scene) -> Lot | None:
    if not scene.bays:
        return None
    return Lot(scene.bays, OccupancyModel.bundled(), head_of(plan.head))


def head_of(stored: Mapping[str, Any]) -> Head | None:
    """Raises ValueError."""
    if not stored:
        return None
    return Head(tuple(float(weight) for weight in stored["weights"]), float(stored["bias"]))
