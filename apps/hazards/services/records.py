"""The hourly record that forecasts learn from, kept up while readings come, filled from files."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from apps.hazards.models import HourlyValue, Station

_ROLL_UP = """
INSERT INTO hazards_hourlyvalue (station_id, hour_at, value, readings)
SELECT s.id, date_trunc('hour', o.phenomenon_at - interval '1 microsecond', 'UTC') AS hour_at,
       CASE WHEN s.kind = 'rain' THEN sum(o.result * u.factor) ELSE avg(o.result * u.factor) END,
       count(*)
FROM hazards_station s
JOIN unnest(%s::bigint[], %s::float8[], %s::float8[], %s::float8[])
     AS u (station_id, factor, low, high) ON u.station_id = s.id
JOIN devices_observation o ON o.datastream_id = s.datastream_id
WHERE o.phenomenon_at > %s AND o.phenomenon_at <= %s
  AND o.result * u.factor BETWEEN u.low AND u.high
GROUP BY s.id, s.kind, 2
ON CONFLICT (station_id, hour_at)
DO UPDATE SET value = excluded.value, readings = excluded.readings
"""
MOST_ERRORS = 50


def roll_up(
    scales: Sequence[tuple[int, float, float, float]], *, since: datetime, to: datetime
) -> None:
    """Bring the hours from `since` (a full hour) to `to` up to date. `scales`: station, factor to
    its unit, least and greatest believable value; what is beyond is no part of the record.

    An hour runs from its first instant (not included) to the next hour's (included), as gauges
    stamp the end of an interval.
    """
    if not scales:
        return
    ids, factors, lows, highs = (list(column) for column in zip(*scales, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_ROLL_UP, [ids, factors, lows, highs, since, to])


@dataclass(frozen=True, slots=True)
class RowError:
    line: int
    reason: str


def import_hours(*, station: Station, lines: Iterable[str]) -> tuple[int, list[RowError]]:
    """A record from a CSV with the columns `at` (with its time zone) and `value` in the station's
    unit. Returns how many hours were written and what was wrong with the other lines."""
    rows: dict[datetime, float] = {}
    errors: list[RowError] = []
    for number, line in enumerate(csv.DictReader(lines), start=2):
        try:
            rows[_hour(line.get("at") or "")] = float(line.get("value") or "")
        except ValueError as error:
            if len(errors) < MOST_ERRORS:
                errors.append(RowError(number, str(error)))
    return write_hours(station, rows.items()), errors


def write_hours(station: Station, rows: Iterable[tuple[datetime, float]]) -> int:
    written = HourlyValue.objects.bulk_create(
        [HourlyValue(station=station, hour_at=at, value=value) for at, value in rows],
        batch_size=5_000,
        update_conflicts=True,
        unique_fields=["station", "hour_at"],
        update_fields=["value"],
    )
    return len(written)


def _hour(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(_("A time needs its time zone: %s") % text)
    if at - timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) != at:
        raise ValueError(_("Full hours only: %s") % text)
    return at
