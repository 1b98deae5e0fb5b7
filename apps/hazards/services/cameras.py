"""What cameras see, at the safety desk: one assessment an event, with its still, for an officer to
decide on. Nothing a camera sees alone is ever told to citizens (`Assessment.for_the_desk_alone`).

Where something stands on the road, the ways around it are told too: an obstruction, as a report
that nobody has confirmed yet.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.base import clock
from apps.city.models import Obstruction
from apps.city.services.obstructions import Facts, close_reference, open_obstruction
from apps.hazards.models import Assessment, Certainty, HazardKind, Severity, Urgency
from apps.hazards.services.assessments import (
    Finding,
    assess,
    dismiss_assessment,
    end_assessment,
)
from devices.models import CameraEvent

SOURCE = Assessment.CAMERA
AROUND_M = 15.0
HOLDS = timedelta(hours=2)
LIKELY_FROM = 0.75
Kind = CameraEvent.Kind

_KIND: dict[str, HazardKind] = {
    Kind.CROWD: HazardKind.CROWD,
    Kind.ACCIDENT: HazardKind.CLOSURE,
    Kind.STOPPED: HazardKind.CLOSURE,
    Kind.JAM: HazardKind.CLOSURE,
}
# Who cannot wait for the next round of whoever is on duty.
_AT_ONCE = frozenset({Kind.FALL, Kind.ACCIDENT, Kind.WRONG_WAY, Kind.CROWD})
# That a camera sees it no more does not say that it is over: an officer does.
_NEVER_OVER = frozenset({Kind.FALL, Kind.ACCIDENT, Kind.INTRUSION, Kind.ABANDONED})
# What stands in the way of cars, and as what the city knows it.
_BLOCKS = {
    Kind.ACCIDENT: Obstruction.Kind.CLOSURE,
    Kind.STOPPED: Obstruction.Kind.OTHER,
}
# Told by their counts and by the camera's own page; no danger by themselves.
_NO_DANGER = frozenset({Kind.MOTION})


@transaction.atomic
def hear_sighting(code: str) -> None:
    """Take what a camera saw to the desk, end it, or follow what staff made of it."""
    event = CameraEvent.objects.select_related("camera__thing", "zone", "still").get(code=code)
    if event.kind in _NO_DANGER or event.geom is None:
        return
    if event.verdict == CameraEvent.Verdict.FALSE:
        _withdraw(event)
    elif event.over_at is not None:
        if event.kind not in _NEVER_OVER:
            end_assessment(source=SOURCE, reference=code)
        close_reference(source=SOURCE, reference=code, actor=SOURCE)
    else:
        _tell_desk(event)


def _withdraw(event: CameraEvent) -> None:
    """A false alarm is no danger, and nothing stands in the way."""
    reference = str(event.code)
    known = Assessment.objects.open().filter(source=SOURCE, reference=reference).first()
    if known is not None and known.state != Assessment.State.ALERTED:
        dismiss_assessment(
            code=str(known.code), actor=event.decided_by, reason=event.get_verdict_display()
        )
    close_reference(source=SOURCE, reference=reference, actor=event.decided_by)


def _tell_desk(event: CameraEvent) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        assess(
            source=SOURCE,
            reference=str(event.code),
            finding=_finding(event),
            department=event.camera.department,
        )
    if event.kind in _BLOCKS:
        _tell_ways(event)


def _finding(event: CameraEvent) -> Finding:
    assert event.geom is not None
    return Finding(
        kind=_KIND.get(event.kind, HazardKind.OTHER),
        summary=_("%(what)s: %(where)s")
        % {"what": event.get_kind_display(), "where": _where(event)},
        geom=event.geom,
        buffer_m=AROUND_M,
        severity=event.severity if event.severity in Severity.values else Severity.UNKNOWN,
        certainty=Certainty.LIKELY if event.score >= LIKELY_FROM else Certainty.POSSIBLE,
        urgency=Urgency.IMMEDIATE if event.kind in _AT_ONCE else Urgency.EXPECTED,
        probability=round(min(max(event.score, 0.0), 1.0), 2),
        evidence=_evidence(event),
        onset_at=event.began_at,
        expires_at=clock.now() + HOLDS,
    )


def _where(event: CameraEvent) -> str:
    zone = event.zone
    named = zone is not None and any(zone.names.values())
    return f"{event.camera} · {zone.shown_name}" if zone and named else str(event.camera)


def _evidence(event: CameraEvent) -> list[dict[str, Any]]:
    page = reverse("admin:devices_cameraevent_change", args=[event.pk])
    facts: dict[str, Any] = {
        "title": _("Camera"), "value": str(event.camera), "unit": "",
        "at": event.began_at.isoformat(), "link": page,
    }  # fmt: skip
    if event.still is not None:
        facts["picture"] = reverse("admin:devices_cameraevent_still", args=[event.pk])
    return [facts]


def _tell_ways(event: CameraEvent) -> None:
    """Cars cannot pass, as far as a camera can tell; people on foot can."""
    assert event.geom is not None
    open_obstruction(
        source=SOURCE,
        reference=str(event.code),
        facts=Facts(
            kind=_BLOCKS[Kind(event.kind)],
            geom=Point(event.geom.x, event.geom.y, srid=4326),
            stops=(Obstruction.Stops.CAR, Obstruction.Stops.BUS),
            certainty=min(event.score, 0.8),
            valid_from=event.began_at,
            valid_to=clock.now() + HOLDS,
            description=str(event.get_kind_display()),
        ),
        actor=SOURCE,
    )
