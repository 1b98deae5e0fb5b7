"""Every new reading is looked at. What is over a threshold goes to the inbox whatever any forecast
says: this path knows of none."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.base import clock, live, work
from apps.base.units import convert
from apps.hazards.core.quality import Heartbeat, silence
from apps.hazards.core.watching import Verdict
from apps.hazards.models import (
    Cause,
    Flag,
    HazardKind,
    Level,
    QualityNote,
    Station,
    StationState,
    Urgency,
)
from apps.hazards.selectors.stations import TOPIC, station_rows
from apps.hazards.services.assessments import Finding, assess, end_assessment
from apps.hazards.services.flooded_streets import STREETS
from apps.hazards.services.places import place_of
from apps.hazards.services.ponding import PONDING
from apps.hazards.services.records import roll_up
from apps.hazards.services.sights import Seen, look
from apps.hazards.services.underpasses import close_underpasses
from apps.hazards.snapshot import HOUR, limits_of, us

WATCH = "hazards.watch"
SOURCE = "hazards.level"
# An assessment that nobody brings up to date any more ends by itself.
VALID = timedelta(hours=2)

_WRITE = """
UPDATE hazards_stationstate AS state
SET value = new.value, observed_at = new.at, flag = new.flag, cause = new.cause,
    level = new.level, change_1h = new.change, version = state.version + 1,
    changed_in = pg_current_xact_id()::text::bigint
FROM unnest(%s::bigint[], %s::float8[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],
            %s::float8[]) AS new (station_id, value, at, flag, cause, level, change)
WHERE state.station_id = new.station_id
  AND (state.observed_at IS NULL OR state.observed_at <= new.at)
"""


def watch(payload: Mapping[str, Any]) -> None:
    """Work handler: look at the stations that have just spoken."""
    watch_stations(payload["stations"])


@transaction.atomic
def watch_stations(station_ids: Sequence[int]) -> list[Seen]:
    """1. see · 2. note flaws · 3. keep the hours · 4. states and screens · 5. the inbox · 6. what
    the water stands in, as work of its own."""
    now = clock.now()
    stations = list(
        Station.objects.in_use()
        .filter(pk__in=station_ids)
        .select_related("datastream", "state", "catchment")
        .prefetch_related("rain_stations__datastream")
        .order_by("pk")
    )
    with translation.override(settings.LANGUAGE_CODE):
        seen = look(stations, now)
        _note(seen, now)
        keep_hours(stations, now)
        _write(seen)
        for one in seen:
            _tell(one)
        close_underpasses(seen)
    _follow_water(seen)
    live.announce(TOPIC, station_rows([one.station.pk for one in seen]))
    return seen


def _follow_water(seen: Sequence[Seen]) -> None:
    rain = [one.station.pk for one in seen if one.station.kind == Station.Kind.RAIN]
    rivers = [one.station.pk for one in seen if one.station.kind == Station.Kind.STAGE]
    if rain:
        work.enqueue(PONDING, {"stations": rain})
    if rivers:
        work.enqueue(STREETS, {"stations": rivers})


def keep_hours(stations: Sequence[Station], now: datetime) -> None:
    """The running hour and the one before, for what came late."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    scales = []
    for station in stations:
        limits = limits_of(station)
        factor = convert(1.0, from_unit=station.datastream.unit, to_unit=station.unit)
        scales.append((station.pk, factor, limits.low or 0.0, limits.high or 1e12))
    roll_up(scales, since=hour - HOUR, to=now)


def _write(seen: Sequence[Seen]) -> None:
    if not seen:
        return
    columns = [(s.station.pk, s.value, s.at, s.flag, s.cause, s.level, s.change_1h) for s in seen]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*columns, strict=True)])


def _note(seen: Sequence[Seen], now: datetime) -> None:
    """Open a note for each new flaw, close those that are over; clocks are judged elsewhere."""
    ids = [one.station.pk for one in seen]
    judged_here = QualityNote.objects.open().filter(station__in=ids).exclude(cause=Cause.CLOCK)
    known = {(note.station_id, note.cause): note for note in judged_here}
    wanted = {(one.station.pk, one.cause): one for one in seen if one.cause}
    over = [note.pk for key, note in known.items() if key not in wanted]
    QualityNote.objects.filter(pk__in=over).update(ended_at=now)
    QualityNote.objects.bulk_create(
        [
            QualityNote(
                station=one.station, cause=one.cause, flag=one.flag, detail=dict(one.detail),
                began_at=one.at,
            )
            for key, one in wanted.items()
            if key not in known and one.cause != Cause.CLOCK
        ],
        ignore_conflicts=True,
    )  # fmt: skip


# ---------------------------------------------------------------- the inbox


def _tell(seen: Seen) -> None:
    """Tell the inbox once for each change of level, worth or doubt."""
    station, told = seen.station, seen.station.state.told
    if seen.verdict is None:
        if told and seen.flag == Flag.GOOD:
            end_assessment(source=SOURCE, reference=station.code)
            _remember(station, "")
        return
    words = f"{seen.level}:{seen.verdict.certainty}:{seen.verdict.doubt}"
    if words == told:
        return
    assess(source=SOURCE, reference=station.code, finding=_finding(seen, seen.verdict))
    _remember(station, words)


def _remember(station: Station, words: str) -> None:
    StationState.objects.filter(pk=station.pk).update(told=words)
    station.state.told = words


def _finding(seen: Seen, verdict: Verdict) -> Finding:
    geom, buffer_m = place_of(seen.station, seen.value)
    inside = seen.station.kind == Station.Kind.DEPTH
    return Finding(
        kind=HazardKind.SURFACE_WATER if inside else HazardKind.FLOOD,
        summary=_summary(seen, verdict),
        geom=geom,
        buffer_m=buffer_m,
        severity=verdict.severity,
        certainty=verdict.certainty,
        urgency=Urgency.IMMEDIATE if verdict.may_alert else Urgency.UNKNOWN,
        depth_m=seen.value if inside else None,
        evidence=_evidence(seen, verdict),
        onset_at=seen.at,
        expires_at=seen.at + VALID,
    )


def _summary(seen: Seen, verdict: Verdict) -> str:
    facts = {
        "station": str(seen.station),
        "value": f"{seen.value:.2f} {seen.station.unit}",
        "level": str(Level(seen.level).label),
    }
    match verdict.doubt:
        case "no_rain":
            text = _("%(station)s shows %(value)s (%(level)s) without rain: cleaning, a test, or a "
                     "burst pipe?")  # fmt: skip
        case "quality":
            text = _("%(station)s shows %(value)s (%(level)s), but its reading is doubtful")
        case "alone":
            text = _("%(station)s shows %(value)s (%(level)s); no second sensor agrees")
        case _:
            text = _("%(station)s has reached the level “%(level)s”: %(value)s")
    return text % facts


def _evidence(seen: Seen, verdict: Verdict) -> list[dict[str, Any]]:
    station = seen.station
    at = seen.at.isoformat()
    facts: list[dict[str, Any]] = [
        {"title": str(station), "value": round(seen.value, 3), "unit": station.unit, "at": at,
         "link": f"/admin/hazards/station/{station.pk}/change/"},
        {"title": _("Hydrograph"), "value": "", "unit": "", "at": at,
         "link": f"/admin/hazards/station/{station.pk}/hydrograph.svg"},
    ]  # fmt: skip
    if seen.rain_mm_6h is not None:
        facts.append({"title": _("Rain in six hours"), "value": round(seen.rain_mm_6h, 1),
                      "unit": "mm", "at": at})  # fmt: skip
    if seen.agreeing:
        facts.append({"title": _("Gauges that rise with it"), "value": ", ".join(seen.agreeing)})
    if verdict.doubt:
        why = dict(Cause.choices).get(seen.cause or verdict.doubt, verdict.doubt)
        facts.append({"title": _("Doubt"), "value": str(why), "detail": dict(seen.detail)})
    return facts


# ---------------------------------------------------------------- silence


@transaction.atomic
def watch_silence() -> int:
    """Mark those that have gone silent. Returns how many. What they said last stands, flagged; it
    is neither zero nor an all-clear."""
    now = clock.now()
    states = (
        StationState.objects.exclude(flag=Flag.MISSING)
        .filter(observed_at__isnull=False, station__retired_at=None)
        .select_related("station__datastream", "station__heartbeat__last")
        .select_for_update(of=("self",), skip_locked=True)
    )
    quiet = [state for state in states if _is_silent(state, now)]
    for state in quiet:
        StationState.objects.filter(pk=state.pk).update(
            **StationState.touched(), flag=Flag.MISSING, cause=Cause.SILENT, change_1h=None
        )
    QualityNote.objects.bulk_create(
        [
            QualityNote(
                station_id=state.pk, cause=Cause.SILENT, flag=Flag.MISSING, began_at=now,
                detail={"last": state.observed_at.isoformat() if state.observed_at else None},
            )
            for state in quiet
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if quiet:
        live.announce(TOPIC, station_rows([state.pk for state in quiet]))
    return len(quiet)


def _is_silent(state: StationState, now: datetime) -> bool:
    station = state.station
    interval_s = float(station.datastream.expected_interval_s or 600)
    last = getattr(station.heartbeat, "last", None) if station.heartbeat else None
    if station.speaks_only_when_wet and station.heartbeat and station.heartbeat.expected_interval_s:
        interval_s = float(station.heartbeat.expected_interval_s)
    beat = Heartbeat(
        interval_s=interval_s,
        speaks_only_when_wet=station.speaks_only_when_wet and station.heartbeat is not None,
        line_heard_us=us(last.phenomenon_at) if last else None,
    )
    heard = us(state.observed_at) if state.observed_at else None
    return str(silence(heard, us(now), beat)) == Flag.MISSING.value
