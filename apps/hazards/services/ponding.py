"""Underpasses and hollows without a gauge to be believed: how deep the rain of the last hours must
stand in them, by their depth curve, and how deep it will with the rain that is foreseen.

A depth that was computed closes nothing for good: its obstruction stays a report, and staff find an
assessment that is only possible. A gauge that is to be believed has the last word.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.contrib.gis.db.models import PolygonField
from django.db.models import F, Value
from django.utils import translation
from django.utils.translation import gettext as _

from apps.base import clock
from apps.city.models import Metres, MetresApart, Obstruction
from apps.city.services.obstructions import Facts, close_obstruction, open_obstruction
from apps.hazards.core.hollows import Inflow, depths_m, read_curve
from apps.hazards.models import (
    Assessment,
    Certainty,
    HazardKind,
    RainForecast,
    Severity,
    Station,
    Underpass,
    Urgency,
)
from apps.hazards.services.assessments import Finding, assess, end_assessment
from apps.hazards.services.forecasts import RAIN_FORECAST_VALID
from apps.hazards.services.places import MARGIN_M
from apps.hazards.services.underpasses import SOURCE, STOPS
from apps.hazards.snapshot import HOUR, Readings, read_readings, us

PONDING = "hazards.ponding"
ASSESSED_BY = "hazards.ponding"
LOOK_BACK = timedelta(hours=12)
LOOK_AHEAD_H = 3
STEP_S = 600
# Rain gauges that have said nothing for so long say nothing of the hollow.
FRESH = timedelta(hours=1)
NEAREST_GAUGES = 2
CERTAIN = 0.6
MOVED_M = 0.1
SEVERE_FROM_M = 0.5
MODERATE_FROM_M = 0.3


def pond(payload: Mapping[str, Any]) -> None:
    """Work handler: some rain gauges have spoken."""
    now = clock.now()
    spoken = set(payload["stations"])
    with translation.override(settings.LANGUAGE_CODE):
        for underpass in _hollows():
            gauges = rain_gauges_of(underpass)
            if spoken & {gauge.pk for gauge in gauges}:
                _compute(underpass, gauges, now)


def _hollows() -> list[Underpass]:
    rows = Underpass.objects.filter(drains_km2__gt=0).exclude(curve=[])
    return list(rows.select_related("station__state"))


def rain_gauges_of(underpass: Underpass) -> list[Station]:
    """Those that explain its own gauge, else the nearest."""
    rain = Station.objects.in_use().filter(kind=Station.Kind.RAIN).select_related("datastream")
    own = list(rain.filter(explains=underpass.station)) if underpass.station_id else []
    here = Value(underpass.geom, output_field=PolygonField(srid=4326))
    away = MetresApart(F("geom_m"), Metres(here))
    return own or list(rain.annotate(away=away).order_by("away")[:NEAREST_GAUGES])


def _compute(underpass: Underpass, gauges: Sequence[Station], now: datetime) -> None:
    """1. its curve · 2. the rain that fell · 3. the rain to come · 4. keep · 5. tell."""
    hollow = read_curve(underpass.curve)
    fallen = _fallen(gauges, now)
    if hollow is None or fallen is None:
        return
    to_come = _to_come(underpass, now)
    depths = depths_m(hollow, _inflow(underpass), [*fallen, *to_come], step_s=STEP_S)
    underpass.computed_m = round(depths[len(fallen) - 1], 3)
    underpass.foreseen_m = round(max(depths[len(fallen) - 1 :]), 3)
    underpass.computed_at = now
    underpass.save(update_fields=["computed_m", "foreseen_m", "computed_at"])
    if not _is_measured(underpass):
        _follow(underpass, underpass.computed_m)
        _tell(underpass, now)


def _inflow(underpass: Underpass) -> Inflow:
    return Inflow(underpass.drains_km2, underpass.runoff, underpass.pumps_m3_s)


def _is_measured(underpass: Underpass) -> bool:
    known = underpass.depth_now_m
    return known is not None and known[1]


def _fallen(gauges: Sequence[Station], now: datetime) -> list[float] | None:
    """Millimetres by step, the mean of the gauges that spoke; None if none did of late."""
    told = read_readings(gauges, after=now - LOOK_BACK, to=now)
    fresh = [one for one in told.values() if one.last_at() > now - FRESH]
    if not fresh:
        return None
    steps = int(LOOK_BACK.total_seconds()) // STEP_S
    return [float(mm) for mm in np.mean([_by_step(one, now, steps) for one in fresh], axis=0)]


def _by_step(readings: Readings, now: datetime, steps: int) -> Any:
    """An interval's rain counts for the step in which it ends."""
    first_us = us(now) - steps * STEP_S * 1_000_000
    step = np.clip((readings.times_us - first_us - 1) // (STEP_S * 1_000_000), 0, steps - 1)
    return np.bincount(step, weights=np.clip(readings.values, 0.0, 150.0), minlength=steps)


def _to_come(underpass: Underpass, now: datetime) -> list[float]:
    """Millimetres by step of the next hours, as foreseen for the catchment around it."""
    newest = (
        RainForecast.objects.filter(
            catchment__geom__contains=underpass.geom.centroid,
            issued_at__gt=now - RAIN_FORECAST_VALID, issued_at__lte=now,
        )
        .order_by("-issued_at")
        .first()
    )  # fmt: skip
    steps = range(LOOK_AHEAD_H * 3600 // STEP_S)
    if newest is None:
        return [0.0 for _step in steps]
    return [newest.mm_at(now + timedelta(seconds=n * STEP_S)) * STEP_S / 3600 for n in steps]


# ---------------------------------------------------------------- facts and the inbox


def _follow(underpass: Underpass, depth_m: float) -> None:
    """A report in the way while it is deep; what a gauge or staff confirmed isn't ours to close."""
    known = Obstruction.objects.open().filter(source=SOURCE, reference=underpass.code).first()
    if depth_m >= underpass.closed_from_m:
        if known and known.depth_m and abs(known.depth_m - depth_m) < MOVED_M / 2:
            return
        facts = Facts(
            kind=Obstruction.Kind.FLOOD, geom=underpass.geom, depth_m=depth_m, stops=STOPS,
            certainty=CERTAIN, description=str(underpass),
        )  # fmt: skip
        if not _was_refused(underpass):
            open_obstruction(
                source=SOURCE, reference=underpass.code, facts=facts, actor=ASSESSED_BY
            )
    elif known and known.state == Obstruction.State.REPORTED and _is_dry(underpass, depth_m):
        close_obstruction(code=known.code, actor=ASSESSED_BY)


def _is_dry(underpass: Underpass, depth_m: float) -> bool:
    return depth_m < underpass.closed_from_m / 2


def _was_refused(underpass: Underpass) -> bool:
    return Obstruction.objects.filter(
        source=SOURCE, reference=underpass.code, state=Obstruction.State.REFUSED
    ).exists()


def _tell(underpass: Underpass, now: datetime) -> None:
    deepest = max(underpass.computed_m or 0.0, underpass.foreseen_m or 0.0)
    told = Assessment.objects.open().filter(source=ASSESSED_BY, reference=underpass.code).first()
    if deepest < underpass.closed_from_m:
        if told and _is_dry(underpass, deepest):
            end_assessment(source=ASSESSED_BY, reference=underpass.code)
        return
    if told and abs((told.depth_m or 0.0) - deepest) < MOVED_M:
        return
    finding = _finding(underpass, deepest, now)
    assess(source=ASSESSED_BY, reference=underpass.code, finding=finding)


def _finding(underpass: Underpass, deepest: float, now: datetime) -> Finding:
    stands = (underpass.computed_m or 0.0) >= underpass.closed_from_m
    text = (
        _("%(place)s: by the rain, water must stand %(depth)s m deep; no gauge says so")
        if stands
        else _("%(place)s: with the rain that is foreseen, water will stand %(depth)s m deep")
    )
    return Finding(
        kind=HazardKind.SURFACE_WATER,
        summary=text % {"place": str(underpass), "depth": f"{deepest:.2f}"},
        geom=underpass.geom,
        buffer_m=MARGIN_M,
        severity=_severity(deepest),
        certainty=Certainty.POSSIBLE,
        urgency=Urgency.IMMEDIATE if stands else Urgency.EXPECTED,
        depth_m=deepest,
        evidence=_evidence(underpass, now),
        onset_at=now,
        expires_at=now + LOOK_AHEAD_H * HOUR,
    )


def _severity(depth_m: float) -> str:
    if depth_m >= SEVERE_FROM_M:
        return Severity.SEVERE
    return Severity.MODERATE if depth_m >= MODERATE_FROM_M else Severity.MINOR


def _evidence(underpass: Underpass, now: datetime) -> list[dict[str, Any]]:
    at = now.isoformat(timespec="seconds")
    link = f"/admin/hazards/underpass/{underpass.pk}/change/"
    return [
        {"title": _("Depth computed from rain"), "value": underpass.computed_m, "unit": "m",
         "at": at, "link": link},
        {"title": _("Deepest in three hours"), "value": underpass.foreseen_m, "unit": "m",
         "at": at},
        {"title": _("Closed from"), "value": underpass.closed_from_m, "unit": "m"},
        {"title": _("Land that drains into it"), "value": underpass.drains_km2, "unit": "km²"},
        {"title": _("Pumps"), "value": underpass.pumps_m3_s, "unit": "m³/s"},
    ]  # fmt: skip
