"""What cameras saw and the desk should know of: taken in, told to whoever registered, judged by
staff, forgotten in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import F

from apps.base import audit, clock
from apps.base.media import keep_photo
from apps.base.models import Media
from apps.base.problems import NotFound
from devices.cameras.thresholds import tuned
from devices.events import sighting_listeners
from devices.models import BayPatch, Camera, CameraEvent, CameraZone

REMEMBERED = 200  # answers of staff, of one camera and kind
EVENTS_KEPT = timedelta(days=365)
PATCHES_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the analysis tells of an event; `still` is a JPEG that is blurred already."""

    key: str
    kind: str
    zone: str
    severity: str
    score: float
    began_at: datetime
    lon: float | None = None
    lat: float | None = None
    still: bytes = b""
    over: bool = False


@transaction.atomic
def note_sight(*, camera_id: int, sight: Sight) -> CameraEvent | None:
    """Take in an event, or that it is over. The same key again changes nothing. Whoever listens is
    told in the same transaction. None for the end of what was never told."""
    known = CameraEvent.objects.select_for_update().filter(camera_id=camera_id, key=sight.key)
    event = known.first()
    if event is None:
        if sight.over:
            return None
        event = _create(camera_id, sight)
    elif not sight.over or event.over_at is not None:
        return event
    else:
        event.over_at = clock.now()
        event.save(update_fields=["over_at"])
    for listener in dict(sighting_listeners.items()).values():
        listener(str(event.code))
    return event


def _create(camera_id: int, sight: Sight) -> CameraEvent:
    camera = Camera.objects.select_related("thing").get(pk=camera_id)
    still = keep_photo(sight.still) if sight.still else None
    return CameraEvent.objects.create(
        camera=camera,
        zone=CameraZone.objects.filter(camera=camera, code=sight.zone).first(),
        kind=sight.kind,
        severity=sight.severity,
        score=sight.score,
        geom=_place(camera, sight),
        key=sight.key,
        began_at=sight.began_at,
        noticed_at=clock.now(),
        still=still,
        still_until=clock.now() + timedelta(days=camera.stills_kept_days) if still else None,
    )


def _place(camera: Camera, sight: Sight) -> Point | None:
    """Where it was; without a map to its picture, where the camera stands."""
    if sight.lon is None or sight.lat is None:
        return camera.thing.geom
    return Point(sight.lon, sight.lat, srid=4326)


@transaction.atomic
def judge_event(*, code: str, true: bool, actor: str) -> CameraEvent:
    """Staff looked: true, or a false alarm. The camera's threshold for this kind follows from all
    their answers. The last answer counts. Raises NotFound."""
    event = CameraEvent.objects.select_for_update(of=("self",)).filter(code=code).first()
    if event is None:
        raise NotFound
    event.verdict = CameraEvent.Verdict.TRUE if true else CameraEvent.Verdict.FALSE
    event.decided_by, event.decided_at = actor[:120], clock.now()
    event.save(update_fields=["verdict", "decided_by", "decided_at"])
    threshold = _tune(event)
    audit.record(
        actor=actor,
        action="devices.camera_event.judged",
        subject=f"camera_event:{event.code}",
        detail={"kind": event.kind, "true": true, "threshold": threshold},
    )
    for listener in dict(sighting_listeners.items()).values():
        listener(str(event.code))
    return event


def _tune(event: CameraEvent) -> float:
    """Move the camera's threshold for this kind of event."""
    judged = CameraEvent.objects.filter(camera=event.camera_id, kind=event.kind).exclude(verdict="")
    answers = list(judged.order_by("-noticed_at").values_list("score", "verdict")[:REMEMBERED])
    threshold = tuned(
        [score for score, verdict in answers if verdict == CameraEvent.Verdict.TRUE],
        [score for score, verdict in answers if verdict == CameraEvent.Verdict.FALSE],
    )
    camera = Camera.objects.select_for_update().get(pk=event.camera_id)
    if camera.tuning.get(event.kind, 0.0) != threshold:
        camera.tuning[event.kind] = threshold
        camera.revision = F("revision") + 1
        camera.save(update_fields=["tuning", "revision"])
    return threshold


def look_at_still(*, event: CameraEvent, actor: str) -> Media | None:
    """The still of an event, for one pair of eyes, which the audit chain remembers."""
    if event.still is None:
        return None
    record_look(subject=f"camera_event:{event.code}", actor=actor, what="still")
    return event.still


def record_look(*, subject: str, actor: str, what: str, **detail: Any) -> None:
    audit.record(
        actor=actor, action="devices.picture.seen", subject=subject, detail={"what": what, **detail}
    )


# ---------------------------------------------------------------- retention


def remove_old_stills() -> int:
    """Stills whose time is over: the file first, so that no row is lost whose picture stays."""
    over = CameraEvent.objects.filter(still_until__lte=clock.now(), still__isnull=False)
    stills = [event.still for event in over.select_related("still") if event.still]
    for still in stills:
        still.file.delete(save=False)
        still.delete()
    return len(stills)


def remove_old_events() -> int:
    removed, _ = CameraEvent.objects.filter(
        noticed_at__lt=clock.now() - EVENTS_KEPT, still=None
    ).delete()
    return removed


def remove_old_patches() -> int:
    removed, _ = BayPatch.objects.filter(seen_at__lt=clock.now() - PATCHES_KEPT).delete()
    return removed
