"""Rows ⇄ core: readings, hours and rain of stations as arrays, in the stations' own units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.base.units import convert
from apps.hazards.core.history import Floats, History, fill_rain
from apps.hazards.core.quality import Limits
from apps.hazards.models import Catchment, HourlyValue, Station
from devices.events import EPOCH

HOUR = timedelta(hours=1)

_READINGS = """
SELECT datastream_id, (extract(epoch FROM phenomenon_at) * 1000000)::bigint, result
FROM devices_observation
WHERE datastream_id = ANY(%s) AND phenomenon_at > %s AND phenomenon_at <= %s
ORDER BY datastream_id, phenomenon_at
"""
_HOURS = """
SELECT station_id, extract(epoch FROM hour_at - %s) / 3600, value
FROM hazards_hourlyvalue WHERE station_id = ANY(%s) AND hour_at >= %s AND hour_at < %s
"""


@dataclass(frozen=True, eq=False)
class Readings:
    """One station's readings in the order of time."""

    times_us: NDArray[np.int64]
    values: Floats

    def __len__(self) -> int:
        return len(self.values)

    def since(self, instant: datetime) -> "Readings":
        late = self.times_us > us(instant)
        return Readings(self.times_us[late], self.values[late])

    def until(self, instant: datetime) -> "Readings":
        early = self.times_us <= us(instant)
        return Readings(self.times_us[early], self.values[early])

    def last_at(self) -> datetime:
        return EPOCH + timedelta(microseconds=int(self.times_us[-1]))


NOTHING = Readings(np.empty(0, dtype=np.int64), np.empty(0))


def us(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000)


def read_readings(
    stations: Iterable[Station], *, after: datetime, to: datetime
) -> dict[int, Readings]:
    """By station id; stations want `datastream` selected. In the station's unit."""
    by_stream = {station.datastream_id: station for station in stations}
    with connection.cursor() as cursor:
        cursor.execute(_READINGS, [list(by_stream), after, to])
        rows = cursor.fetchall()
    found: dict[int, list[tuple[int, float]]] = {}
    for stream, at_us, result in rows:
        found.setdefault(stream, []).append((at_us, result))
    return {
        by_stream[stream].pk: _in_unit(by_stream[stream], pairs) for stream, pairs in found.items()
    }


def _in_unit(station: Station, pairs: Sequence[tuple[int, float]]) -> Readings:
    times, values = zip(*pairs, strict=True)
    one = convert(1.0, from_unit=station.datastream.unit, to_unit=station.unit)
    return Readings(np.array(times, dtype=np.int64), np.array(values, dtype=np.float64) * one)


_LIMITS = {
    Station.Kind.RAIN: Limits(low=0.0, high=150.0, flat_readings=18, still_below=0.0),
    Station.Kind.STAGE: Limits(low=-5.0, high=30.0, step_per_10_min=1.5, flat_readings=36),
    Station.Kind.DISCHARGE: Limits(low=0.0, high=50_000.0, flat_readings=36),
    Station.Kind.DEPTH: Limits(
        low=-0.05, high=10.0, step_per_10_min=1.5, flat_readings=60, still_below=0.02
    ),
    Station.Kind.RESERVOIR: Limits(low=-50.0, high=2_000.0, step_per_10_min=1.0, flat_readings=144),
}


def limits_of(station: Station) -> Limits:
    """The kind's limits, narrowed to what is known of this station."""
    usual = _LIMITS[Station.Kind(station.kind)]
    interval_s = station.datastream.expected_interval_s
    return Limits(
        low=usual.low if station.low is None else station.low,
        high=usual.high if station.high is None else station.high,
        step_per_10_min=(
            usual.step_per_10_min if station.step_per_10_min is None else station.step_per_10_min
        ),
        flat_readings=usual.flat_readings,
        still_below=usual.still_below,
        interval_s=interval_s or 600.0,
    )


# ---------------------------------------------------------------- hours


def read_hours(station_ids: Sequence[int], *, first: datetime, hours: int) -> dict[int, Floats]:
    """Hourly values from `first` on; NaN where there is none."""
    table = {pk: np.full(hours, np.nan) for pk in station_ids}
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, [first, list(station_ids), first, first + hours * HOUR])
        for pk, hour, value in cursor.fetchall():
            table[pk][round(float(hour))] = value
    return table


@dataclass(frozen=True, eq=False)
class Record:
    """A station's catchment, hour by hour from `first`."""

    first: datetime
    history: History
    rain_missing: float

    def hour(self, row: int) -> datetime:
        return self.first + row * HOUR


def read_record(station: Station, *, first: datetime, hours: int) -> Record:
    """Rain as the mean over the gauges that spoke, discharge through the rating table, evaporation
    from the catchment's months."""
    assert station.catchment is not None
    rain_ids = list(station.rain_stations.values_list("pk", flat=True))
    table = read_hours([*rain_ids, station.pk], first=first, hours=hours)
    rain, missing = fill_rain(_mean([table[pk] for pk in rain_ids], hours))
    flow = Rating.of(station).discharge(table[station.pk])
    return Record(
        first,
        History(
            rain,
            evaporation(station.catchment, first, hours),
            depth_mm_h(flow, station.catchment.area_km2),
        ),
        missing,
    )


def _mean(columns: Sequence[Floats], hours: int) -> Floats:
    if not columns:
        return np.full(hours, np.nan)
    stacked = np.stack(columns)
    told = np.isfinite(stacked)
    sums = np.where(told, stacked, 0.0).sum(axis=0)
    count = told.sum(axis=0)
    mean: Floats = np.where(count > 0, sums / np.maximum(count, 1), np.nan)
    return mean


def first_hour(station: Station) -> datetime | None:
    row = HourlyValue.objects.filter(station=station).order_by("hour_at").first()
    return row.hour_at if row else None


def evaporation(catchment: Catchment, first: datetime, hours: int) -> Floats:
    """The month's daily value, spread over the day as half a sine around local noon; local by the
    stars, which is near enough for water."""
    hour_at = first.timestamp() / 3600.0 + np.arange(hours)
    months = np.array([(first + int(h) * HOUR).month - 1 for h in range(0, hours, 24)])
    daily = np.array(catchment.evaporation_mm_day)[np.repeat(months, 24)[:hours]]
    noon_utc = 12.0 - _longitude(catchment) / 15.0
    sun = np.maximum(np.cos((hour_at % 24 - noon_utc) * np.pi / 12.0), 0.0)
    spread: Floats = daily * sun * np.pi / 24.0
    return spread


def _longitude(catchment: Catchment) -> float:
    station = catchment.stations.first()
    return float(station.geom.x) if station else 0.0


def depth_mm_h(flow_m3_s: Floats, area_km2: float) -> Floats:
    return flow_m3_s * 3.6 / area_km2


def flow_m3_s(depth: Floats, area_km2: float) -> Floats:
    return depth * area_km2 / 3.6


@dataclass(frozen=True, eq=False)
class Rating:
    """Stage ⇄ discharge by a station's table; identity where it tells discharge itself."""

    stage_m: Floats
    flow: Floats

    @classmethod
    def of(cls, station: Station) -> "Rating":
        rows = list(station.rating.values_list("stage_m", "discharge_m3_s"))
        if station.kind == Station.Kind.DISCHARGE or len(rows) < 2:
            return cls(np.empty(0), np.empty(0))
        stage, flow = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
        return cls(stage, np.maximum.accumulate(flow))

    def discharge(self, told: Floats) -> Floats:
        if not len(self.stage_m):
            return told
        return _line(told, self.stage_m, self.flow)

    def stage(self, flow: Floats) -> Floats:
        """What the station would tell at a discharge."""
        if not len(self.stage_m):
            return flow
        return _line(flow, self.flow, self.stage_m)


def _line(values: Floats, xs: Floats, ys: Floats) -> Floats:
    """Straight lines, the last one carried on above the table: floods don't end where it does."""
    inside = np.interp(values, xs, ys)
    slope = (ys[-1] - ys[-2]) / max(xs[-1] - xs[-2], 1e-9)
    return np.where(values > xs[-1], ys[-1] + slope * (values - xs[-1]), inside)
