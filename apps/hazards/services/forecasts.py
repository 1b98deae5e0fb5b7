"""Forecasts: run on each new reading of a catchment, kept with the version that made them, and put
before people when the odds call for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from apps.base import clock, live
from apps.hazards.core.calibration import WARM_UP_H
from apps.hazards.core.decision import Decision, decide
from apps.hazards.core.events import Event, most_alike
from apps.hazards.core.features import MAX_LEAD_H, look
from apps.hazards.core.forecasting import QUANTILES
from apps.hazards.core.history import Floats
from apps.hazards.core.learned import Learned, chance_from_quantiles, read_learned
from apps.hazards.core.watching import Certainty
from apps.hazards.models import (
    Catchment,
    Flag,
    Forecast,
    HazardKind,
    Level,
    ModelVersion,
    RainForecast,
    Severity,
    Station,
    StationState,
    Urgency,
)
from apps.hazards.selectors.stations import TOPIC, station_rows
from apps.hazards.services.assessments import Finding, assess, end_assessment
from apps.hazards.services.places import place_of
from apps.hazards.services.training import level_of_interest
from apps.hazards.snapshot import HOUR, Rating, Record, first_hour, flow_m3_s, read_record

FORECAST = "hazards.forecast"
SOURCE = "hazards.forecast"
# GR4H's stores must have forgotten how they began.
LOOK_BACK_H = 24 * 400
# Without discharge for longer than this nothing is forecast.
OLDEST_DISCHARGE_H = 6
RAIN_FORECAST_VALID = timedelta(hours=7)
# Told again when the odds have moved by so much.
TELL_AGAIN = 0.1


def forecast(payload: Mapping[str, Any]) -> None:
    """Work handler: some stations have spoken; forecast what lies in their catchments."""
    spoken = payload["stations"]
    affected = (
        Station.objects.forecasting()
        .filter(Q(pk__in=spoken) | Q(rain_stations__in=spoken))
        .filter(model_versions__state=ModelVersion.State.ACTIVE)
        .distinct()
    )
    forecast_stations(list(affected.values_list("pk", flat=True)))


def forecast_stations(station_ids: Sequence[int]) -> list[Forecast]:
    """A run for each station, each in a transaction of its own: one that fails stops no other."""
    made = [_forecast_one(pk) for pk in sorted(set(station_ids))]
    return [one for one in made if one is not None]


@transaction.atomic
def _forecast_one(station_id: int) -> Forecast | None:
    """1. the record · 2. the rain to come · 3. the model · 4. keep · 5. decide · 6. tell."""
    station = (
        Station.objects.select_related("catchment", "datastream")
        .select_for_update(of=("self",))
        .get(pk=station_id)
    )
    version = ModelVersion.objects.active().filter(station=station).first()
    if version is None or version.artefact is None or station.catchment is None:
        return None
    now = clock.now()
    record = _recent(station, now)
    if record is None:
        _forget(station)
        return None
    ahead, source = rain_ahead(station.catchment, record, now)
    made = _run(station, version, record, ahead, source, now)
    _decide(station, made, now)
    live.announce(TOPIC, station_rows([station.pk]))
    return made


def _recent(station: Station, now: datetime) -> Record | None:
    """Up to the last full hour; None if too little is known to forecast honestly."""
    last = now.replace(minute=0, second=0, microsecond=0)
    # Before its record begins a river was not dry: its stores begin with it.
    begun = first_hour(station)
    if begun is None or last - begun < WARM_UP_H * HOUR:
        return None
    first = max(begun, last - LOOK_BACK_H * HOUR)
    record = read_record(station, first=first, hours=int((last - first) / HOUR))
    flow = record.history.discharge_mm_h
    known = np.flatnonzero(np.isfinite(flow))
    if not len(known) or len(flow) - 1 - known[-1] > OLDEST_DISCHARGE_H:
        return None
    return record if _rain_known(station, record) else None


def _rain_known(station: Station, record: Record) -> bool:
    """Silence is not zero: without rain in the last day there is nothing to forecast from."""
    states = StationState.objects.filter(station__explains=station)
    return record.rain_missing < 1.0 and states.exclude(flag__in=(Flag.MISSING, Flag.BAD)).exists()


def _forget(station: Station) -> None:
    StationState.objects.filter(pk=station.pk).exclude(probability=None, peak=None).update(
        **StationState.touched(), probability=None, peak=None, peak_at=None
    )


def rain_ahead(catchment: Catchment, record: Record, now: datetime) -> tuple[Floats, str]:
    """Rain of the 24 hours after the last full one, and which variant it is for. What has already
    fallen in the running hour is the least of its first."""
    begin = record.hour(len(record.history))
    newest = (
        RainForecast.objects.filter(
            catchment=catchment, issued_at__gt=now - RAIN_FORECAST_VALID, issued_at__lte=now
        )
        .order_by("-issued_at")
        .first()
    )
    ahead = np.zeros(MAX_LEAD_H)
    if newest is None:
        return ahead, Forecast.Rain.NONE
    shift = round((begin - newest.from_at) / HOUR)
    told = np.array(newest.mm_by_hour, dtype=np.float64)[max(shift, 0) :][:MAX_LEAD_H]
    ahead[: len(told)] = told
    return ahead, Forecast.Rain.FORESEEN


@lru_cache(maxsize=64)
def _learned(version_id: int) -> Learned:
    """A version never changes, so a process may keep it."""
    artefact = ModelVersion.objects.values_list("artefact", flat=True).get(pk=version_id)
    assert artefact is not None
    return read_learned(bytes(artefact))


def _run(
    station: Station, version: ModelVersion, record: Record, ahead: Floats, rain: str, now: datetime
) -> Forecast:
    learned = _learned(version.pk)
    variant = learned.variants[rain]
    rows = np.array([len(record.history) - 1])
    view = look(learned.catchment, record.history, rows=rows, rain_ahead_mm_h=ahead[None, :])
    mean, bands = variant.model.forecast(view)
    assert station.catchment is not None
    area, rating = station.catchment.area_km2, Rating.of(station)
    shown = rating.stage(flow_m3_s(np.column_stack([bands[0], mean[0]]), area))
    interest = level_of_interest(station)
    chance: float | None = None
    if interest:
        chance = _chance(station, variant.exceedance, view, shown, interest[1])
    return Forecast.objects.create(
        station=station,
        version=version,
        rain=rain,
        issued_at=now,
        from_at=record.hour(len(record.history)),
        hours=_hours(record, shown),
        level=interest[0] if interest else "",
        window_h=station.window_h,
        probability=chance,
        inputs={
            "rain_ahead_mm": [round(float(mm), 2) for mm in ahead],
            "rain_24h_mm": round(float(record.history.rain_mm_h[-24:].sum()), 1),
            "rain_missing": round(record.rain_missing, 3),
        },
    )


def _chance(station: Station, exceedance: Any, view: Any, shown: Floats, level: float) -> float:
    """By the classifier if it learned this level and this window, else from the quantiles."""
    bands = shown[: station.window_h, : len(QUANTILES)]
    if exceedance is None or exceedance.window_h != station.window_h:
        return chance_from_quantiles(bands, QUANTILES, level)
    return float(exceedance.probability(view)[0])


def _hours(record: Record, shown: Floats) -> list[dict[str, Any]]:
    begin = record.hour(len(record.history))
    names = ("p10", "p50", "p90", "mean")
    return [
        {"at": (begin + (lead + 1) * HOUR).isoformat(timespec="minutes")}
        | {name: round(float(value), 3) for name, value in zip(names, row, strict=True)}
        for lead, row in enumerate(shown)
    ]


# ---------------------------------------------------------------- decide and tell


def _decide(station: Station, made: Forecast, now: datetime) -> None:
    state = StationState.objects.select_for_update().get(pk=station.pk)
    peak = max(made.hours, key=lambda hour: hour["p50"])
    before = Decision(
        state.raised,
        state.runs_above,
        state.calm_since.timestamp() if state.calm_since else None,
    )
    after = decide(
        before,
        probability=made.probability or 0.0,
        cost_loss=station.cost_loss,
        confirmed=(state.change_1h or 0.0) > 0 and bool(state.level),
        below_attention=not state.level,
        now_s=now.timestamp(),
    )
    StationState.objects.filter(pk=station.pk).update(
        **StationState.touched(),
        probability=made.probability,
        peak=peak["p50"],
        peak_at=datetime.fromisoformat(peak["at"]),
        raised=after.raised,
        runs_above=after.runs_above,
        calm_since=_instant(after.calm_since_s, now),
    )
    if after.raised and _is_news(station, made, was=before.raised):
        with translation.override(settings.LANGUAGE_CODE):
            assess(source=SOURCE, reference=station.code, finding=_finding(station, made, peak))
    elif before.raised and not after.raised:
        end_assessment(source=SOURCE, reference=station.code)


def _instant(seconds: float | None, now: datetime) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, now.tzinfo)


def _is_news(station: Station, made: Forecast, *, was: bool) -> bool:
    """A first raise, or odds that moved enough since the run before."""
    if not was:
        return True
    earlier = (
        Forecast.objects.filter(station=station, issued_at__lt=made.issued_at)
        .order_by("-issued_at")
        .first()
    )
    moved = abs((made.probability or 0.0) - ((earlier and earlier.probability) or 0.0))
    return moved >= TELL_AGAIN


_SEVERITY = {
    Level.ATTENTION: Severity.MINOR,
    Level.WARNING: Severity.MODERATE,
    Level.ALARM: Severity.SEVERE,
    Level.SERIOUS: Severity.EXTREME,
    Level.PLAN_FLOOD: Severity.EXTREME,
}


def _finding(station: Station, made: Forecast, peak: Mapping[str, Any]) -> Finding:
    """The area is what would be wet at the middle forecast's highest stage, or at the level that
    was asked about if that is higher."""
    limit = station.levels()[made.level]
    geom, buffer_m = place_of(station, max(peak["p50"], limit))
    chance = made.probability or 0.0
    return Finding(
        kind=HazardKind.FLOOD,
        summary=_summary(station, made),
        geom=geom,
        buffer_m=buffer_m,
        severity=_SEVERITY[Level(made.level)],
        certainty=Certainty.LIKELY if chance >= 0.5 else Certainty.POSSIBLE,
        urgency=Urgency.EXPECTED,
        probability=chance,
        evidence=evidence_of(station, made, peak),
        onset_at=datetime.fromisoformat(_first_above(made, limit) or peak["at"]),
        expires_at=made.issued_at + timedelta(hours=max(made.window_h, 3)),
    )


def _summary(station: Station, made: Forecast) -> str:
    return _("%(station)s: %(chance)d %% above the level “%(level)s” within %(hours)d hours") % {
        "station": str(station),
        "chance": round(100 * (made.probability or 0.0)),
        "level": str(Level(made.level).label),
        "hours": made.window_h,
    }


def _first_above(made: Forecast, limit: float) -> str | None:
    return next((hour["at"] for hour in made.hours if hour["p50"] >= limit), None)


def evidence_of(station: Station, made: Forecast, peak: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Why: the curve and its bands, the rain behind it, where the water would stand, and floods
    that looked like this one."""
    at = made.issued_at.isoformat(timespec="seconds")
    admin = f"/admin/hazards/station/{station.pk}"
    band = f"{peak['p10']:.2f} – {peak['p50']:.2f} – {peak['p90']:.2f}"
    facts: list[dict[str, Any]] = [
        {"title": _("Hydrograph with bands"), "value": "", "unit": "", "at": at,
         "link": f"{admin}/hydrograph.svg?forecast={made.code}"},
        {"title": _("Highest foreseen (10, 50, 90 %)"), "value": band, "unit": station.unit,
         "at": peak["at"]},
        {"title": _("Where water would stand"), "value": "", "unit": "", "at": peak["at"],
         "link": f"{admin}/what-if/?forecast={made.code}"},
        {"title": _("Rain in 24 hours"), "value": made.inputs["rain_24h_mm"], "unit": "mm",
         "at": at},
        {"title": _("Rain foreseen in 24 hours"),
         "value": round(sum(made.inputs["rain_ahead_mm"]), 1), "unit": "mm", "at": at,
         "detail": str(Forecast.Rain(made.rain).label)},
        {"title": _("Model version"), "value": f"v{made.version.number}",
         "link": f"/admin/hazards/modelversion/{made.version_id}/change/"},
    ]  # fmt: skip
    return facts + _alike(made, peak["p50"])


def _alike(made: Forecast, peak: float) -> list[dict[str, Any]]:
    known = made.version.parameters.get("events", [])
    events = [Event(n, n, n, one["peak"], one["rain_mm"]) for n, one in enumerate(known)]
    rain = made.inputs["rain_24h_mm"] + sum(made.inputs["rain_ahead_mm"])
    return [
        {
            "title": _("A flood like this"),
            "value": event.peak,
            "unit": made.station.unit,
            "at": known[event.first]["at"],
            "detail": _("%(rain)s mm of rain") % {"rain": event.rain_mm},
        }
        for event in most_alike(events, peak=peak, rain_mm=rain)
    ]
