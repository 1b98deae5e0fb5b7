"""Sums up observations by hour and day, and lets go of what was kept long enough.

Whoever stores an observation notes its hour in the same transaction (`HourToSum`). An hour that is
over is counted anew from its observations, whole: so late data, in any order, give the sums that
they would have given in time.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction

from apps.base import clock
from apps.city.models import City
from devices.ingest import partitions

NOTES_AT_ONCE = 500
_HOUR = timedelta(hours=1)
_LOCK = 0x524F4C4C  # one at a time: the later sum must be the newer one

_DAYS = "SELECT DISTINCT hour_at::date FROM devices_hourtosum WHERE hour_at <= %s"
_HOURS = """
WITH gone AS (
    DELETE FROM devices_hourtosum WHERE id IN (
        SELECT id FROM devices_hourtosum WHERE hour_at <= %s ORDER BY hour_at, id LIMIT %s)
    RETURNING hour_at, datastream_ids
), wanted AS MATERIALIZED (
    SELECT DISTINCT unnest(datastream_ids) AS datastream_id, hour_at FROM gone
)
INSERT INTO devices_hourlyrollup AS held
       (datastream_id, hour_at, n, low, high, total, first, last, changes)
SELECT wanted.datastream_id, wanted.hour_at, hour.* FROM wanted CROSS JOIN LATERAL (
    SELECT count(*), min(result), max(result), sum(result),
           (array_agg(result ORDER BY phenomenon_at))[1],
           (array_agg(result ORDER BY phenomenon_at DESC))[1],
           count(*) FILTER (WHERE result <> before_)
    FROM (SELECT phenomenon_at, result, lag(result) OVER (ORDER BY phenomenon_at) AS before_
          FROM devices_observation
          WHERE datastream_id = wanted.datastream_id AND phenomenon_at >= wanted.hour_at
            AND phenomenon_at < wanted.hour_at + interval '1 hour') AS step
) AS hour (n, low, high, total, first, last, changes)
WHERE hour.n > 0
ON CONFLICT (datastream_id, hour_at) DO UPDATE
SET n = excluded.n, low = excluded.low, high = excluded.high, total = excluded.total,
    first = excluded.first, last = excluded.last, changes = excluded.changes
RETURNING held.datastream_id, (held.hour_at AT TIME ZONE %s)::date
"""
_DAY = """
INSERT INTO devices_dailyrollup (datastream_id, day_on, n, low, high, total, first, last, changes)
SELECT wanted.*, day.* FROM (
    SELECT DISTINCT * FROM unnest(%(streams)s::integer[], %(days)s::date[])
) AS wanted (datastream_id, day_on) CROSS JOIN LATERAL (
    SELECT sum(n), min(low), max(high), sum(total), (array_agg(first ORDER BY hour_at))[1],
           (array_agg(last ORDER BY hour_at DESC))[1],
           sum(changes) + count(*) FILTER (WHERE first <> before_)
    FROM (SELECT *, lag(last) OVER (ORDER BY hour_at) AS before_ FROM devices_hourlyrollup
          WHERE datastream_id = wanted.datastream_id
            AND hour_at >= wanted.day_on::timestamp AT TIME ZONE %(zone)s
            AND hour_at < (wanted.day_on + 1)::timestamp AT TIME ZONE %(zone)s) AS hour
) AS day (n, low, high, total, first, last, changes)
ON CONFLICT (datastream_id, day_on) DO UPDATE
SET n = excluded.n, low = excluded.low, high = excluded.high, total = excluded.total,
    first = excluded.first, last = excluded.last, changes = excluded.changes
"""


def sum_up() -> int:
    """Sum up every hour that is over and has new observations. Returns how many sums of hours were
    written."""
    written = 0
    while more := _sum_some():
        written += more
    return written


@transaction.atomic
def _sum_some() -> int:
    over_at = clock.now() - _HOUR
    zone = _zone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_DAYS, [over_at])
        partitions.ensure([day for (day,) in cursor.fetchall()], of=partitions.HOURS)
        cursor.execute(_HOURS, [over_at, NOTES_AT_ONCE, zone])
        touched: list[tuple[int, date]] = cursor.fetchall()
        if touched:
            streams, days = zip(*touched, strict=True)
            cursor.execute(_DAY, {"streams": list(streams), "days": list(days), "zone": zone})
    return len(touched)


def _zone() -> str:
    return City.objects.values_list("time_zone", flat=True).first() or "UTC"


def keep_observations() -> int:
    """Let go of days that nobody may write to any more, once they are summed up; of hours later;
    of days never. Returns how many partitions."""
    sum_up()
    today_on = clock.now().date()
    # One day more than a gateway may be late: what was judged just in time may still be on its way.
    observed_on = today_on - timedelta(days=settings.OBSERVATIONS_KEPT_DAYS + 1)
    hours_on = today_on - timedelta(days=settings.HOURLY_ROLLUPS_KEPT_DAYS)
    return partitions.drop_before(observed_on, of=partitions.OBSERVATIONS) + partitions.drop_before(
        hours_on, of=partitions.HOURS
    )
