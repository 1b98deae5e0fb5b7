"""Detectors of fire, smoke and gas: what sounds, who agrees, and what the inbox is told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import Union
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.units import convert
from apps.hazards.core.corroboration import HELD_S, Agreement, Sounding, agree
from apps.hazards.models import Detector, HazardKind, Urgency
from apps.hazards.services.assessments import Finding, assess, end_assessment
from devices.models import LastObservation

SOUND = "hazards.sound"
SOURCE = "hazards.detector"
AROUND_M = 60.0
_KIND = {
    Detector.Kind.FIRE: HazardKind.FIRE,
    Detector.Kind.SMOKE: HazardKind.SMOKE,
    Detector.Kind.GAS: HazardKind.SMOKE,
}
# A detector that is this far behind says nothing about now.
FRESH = timedelta(minutes=10)


def sound(payload: Mapping[str, Any]) -> None:
    """Work handler: these detectors have spoken."""
    hear_detectors(payload["detectors"])


@transaction.atomic
def hear_detectors(detector_ids: Sequence[int]) -> None:
    """1. who sounds now · 2. who sounds beside · 3. tell or end, each by its own reference."""
    changed = _update(detector_ids)
    sounding = list(
        Detector.objects.filter(sounding_since__isnull=False).select_related("datastream")
    )
    levels = _levels(sounding)
    heard = {detector.pk: _sounding(detector, levels[detector.pk]) for detector in sounding}
    with translation.override(settings.LANGUAGE_CODE):
        for detector in changed:
            if detector.sounding_since is None:
                end_assessment(source=SOURCE, reference=detector.code)
            else:
                _tell(detector, heard)


def hear_held() -> int:
    """Look again at those that have held on alone for long enough; called every few seconds."""
    now = clock.now()
    held = Detector.objects.filter(
        sounding_since__lte=now - timedelta(seconds=HELD_S),
        sounding_since__gt=now - timedelta(seconds=HELD_S + 60),
    )
    ids = list(held.values_list("pk", flat=True))
    if ids:
        hear_detectors(ids)
    return len(ids)


def _update(detector_ids: Sequence[int]) -> list[Detector]:
    rows = list(
        Detector.objects.select_for_update(of=("self",))
        .filter(pk__in=detector_ids)
        .select_related("datastream")
        .order_by("pk")
    )
    levels = _levels(rows)
    seen = dict(
        LastObservation.objects.filter(
            datastream__in=[row.datastream_id for row in rows]
        ).values_list("datastream_id", "phenomenon_at")
    )
    for row in rows:
        fresh = seen.get(row.datastream_id)
        is_fresh = fresh is not None and fresh > clock.now() - FRESH
        loud = is_fresh and levels[row.pk] >= row.threshold
        if loud and row.sounding_since is None:
            row.sounding_since = fresh
        elif not loud:
            row.sounding_since = None
    Detector.objects.bulk_update(rows, ["sounding_since"])
    return rows


def _levels(detectors: Sequence[Detector]) -> dict[int, float]:
    """The newest value of each, in the unit of its kind ("1")."""
    last = dict(
        LastObservation.objects.filter(
            datastream__in=[one.datastream_id for one in detectors]
        ).values_list("datastream_id", "result")
    )
    return {
        one.pk: convert(
            last.get(one.datastream_id, 0.0), from_unit=one.datastream.unit, to_unit="1"
        )
        for one in detectors
    }


def _sounding(detector: Detector, level: float) -> Sounding:
    assert detector.sounding_since is not None
    return Sounding(
        detector.code,
        detector.kind,
        detector.geom_m.x,
        detector.geom_m.y,
        detector.sounding_since.timestamp(),
        level / detector.threshold,
    )


def _tell(detector: Detector, heard: Mapping[int, Sounding]) -> None:
    others = [one for pk, one in heard.items() if pk != detector.pk]
    agreement = agree(heard[detector.pk], others, now_s=clock.now().timestamp())
    # The first witness by name speaks for all, so that one fire is one assessment.
    speaker = min(agreement.witnesses)
    for witness in agreement.witnesses:
        if witness != speaker:
            end_assessment(source=SOURCE, reference=witness)
    assess(source=SOURCE, reference=speaker, finding=_finding(detector, agreement))


def _finding(detector: Detector, agreement: Agreement) -> Finding:
    witnesses = Detector.objects.filter(code__in=agreement.witnesses).order_by("code")
    kinds = {one.kind for one in witnesses}
    kind = Detector.Kind.FIRE if Detector.Kind.FIRE in kinds else Detector.Kind(detector.kind)
    geom = witnesses.aggregate(whole=Union("geom"))["whole"]
    sure = len(agreement.witnesses) > 1
    text = (
        _("%(kind)s near %(place)s: %(count)d detectors agree")
        if sure
        else _("%(kind)s near %(place)s: one detector alone; please look")
    )
    return Finding(
        kind=_KIND[kind],
        summary=text
        % {"kind": kind.label, "place": str(detector), "count": len(agreement.witnesses)},
        geom=geom,
        buffer_m=AROUND_M,
        severity=agreement.severity,
        certainty=agreement.certainty,
        urgency=Urgency.IMMEDIATE,
        evidence=[
            {"title": str(one), "value": str(one.get_kind_display()), "unit": "",
             "at": one.sounding_since.isoformat() if one.sounding_since else "",
             "link": f"/admin/hazards/detector/{one.pk}/change/"}
            for one in witnesses
        ],
        onset_at=detector.sounding_since,
        expires_at=clock.now() + timedelta(hours=2),
    )  # fmt: skip
