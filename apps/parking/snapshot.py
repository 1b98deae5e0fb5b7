"""Rows ⇄ core: what the feeds of some pools last said, as arrays, and the counts back again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from apps.base import columns
from apps.parking.core.counting import NEVER_US, Counts, Feeds, Flaw, Pools, Reports, Role, Way
from apps.parking.core.voices import Integers
from apps.parking.models import CitizenReport, PoolFeed

# A word is the present for three expected intervals; of feeds without one, ten minutes.
FRESH_INTERVALS = 3
FRESH_WITHOUT_INTERVAL_S = 600

_ROLES = {
    PoolFeed.Role.FREE: Role.FREE,
    PoolFeed.Role.OCCUPIED: Role.OCCUPIED,
    PoolFeed.Role.GATE_IN: Role.GATE_IN,
    PoolFeed.Role.GATE_OUT: Role.GATE_OUT,
    PoolFeed.Role.BAY: Role.BAY,
}
FLAWS = {Flaw.NONE: "", Flaw.NEGATIVE: "negative", Flaw.OVER_CAPACITY: "over_capacity"}
WAYS = {way: way.name.lower() for way in Way}
# Citizens' words are heard for half an hour.
REPORTS_HEARD = timedelta(minutes=30)

# Locked in one order, so that two batches for the same pools wait instead of clashing.
_LOCK = """
SELECT state.pool_id, pool.site_id, pool.total, state.anchor_occupied,
       (extract(epoch FROM state.anchored_at) * 1000000)::bigint, state.gate_error
FROM parking_poolstate AS state JOIN parking_capacitypool AS pool ON pool.id = state.pool_id
WHERE state.pool_id = ANY(%s::integer[])
ORDER BY state.pool_id
FOR UPDATE OF state
"""
# A feed that gave itself away is not believed, unless staff say so; a silent one goes stale. What a
# camera that cannot see said before says nothing of now, whatever staff say.
_FEEDS = """
SELECT feed.pool_id, feed.role, coalesce(last.total, last.result),
       (extract(epoch FROM last.phenomenon_at) * 1000000)::bigint,
       coalesce(stream.expected_interval_s * %s, %s), feed.anchor_count, feed.trust,
       coalesce(feed.bay_id, -1)
FROM parking_poolfeed AS feed
JOIN devices_lastobservation AS last USING (datastream_id)
JOIN devices_datastream AS stream ON stream.id = feed.datastream_id
LEFT JOIN LATERAL (
    SELECT kind FROM parking_override AS said
    WHERE said.feed_id = feed.datastream_id AND said.ended_at IS NULL
      AND said.starts_at <= %s AND said.expires_at > %s
    ORDER BY said.starts_at DESC LIMIT 1
) AS staff ON true
WHERE feed.pool_id = ANY(%s::integer[])
  AND staff.kind IS DISTINCT FROM 'exclude'
  AND NOT EXISTS (
    SELECT FROM devices_alarm AS alarm
    JOIN devices_datastream AS eye ON eye.id = alarm.datastream_id
    WHERE alarm.kind = 'blind' AND alarm.closed_at IS NULL AND eye.thing_id = stream.thing_id)
  AND (staff.kind = 'include' OR NOT EXISTS (
    SELECT FROM devices_alarm AS alarm
    WHERE alarm.datastream_id = feed.datastream_id AND alarm.closed_at IS NULL
      AND alarm.kind IN ('stuck', 'flapping')
    UNION ALL
    SELECT FROM parking_exclusion AS gone
    WHERE gone.feed_id = feed.datastream_id AND gone.back_at IS NULL))
ORDER BY feed.pool_id, feed.datastream_id
"""
_WRITE = """
UPDATE parking_poolstate AS state
SET occupied = said.occupied, flaw = said.flaw, source = said.source, quality = said.quality,
    confidence = said.confidence, observed_at = said.observed_at, fresh_until = said.fresh_until
FROM (
    SELECT pool_id, occupied, (%s::text[])[flaw + 1] AS flaw, (%s::text[])[way + 1] AS source,
           confidence, observed_at, fresh_until,
           CASE WHEN fresh_until >= %s THEN 'live' ELSE 'stale' END AS quality
    FROM unnest(%s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::float8[],
                %s::timestamptz[], %s::timestamptz[])
         AS column_(pool_id, occupied, flaw, way, confidence, observed_at, fresh_until)
) AS said
WHERE state.pool_id = said.pool_id
  AND (state.occupied, state.flaw, state.source, state.quality, state.confidence,
       state.observed_at, state.fresh_until)
      IS DISTINCT FROM (said.occupied, said.flaw, said.source, said.quality, said.confidence,
                        said.observed_at, said.fresh_until)
RETURNING state.pool_id
"""

# Nobody who is believed speaks for them any more.
_UNKNOWN = """
UPDATE parking_poolstate
SET occupied = NULL, quality = 'unknown', source = '', flaw = '', confidence = 0,
    observed_at = NULL, fresh_until = NULL
WHERE pool_id = ANY(%s::integer[]) AND occupied IS NOT NULL RETURNING pool_id
"""


@dataclass(frozen=True)
class LockedPools:
    """Pools under this transaction's lock."""

    ids: Integers
    site_ids: Integers
    facts: Pools

    @property
    def total(self) -> Integers:
        return self.facts.total

    def places(self, pool_ids: Sequence[int]) -> Integers:
        """Where some of these pools stand in the arrays."""
        return np.searchsorted(self.ids, np.array(pool_ids, dtype=np.int64))


def lock_pools(pool_ids: Sequence[int]) -> LockedPools:
    with columns.cursor() as cursor:
        cursor.execute(_LOCK, [columns.Integers(np.array(pool_ids))])
        rows = cursor.fetchall()
    pool, site, total, anchor, anchored_us, error = zip(*rows, strict=True) if rows else ((),) * 6
    return LockedPools(
        np.array(pool, dtype=np.int64),
        np.array(site, dtype=np.int64),
        Pools(
            total=np.array(total, dtype=np.int64),
            anchor_occupied=np.array(anchor, dtype=np.int64),
            anchored_us=np.array([NEVER_US if us is None else us for us in anchored_us], np.int64),
            gate_error=np.array(error, dtype=np.float64),
        ),
    )


def read_feeds(pools: LockedPools, now: datetime) -> Feeds:
    """A statement of its own, after the lock: it sees what others committed while we waited."""
    heard = [FRESH_INTERVALS, FRESH_WITHOUT_INTERVAL_S, now, now, columns.Integers(pools.ids)]
    with columns.cursor() as cursor:
        cursor.execute(_FEEDS, heard)
        rows = cursor.fetchall()
    pool, role, value, at_us, fresh_s, anchor, trust, bay = (
        zip(*rows, strict=True) if rows else ((),) * 8
    )
    return Feeds(
        pool=pools.places(pool),
        role=np.array([_ROLES[PoolFeed.Role(name)] for name in role], dtype=np.int64),
        value=np.array(value, dtype=np.float64),
        at_us=np.array(at_us, dtype=np.int64),
        fresh_for_us=np.array(fresh_s, dtype=np.int64) * 1_000_000,
        anchor_count=np.array(anchor, dtype=np.float64),
        trust=np.array(trust, dtype=np.float64),
        bay=np.array(bay, dtype=np.int64),
    )


def read_reports(pools: LockedPools, now: datetime) -> Reports:
    rows = CitizenReport.objects.filter(
        pool__in=pools.ids.tolist(), reported_at__gt=now - REPORTS_HEARD
    ).values_list("pool_id", "says", "reported_at")
    said = list(rows.order_by("pk"))
    return Reports(
        pool=pools.places([pool for pool, _, _ in said]),
        full=np.array([says == CitizenReport.Says.FULL for _, says, _ in said], dtype=np.bool_),
        at_us=np.array([int(at.timestamp() * 1e6) for _, _, at in said], dtype=np.int64),
    )


def write_counts(pools: LockedPools, counts: Counts, *, now: datetime) -> list[int]:
    """Write what changed. Returns the primary keys of the sites whose pools did."""
    heard = counts.at_us != NEVER_US
    with columns.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                [FLAWS[flaw] for flaw in Flaw],
                [WAYS[way] for way in Way],
                now,
                columns.Integers(pools.ids[heard]),
                columns.Integers(counts.occupied[heard]),
                columns.Integers(counts.flaw[heard]),
                columns.Integers(counts.way[heard]),
                columns.Reals(counts.confidence[heard]),
                columns.Instants(counts.at_us[heard]),
                columns.Instants(counts.fresh_until_us[heard]),
            ],
        )
        rows = cursor.fetchall()
        if not heard.all():
            cursor.execute(_UNKNOWN, [columns.Integers(pools.ids[~heard])])
            rows += cursor.fetchall()
    changed = np.array([row[0] for row in rows], dtype=np.int64)
    return sorted({int(site) for site in pools.site_ids[np.isin(pools.ids, changed)]})
