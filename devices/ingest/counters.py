"""Counters only grow, until their device starts again from nothing.

What was counted in all is the sum of the steps between neighbours in time: later − earlier, or the
later value itself where the counter had started again (Prometheus' `increase` sees it the same
way). New rows change only the steps beside them, so the sum is kept up with a look at neighbours,
and is the same for every order of arrival.
"""

import numpy as np

from apps.base import columns
from devices.ingest.streams import Flags, Streams
from devices.ingest.validate import Good

# A counter that restarts is nearly empty; one that falls by less than this has miscounted.
RESTART_SHARE = 0.1

_LAST = """
SELECT datastream_id, (extract(epoch FROM phenomenon_at) * 1000000)::bigint, result
FROM devices_lastobservation WHERE datastream_id = ANY(%s::integer[])
"""
_TOTALS = """
WITH new AS MATERIALIZED (
    SELECT * FROM unnest(%s::integer[], %s::timestamptz[]) AS new_(datastream_id, phenomenon_at)
), span AS (
    SELECT datastream_id, min(phenomenon_at) AS first_at, max(phenomenon_at) AS last_at
    FROM new GROUP BY datastream_id
), neighbourhood AS (
    SELECT row_.*, EXISTS (
        SELECT FROM new WHERE new.datastream_id = row_.datastream_id
                          AND new.phenomenon_at = row_.phenomenon_at) AS is_new
    FROM span CROSS JOIN LATERAL (
        (SELECT datastream_id, phenomenon_at, result FROM devices_observation AS o
         WHERE o.datastream_id = span.datastream_id AND o.phenomenon_at < span.first_at
         ORDER BY o.phenomenon_at DESC LIMIT 1)
        UNION ALL
        SELECT datastream_id, phenomenon_at, result FROM devices_observation AS o
        WHERE o.datastream_id = span.datastream_id
          AND o.phenomenon_at BETWEEN span.first_at AND span.last_at
        UNION ALL
        (SELECT datastream_id, phenomenon_at, result FROM devices_observation AS o
         WHERE o.datastream_id = span.datastream_id AND o.phenomenon_at > span.last_at
         ORDER BY o.phenomenon_at LIMIT 1)
    ) AS row_
), steps AS (
    SELECT datastream_id, is_new, result,
           lag(result) OVER all_rows AS before_,
           CASE WHEN NOT is_new THEN lag(result) OVER old_rows END AS before_among_old
    FROM neighbourhood
    WINDOW all_rows AS (PARTITION BY datastream_id ORDER BY phenomenon_at),
           old_rows AS (PARTITION BY datastream_id, is_new ORDER BY phenomenon_at)
), grown AS (
    SELECT datastream_id,
           sum(CASE WHEN result >= before_ THEN result - before_ ELSE result END)
           - coalesce(sum(CASE WHEN result >= before_among_old THEN result - before_among_old
                               ELSE result END) FILTER (WHERE NOT is_new), 0) AS by_
    FROM steps GROUP BY datastream_id
)
UPDATE devices_lastobservation AS last SET total = coalesce(last.total, 0) + grown.by_
FROM grown WHERE last.datastream_id = grown.datastream_id
"""


def backwards(good: Good, known: Streams) -> Flags:
    """Rows that fall behind what was counted before them, and are no restart."""
    falling = np.zeros(len(good), dtype=np.bool_)
    counting = np.flatnonzero(known.counts[good.position])
    if not len(counting):
        return falling
    held = _last_values(good.only(known.counts[good.position]))
    for n in counting:
        stream = int(good.ids[n])
        last_us, last = held.get(stream, (-1, 0.0))
        if good.times_us[n] <= last_us:
            continue  # late: what came after it is known, and stands
        value = float(good.results[n])
        falling[n] = RESTART_SHARE * last < value < last
        if not falling[n]:
            held[stream] = (int(good.times_us[n]), value)
    return falling


def _last_values(good: Good) -> dict[int, tuple[int, float]]:
    with columns.cursor() as cursor:
        cursor.execute(_LAST, [columns.Integers(np.unique(good.ids))])
        return {stream: (at_us, result) for stream, at_us, result in cursor.fetchall()}


def add_up(new: Good, known: Streams) -> None:
    """Bring the totals of counters up to date after new rows were stored."""
    counting = new.only(known.counts[new.position])
    if len(counting):
        with columns.cursor() as cursor:
            cursor.execute(
                _TOTALS, [columns.Integers(counting.ids), columns.Instants(counting.times_us)]
            )
