"""Reads of parking: sites with their pools as every screen shows them.

One statement yields a site with all its pools; the lean door sends the same statement through a
pool of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from apps.base import clock
from apps.parking.core.shown import PoolFacts, SiteFacts, shown

_POOLS = """
SELECT coalesce(json_agg(json_build_array(
    pool.category, pool.total, state.occupied, coalesce(state.flaw, ''),
    coalesce(state.source, ''), extract(epoch FROM state.observed_at),
    extract(epoch FROM state.fresh_until)) ORDER BY pool.category), '[]')
FROM parking_capacitypool AS pool
LEFT JOIN parking_poolstate AS state ON state.pool_id = pool.id
WHERE pool.site_id = site.id
"""
# json, not jsonb: Django leaves jsonb undecoded in plain cursors.
SITES = f"""
SELECT site.code, coalesce(live.version, 0) AS version, site.names::json AS names, site.kind,
       ST_X(site.geom) AS lon, ST_Y(site.geom) AS lat, site.closed, site.covered,
       site.approximate, site.max_height_m,
       site.retired_at IS NOT NULL AS gone, ({_POOLS}) AS pools
FROM parking_parkingsite AS site
LEFT JOIN parking_sitelive AS live ON live.site_id = site.id
"""  # noqa: S608
_SITE_FIELDS = (
    "code", "version", "names", "kind", "lon", "lat", "closed", "covered", "approximate",
    "max_height_m", "gone",
)  # fmt: skip
CHOSEN = f"{SITES} WHERE site.id = ANY(%s) ORDER BY site.id"
PRESENT = f"{SITES} WHERE site.retired_at IS NULL ORDER BY site.id"
CHANGED = f"{SITES} WHERE live.changed_in >= %s ORDER BY site.id"
# The nearest by the index on metres first; only those few are then put together.
NEARBY = f"""
WITH here AS (SELECT city_metres(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)) AS point),
near AS MATERIALIZED (
    SELECT id, geom_m <-> (SELECT point FROM here) AS distance_m
    FROM parking_parkingsite AS site
    WHERE retired_at IS NULL AND (%(category)s::text IS NULL OR EXISTS (
        SELECT FROM parking_capacitypool AS pool
        WHERE pool.site_id = site.id AND pool.category = %(category)s))
    ORDER BY geom_m <-> (SELECT point FROM here) LIMIT %(limit)s
)
SELECT record.*, near.distance_m FROM near
CROSS JOIN LATERAL ({SITES} WHERE site.id = near.id) AS record
WHERE near.distance_m <= %(max_m)s
ORDER BY near.distance_m, near.id
"""  # noqa: S608


def facts_of(record: Sequence[Any]) -> SiteFacts:
    """A record of `SITES` as facts."""
    *site, pools = record
    return SiteFacts(**dict(zip(_SITE_FIELDS, site, strict=True)), pools=_pools(pools))


def _pools(records: list[list[Any]]) -> tuple[PoolFacts, ...]:
    return tuple(
        PoolFacts(category, total, occupied, flaw, source, _instant(observed_s), _instant(fresh_s))
        for category, total, occupied, flaw, source, observed_s, fresh_s in records
    )


def _instant(epoch_s: float | None) -> datetime | None:
    return None if epoch_s is None else datetime.fromtimestamp(epoch_s, UTC)


def site_rows(site_ids: Iterable[int]) -> list[dict[str, Any]]:
    """The rows of some sites by primary key, gone ones as gone."""
    return _rows(CHOSEN, [list(site_ids)])


class SitesSource:
    """The live topic `parking.sites:all`."""

    def rows(self, key: str, *, since: int | None) -> list[dict[str, Any]]:
        if key != "all":
            raise KeyError(key)
        return _rows(PRESENT, []) if since is None else _rows(CHANGED, [since])


sites_source = SitesSource()


def _rows(query: str, params: list[Any]) -> list[dict[str, Any]]:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return [shown(facts_of(record), now) for record in cursor.fetchall()]
