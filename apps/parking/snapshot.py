"""Rows ⇄ core: what the feeds of some pools last said, as arrays, and the counts back again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from apps.base import columns
from apps.parking.core.counting import NEVER_US, Counts, Feeds, Flaw, Integers, Role, Way
from apps.parking.models import PoolFeed

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
WAYS = {Way.COUNT: "count", Way.BAYS: "bays", Way.GATES: "gates"}

# Locked in one order, so that two batches for the same pools wait instead of clashing.
_LOCK = """
SELECT state.pool_id, pool.site_id, pool.total, state.anchor_occupied
FROM parking_poolstate AS state JOIN parking_capacitypool AS pool ON pool.id = state.pool_id
WHERE state.pool_id = ANY(%s::integer[])
ORDER BY state.pool_id
FOR UPDATE OF state
"""
# A feed that is stuck or flaps is not believed; one that is silent goes stale by itself.
_FEEDS = """
SELECT feed.pool_id, feed.role, coalesce(last.total, last.result),
       (extract(epoch FROM last.phenomenon_at) * 1000000)::bigint,
       coalesce(stream.expected_interval_s * %s, %s), feed.anchor_count
FROM parking_poolfeed AS feed
JOIN devices_lastobservation AS last USING (datastream_id)
JOIN devices_datastream AS stream ON stream.id = feed.datastream_id
WHERE feed.pool_id = ANY(%s::integer[]) AND NOT EXISTS (
    SELECT FROM devices_alarm AS alarm
    WHERE alarm.datastream_id = feed.datastream_id AND alarm.closed_at IS NULL
      AND alarm.kind IN ('stuck', 'flapping'))
ORDER BY feed.pool_id, feed.datastream_id
"""
_WRITE = """
UPDATE parking_poolstate AS state
SET occupied = said.occupied, flaw = said.flaw, source = said.source, quality = said.quality,
    observed_at = said.observed_at, fresh_until = said.fresh_until
FROM (
    SELECT pool_id, occupied, (%s::text[])[flaw + 1] AS flaw, (%s::text[])[way + 1] AS source,
           observed_at, fresh_until,
           CASE WHEN fresh_until >= %s THEN 'live' ELSE 'stale' END AS quality
    FROM unnest(%s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::timestamptz[],
                %s::timestamptz[])
         AS column_(pool_id, occupied, flaw, way, observed_at, fresh_until)
) AS said
WHERE state.pool_id = said.pool_id
  AND (state.occupied, state.flaw, state.source, state.quality, state.observed_at,
       state.fresh_until)
      IS DISTINCT FROM (said.occupied, said.flaw, said.source, said.quality, said.observed_at,
                        said.fresh_until)
RETURNING state.pool_id
"""


@dataclass(frozen=True)
class LockedPools:
    """Pools under this transaction's lock."""

    ids: Integers
    site_ids: Integers
    total: Integers
    anchor_occupied: Integers


def lock_pools(pool_ids: Sequence[int]) -> LockedPools:
    with columns.cursor() as cursor:
        cursor.execute(_LOCK, [columns.Integers(np.array(pool_ids))])
        rows = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 4)
    return LockedPools(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3])


def read_feeds(pools: LockedPools) -> Feeds:
    """A statement of its own, after the lock: it sees what others committed while we waited."""
    with columns.cursor() as cursor:
        cursor.execute(
            _FEEDS, [FRESH_INTERVALS, FRESH_WITHOUT_INTERVAL_S, columns.Integers(pools.ids)]
        )
        rows = cursor.fetchall()
    pool, role, value, at_us, fresh_s, anchor = zip(*rows, strict=True) if rows else ((),) * 6
    return Feeds(
        pool=np.searchsorted(pools.ids, np.array(pool, dtype=np.int64)),
        role=np.array([_ROLES[PoolFeed.Role(name)] for name in role], dtype=np.int64),
        value=np.array(value, dtype=np.float64),
        at_us=np.array(at_us, dtype=np.int64),
        fresh_for_us=np.array(fresh_s, dtype=np.int64) * 1_000_000,
        anchor_count=np.array(anchor, dtype=np.float64),
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
                columns.Instants(counts.at_us[heard]),
                columns.Instants(counts.fresh_until_us[heard]),
            ],
        )
        changed = np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
    return sorted({int(site) for site in pools.site_ids[np.isin(pools.ids, changed)]})
