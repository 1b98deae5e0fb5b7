"""A station's model is trained, tried on years it has not seen, and put to use."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.base import audit, clock
from apps.base.problems import Conflict
from apps.hazards.core.calibration import WARM_UP_H
from apps.hazards.core.events import events_above
from apps.hazards.core.exceedance import came_true
from apps.hazards.core.features import MAX_LEAD_H, look
from apps.hazards.core.forecasting import LEADS_H
from apps.hazards.core.history import Floats, History
from apps.hazards.core.learned import Learned, foreseen_rain, learn
from apps.hazards.core.skill import (
    brier_skill,
    coverage,
    nash_sutcliffe,
    persistence_index,
    score,
)
from apps.hazards.models import HourlyValue, ModelVersion, Station
from apps.hazards.snapshot import HOUR, Rating, Record, depth_mm_h, read_record

State = ModelVersion.State
LEAST_HOURS = 24 * 300
# The last part of the record is kept back, to see what the model is worth.
KEPT_BACK = 0.3
ABANDONED_AFTER = timedelta(hours=6)
_SCORED_LEADS = (3, 6, 12, 24)


@transaction.atomic
def start_training(*, station: Station, actor: str) -> ModelVersion:
    """Ask for a new version; the table of what runs when (`hazards.train_waiting`) finds it.

    Raises:
        Conflict: one is being trained, or there is no record of a year to learn from.
    """
    Station.objects.select_for_update().get(pk=station.pk)
    running = station.model_versions.filter(state__in=(State.WAITING, State.TRAINING))
    if running.exists():
        raise Conflict(_("A version is being trained already."))
    if station.catchment is None or not station.rain_stations.exists():
        raise Conflict(_("A forecast needs a catchment and its rain gauges."))
    if HourlyValue.objects.filter(station=station).count() < LEAST_HOURS:
        raise Conflict(_("There is no record of a year to learn from."))
    newest = station.model_versions.aggregate(newest=Max("number"))["newest"] or 0
    version = ModelVersion.objects.create(
        station=station, number=newest + 1, created_at=clock.now(), state=State.WAITING
    )
    audit.record(
        actor=actor,
        action="hazards.model.train",
        subject=f"station:{station.code}",
        detail={"version": version.number},
    )
    return version


def train_waiting() -> int:
    """Train what waits, one after another; what a dead worker left in the middle begins anew."""
    left = ModelVersion.objects.filter(
        state=State.TRAINING, created_at__lt=clock.now() - ABANDONED_AFTER
    )
    left.update(state=State.WAITING)
    waiting = list(ModelVersion.objects.filter(state=State.WAITING).values_list("pk", flat=True))
    for version_id in waiting:
        train_version(version_id)
    return len(waiting)


def train_version(version_id: int) -> None:
    """1. read · 2. backtest on the part kept back · 3. learn from all · 4. put it to use.

    Progress is written as it goes, in transactions of their own. A failure stands in the row.
    """
    taken = ModelVersion.objects.filter(pk=version_id, state=State.WAITING)
    if not taken.update(state=State.TRAINING):
        return
    version = ModelVersion.objects.select_related("station__catchment").get(pk=version_id)
    try:
        _train(version)
    except ValueError as error:
        ModelVersion.objects.filter(pk=version_id).update(
            state=State.FAILED, error=str(error)[:300]
        )


def _train(version: ModelVersion) -> None:
    station = version.station
    record = whole_record(station)
    level = level_depth(station)
    scores = backtest(
        record.history, level_mm_h=level, window_h=station.window_h,
        progress=_progress(version, 0.0, 0.5),
    )  # fmt: skip
    learned = learn(
        record.history, level_mm_h=level, window_h=station.window_h,
        progress=_progress(version, 0.5, 1.0),
    )  # fmt: skip
    ModelVersion.objects.filter(pk=version.pk).update(
        state=State.READY,
        progress=1.0,
        from_at=record.first,
        to_at=record.hour(len(record.history)),
        scores=scores,
        parameters=_facts(learned, station, record),
        artefact=learned.written(),
        trained_at=clock.now(),
    )
    activate_version(version=version, actor="hazards")


@transaction.atomic
def activate_version(*, version: ModelVersion, actor: str) -> None:
    """Forecast with this version from now on. Raises Conflict: it is not trained."""
    Station.objects.select_for_update().get(pk=version.station_id)
    row = ModelVersion.objects.get(pk=version.pk)
    if row.state not in (State.READY, State.RETIRED, State.ACTIVE):
        raise Conflict(_("This version is not trained."))
    others = ModelVersion.objects.active().filter(station=row.station).exclude(pk=row.pk)
    others.update(state=State.RETIRED)
    ModelVersion.objects.filter(pk=row.pk).update(state=State.ACTIVE)
    audit.record(
        actor=actor,
        action="hazards.model.activate",
        subject=f"station:{row.station.code}",
        detail={"version": row.number},
    )


def whole_record(station: Station) -> Record:
    """All hours from the station's first to its last. Raises ValueError."""
    hours = HourlyValue.objects.filter(station=station).order_by("hour_at")
    first, last = hours.first(), hours.last()
    if first is None or last is None:
        raise ValueError("The station has no record.")
    count = int((last.hour_at - first.hour_at) / HOUR) + 1
    record = read_record(station, first=first.hour_at, hours=count)
    if record.rain_missing > 0.2:
        raise ValueError(f"{record.rain_missing:.0%} of the hours have no rain.")
    return record


def level_of_interest(station: Station) -> tuple[str, float] | None:
    """The level whose chance is told: alarm, else the highest that is set."""
    levels = station.levels()
    if not levels:
        return None
    name = "alarm" if "alarm" in levels else list(levels)[-1]
    return name, levels[name]


def level_depth(station: Station) -> float | None:
    """That level as mm an hour over the catchment."""
    level = level_of_interest(station)
    if level is None or station.catchment is None:
        return None
    flow = Rating.of(station).discharge(np.array([level[1]]))
    return float(depth_mm_h(flow, station.catchment.area_km2)[0])


def backtest(
    history: History,
    *,
    level_mm_h: float | None,
    window_h: int,
    progress: Callable[[float], None] = lambda _share: None,
) -> dict[str, Any]:
    """Learn from the first part, forecast the rest as it would have been done then."""
    split = int(len(history) * (1 - KEPT_BACK))
    past = History(
        history.rain_mm_h[:split],
        history.evaporation_mm_h[:split],
        history.discharge_mm_h[:split],
    )
    learned = learn(
        past, level_mm_h=level_mm_h, window_h=window_h, leads=_SCORED_LEADS, progress=progress
    )
    rows = np.arange(max(split, WARM_UP_H), len(history) - MAX_LEAD_H)
    return {
        name: _scores(learned, history, rows, name, level_mm_h, window_h)
        for name in learned.variants
    }


def _scores(
    learned: Learned,
    history: History,
    rows: Any,
    name: str,
    level_mm_h: float | None,
    window_h: int,
) -> dict[str, Any]:
    ahead = foreseen_rain(history, name, seed=2)[rows]
    view = look(learned.catchment, history, rows=rows, rain_ahead_mm_h=ahead)
    variant = learned.variants[name]
    mean, bands = variant.model.forecast(view)
    told: dict[str, Any] = {}
    for lead in _SCORED_LEADS:
        truth = history.discharge_mm_h[rows + lead]
        told[f"{lead} h"] = _of_lead(
            truth, mean[:, lead - 1], bands[:, lead - 1], view.discharge[rows]
        )
    if variant.exceedance and level_mm_h is not None:
        truth, below = came_true(view, level_mm_h, window_h)
        asked = below & np.isfinite(truth)
        chance = variant.exceedance.probability(view)
        told["level"] = _of_level(truth[asked] > 0, chance[asked])
    return told


def _of_lead(truth: Floats, mean: Floats, band: Floats, now: Floats) -> dict[str, float]:
    known = np.isfinite(truth)
    truth, mean, band, now = truth[known], mean[known], band[known], now[known]
    if not len(truth):
        return {}
    return {
        "nse": round(nash_sutcliffe(truth, mean), 3),
        "persistence_index": round(persistence_index(truth, mean, now), 3),
        "coverage": round(coverage(truth, band[:, 0], band[:, -1]), 3),
    }


def _of_level(truth: Any, chance: Floats) -> dict[str, float]:
    if not truth.any():
        return {}
    said = score(truth, chance >= 0.4)
    return {
        "hours": int(truth.sum()),
        "detected": round(said.detected, 3),
        "false_alarm_ratio": round(said.false_alarm_ratio, 3),
        "critical_success": round(said.critical_success, 3),
        "brier_skill": round(brier_skill(truth, chance), 3),
    }


def _facts(learned: Learned, station: Station, record: Record) -> dict[str, Any]:
    """Parameters, and the floods on record for comparison."""
    c = learned.catchment
    return {
        "gr4h": {
            "production_mm": round(c.production_mm, 1),
            "exchange_mm_h": round(c.exchange_mm_h, 3),
            "routing_mm": round(c.routing_mm, 1),
            "base_h": round(c.base_h, 2),
        },
        "leads_h": list(LEADS_H),
        "rain_missing": round(record.rain_missing, 3),
        "events": past_events(station, record),
    }


def past_events(station: Station, record: Record, *, most: int = 40) -> list[dict[str, Any]]:
    """Floods on record: above the lowest level, else above what is exceeded 1 % of the time."""
    history = record.history
    known = history.discharge_mm_h[np.isfinite(history.discharge_mm_h)]
    level = float(np.quantile(known, 0.99)) if len(known) else np.inf
    found = events_above(history.discharge_mm_h, history.rain_mm_h, level)
    assert station.catchment is not None
    rating = Rating.of(station)
    highest = sorted(found, key=lambda event: -event.peak)[:most]
    return [
        {
            "at": _iso(record.hour(event.peak_row)),
            "peak_mm_h": round(event.peak, 4),
            "peak": round(float(rating.stage(
                np.array([event.peak * station.catchment.area_km2 / 3.6]))[0]), 2),
            "rain_mm": round(event.rain_mm, 1),
            "hours": event.last - event.first + 1,
        }
        for event in highest
    ]  # fmt: skip


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _progress(version: ModelVersion, begin: float, end: float) -> Callable[[float], None]:
    def tell(share: float) -> None:
        done = begin + (end - begin) * share
        ModelVersion.objects.filter(pk=version.pk).update(progress=round(done, 3))

    return tell


def retrain_old(*, older_than: timedelta = timedelta(days=90)) -> int:
    """Every station whose model is old gets a new one; called once a day."""
    begun = 0
    for station in Station.objects.forecasting().filter(rain_stations__isnull=False).distinct():
        active = ModelVersion.objects.active().filter(station=station).first()
        if active and active.trained_at and active.trained_at > clock.now() - older_than:
            continue
        failed = station.model_versions.filter(
            state=State.FAILED, created_at__gt=clock.now() - timedelta(days=7)
        )
        if failed.exists():
            continue
        try:
            start_training(station=station, actor="hazards")
        except Conflict:
            continue
        begun += 1
    return begun
