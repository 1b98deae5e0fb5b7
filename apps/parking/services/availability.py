"""Counts of pools brought up to date, and screens told of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from django.db import connection, transaction

from apps.base import clock, live
from apps.parking.core.counting import Counts, Flaw, Way, count
from apps.parking.models import Override, PoolState, Quality, Reservation
from apps.parking.selectors import rows_by_cell
from apps.parking.snapshot import (
    LockedPools,
    lock_pools,
    read_feeds,
    read_reports,
    write_counts,
)

TOPIC = "parking.sites:all"
CELLS = "parking.cells"

_BUMP = """
INSERT INTO parking_sitelive AS live (site_id, version, changed_in)
SELECT site_id, 1, pg_current_xact_id()::text::bigint
FROM unnest(%s::integer[]) AS site_id ORDER BY site_id
ON CONFLICT (site_id) DO UPDATE
SET version = live.version + 1, changed_in = excluded.changed_in
"""


@transaction.atomic
def refresh_pools(pool_ids: Sequence[int]) -> list[int]:
    """Count some pools anew from the last words of their feeds. Returns the sites that changed."""
    now = clock.now()
    pools = lock_pools(sorted(set(pool_ids)))
    if not len(pools.ids):
        return []
    counts = count(read_feeds(pools, now), pools.facts, read_reports(pools, now))
    counts = _with_bookings(counts, pools, now)
    changed = write_counts(pools, _with_overrides(counts, pools, now), now=now)
    tell_screens(changed)
    return changed


def _with_bookings(counts: Counts, pools: LockedPools, now: datetime) -> Counts:
    """Spaces kept for cars that have not come look free to every sensor; they are not."""
    kept = Reservation.objects.reserved_now(pools.ids.tolist(), now)
    if not kept:
        return counts
    more = np.array([kept.get(pool, 0) for pool in pools.ids.tolist()], dtype=np.int64)
    return replace(counts, occupied=np.minimum(counts.occupied + more, pools.total))


def _with_overrides(counts: Counts, pools: LockedPools, now: datetime) -> Counts:
    """What staff have counted holds until it runs out, whatever devices say."""
    staff = Override.objects.in_force(now).filter(
        kind=Override.Kind.COUNT, pool__in=pools.ids.tolist()
    )
    said = list(staff.order_by("starts_at"))
    if not said:
        return counts
    at = pools.places([override.pool_id for override in said if override.pool_id])
    columns = {name: column.copy() for name, column in vars(counts).items()}
    columns["occupied"][at] = [override.occupied for override in said]
    columns["at_us"][at] = [_us(override.starts_at) for override in said]
    columns["fresh_until_us"][at] = [_us(override.expires_at) for override in said]
    columns["way"][at], columns["flaw"][at] = int(Way.STAFF), int(Flaw.NONE)
    columns["confidence"][at] = 1.0
    return Counts(**columns)


def _us(instant: datetime) -> int:
    return int(instant.timestamp() * 1e6)


def tell_screens(site_ids: Sequence[int]) -> None:
    """Give the sites their next version and send their rows after commit."""
    if not site_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_BUMP, [list(site_ids)])
    by_cell = rows_by_cell(site_ids)
    live.announce(TOPIC, [row for rows in by_cell.values() for row in rows])
    for cell, rows in by_cell.items():
        live.announce(f"{CELLS}:{cell}", rows)


@transaction.atomic
def age_states() -> int:
    """Mark counts whose time is over as stale, and tell screens. Returns how many."""
    over = PoolState.objects.filter(quality=Quality.LIVE, fresh_until__lt=clock.now())
    aged = list(
        over.select_for_update(of=("self",), skip_locked=True).values_list(
            "pool_id", "pool__site_id"
        )
    )
    PoolState.objects.filter(pk__in=[pool for pool, _ in aged]).update(quality=Quality.STALE)
    tell_screens(sorted({site for _, site in aged}))
    return len(aged)
