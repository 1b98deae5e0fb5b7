"""Looking at stations: what each says now, what it is worth and why, and what stands beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from apps.hazards.core.clocks import REACH_H, datum_jump
from apps.hazards.core.quality import Judged, judge, wrong_rate, wrong_unit
from apps.hazards.core.watching import LEAST_RAIN_MM_6H, Sight, Verdict, verdict
from apps.hazards.models import Cause, Flag, QualityNote, Station
from apps.hazards.snapshot import NOTHING, Readings, limits_of, read_readings

LOOK_BACK = timedelta(hours=8)
RAIN_WINDOW = timedelta(hours=6)
REACH = timedelta(hours=REACH_H)
# A zero that moved less than this is lost among waves; a neighbour that moved more is moving.
LEAST_JUMP_M = 0.3
MOVES_M = 0.05
# Beyond so many times the highest level nothing is believed.
BELIEVED_LEVELS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A station at its newest reading."""

    station: Station
    value: float
    at: datetime
    flag: str
    cause: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    level: str = ""
    change_1h: float | None = None
    rain_mm_6h: float | None = None
    agreeing: Sequence[str] = ()
    verdict: Verdict | None = None


def look(stations: Sequence[Station], now: datetime) -> list[Seen]:
    """See the stations that have said anything in the last hours. They want `datastream` selected
    and `rain_stations__datastream` prefetched."""
    beside = _beside(stations)
    everyone = {station.pk: station for station in (*stations, *beside)}
    readings = read_readings(everyone.values(), after=now - LOOK_BACK, to=now)
    lags = _wrong_clocks(everyone)
    readings |= _put_right([everyone[pk] for pk in lags], lags, now)
    return [
        _see(station, readings, beside, now, wrong_clock=station.pk in lags)
        for station in stations
        if station.pk in readings
    ]


def _wrong_clocks(stations: Collection[int]) -> dict[int, int]:
    """Hours to add to the stamps of those whose clock was found to be wrong."""
    notes = QualityNote.objects.open().filter(cause=Cause.CLOCK, station__in=stations)
    return {note.station_id: int(note.detail.get("lag_h", 0)) for note in notes}


def _put_right(
    stations: Sequence[Station], lags: Mapping[int, int], now: datetime
) -> dict[int, Readings]:
    """Their readings at the instants they were really made, as far as they can be known now."""
    told = read_readings(stations, after=now - LOOK_BACK - REACH, to=now) if stations else {}
    right = {}
    for pk, own in told.items():
        moved = Readings(own.times_us + lags[pk] * 3_600_000_000, own.values)
        right[pk] = moved.until(now).since(now - LOOK_BACK)
    return {pk: own for pk, own in right.items() if len(own)}


def _beside(stations: Sequence[Station]) -> list[Station]:
    """Rain gauges that explain them, and gauges of the same catchments."""
    rain = {one.pk: one for station in stations for one in station.rain_stations.all()}
    catchments = {station.catchment_id for station in stations if station.catchment_id}
    same = Station.objects.in_use().filter(catchment__in=catchments).select_related("datastream")
    return [*rain.values(), *(one for one in same if one.pk not in rain)]


def _see(
    station: Station,
    readings: Mapping[int, Readings],
    beside: Sequence[Station],
    now: datetime,
    *,
    wrong_clock: bool,
) -> Seen:
    own = readings[station.pk]
    rain = _rain_mm(station, readings, now)
    agreeing = _moving(station, readings, beside)
    restless = bool(agreeing) or (rain or 0.0) >= LEAST_RAIN_MM_6H
    judged = judge(own.times_us, own.values, _limits(station), neighbours_move=restless)
    flag, cause, detail = _worth(station, own, judged, wrong_clock=wrong_clock)
    value = float(own.values[-1])
    level = station.level_of(value) if flag != Flag.BAD else ""
    return Seen(
        station=station,
        value=value,
        at=own.last_at(),
        flag=flag,
        cause=cause,
        detail=detail,
        level=level,
        change_1h=_change(own),
        rain_mm_6h=rain,
        agreeing=agreeing,
        verdict=_verdict(station, level, flag, rain, agreeing) if level else None,
    )


def _verdict(
    station: Station, level: str, flag: str, rain: float | None, agreeing: Sequence[str]
) -> Verdict:
    needs_rain = station.kind == Station.Kind.DEPTH
    return verdict(
        Sight(level, flag == Flag.GOOD, rain, bool(agreeing) if needs_rain else None, needs_rain)
    )


def _limits(station: Station) -> Any:
    limits = limits_of(station)
    highest = max(station.levels().values(), default=None)
    if station.high is not None or highest is None or limits.high is None:
        return limits
    return type(limits)(
        low=limits.low,
        high=min(limits.high, BELIEVED_LEVELS * highest),
        step_per_10_min=limits.step_per_10_min,
        flat_readings=limits.flat_readings,
        still_below=limits.still_below,
        interval_s=limits.interval_s,
    )


def _worth(
    station: Station, own: Readings, judged: Judged, *, wrong_clock: bool
) -> tuple[str, str, dict[str, Any]]:
    """The newest reading's flag, why, and what helps to mend it."""
    flag, cause = str(judged.flags[-1]), str(judged.causes[-1])
    if flag == Flag.BAD:
        return _beyond(station, own, cause)
    if wrong_clock:
        return Flag.SUSPECT, Cause.CLOCK, {}
    if flag != Flag.GOOD:
        return flag, cause, {"value": float(own.values[-1])}
    if station.kind in (Station.Kind.STAGE, Station.Kind.RESERVOIR):
        jump = datum_jump(own.values[judged.usable], least=LEAST_JUMP_M, window=12)
        if jump is not None:
            return Flag.SUSPECT, Cause.DATUM, {"by_m": round(jump.by, 2)}
    return Flag.GOOD, "", {}


def _beyond(station: Station, own: Readings, cause: str) -> tuple[str, str, dict[str, Any]]:
    """Beyond what can be: perhaps only in another unit."""
    levels = station.levels()
    if levels:
        unit = wrong_unit(
            own.values, typical=0.5 * min(levels.values()), highest=max(levels.values())
        )
        if unit:
            return Flag.BAD, Cause.UNIT, {"unit": unit, "expected": station.unit}
    return Flag.BAD, cause, {"value": float(own.values[-1])}


def rate_of(station: Station, own: Readings) -> float | None:
    """The interval a station really speaks at, where it is not the agreed one."""
    agreed = station.datastream.expected_interval_s
    if not agreed or station.speaks_only_when_wet:
        return None
    return wrong_rate(own.times_us, float(agreed))


def _rain_mm(station: Station, readings: Mapping[int, Readings], now: datetime) -> float | None:
    """The most that any of its rain gauges caught in six hours; None if none of them speaks."""
    sums = [
        float(np.nansum(readings[gauge.pk].since(now - RAIN_WINDOW).values.clip(0.0, 150.0)))
        for gauge in station.rain_stations.all()
        if gauge.pk in readings
    ]
    return max(sums, default=None)


def _moving(
    station: Station, readings: Mapping[int, Readings], beside: Sequence[Station]
) -> list[str]:
    """Other gauges of water in its catchment that have risen, too."""
    return sorted(
        other.code
        for other in beside
        if other.pk != station.pk
        and other.kind != Station.Kind.RAIN
        and other.catchment_id == station.catchment_id
        and _rise(readings.get(other.pk, NOTHING)) > MOVES_M
    )


def _rise(own: Readings) -> float:
    return float(own.values[-1] - own.values.min()) if len(own) else 0.0


def _change(own: Readings) -> float | None:
    hour_ago = own.times_us[-1] - 3_600_000_000
    before = np.flatnonzero(own.times_us <= hour_ago)
    return float(own.values[-1] - own.values[before[-1]]) if len(before) else None
