"""Reads of parking: sites with their pools as every screen shows them.

One statement yields a site with all its pools; the lean door sends the same statement through a
pool of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.base import clock
from apps.base.cards import Card
from apps.parking.core.arrival import Curve
from apps.parking.core.cells import bounds_of, cell_of
from apps.parking.core.prospects import Arrival, Prospect, arrival
from apps.parking.core.shown import PoolFacts, SiteFacts, shown
from apps.parking.models import CapacityPool, Exclusion, PoolOutlook, Reservation

_POOLS = """
SELECT coalesce(json_agg(json_build_array(
    pool.category, pool.total, state.occupied, coalesce(state.flaw, ''),
    coalesce(state.source, ''), extract(epoch FROM state.observed_at),
    extract(epoch FROM state.fresh_until), coalesce(state.confidence, 0)
) ORDER BY pool.category), '[]')
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
_IN_CELL = "site.geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
PRESENT_IN_CELL = f"{SITES} WHERE site.retired_at IS NULL AND {_IN_CELL} ORDER BY site.id"
CHANGED_IN_CELL = f"{SITES} WHERE live.changed_in >= %s AND {_IN_CELL} ORDER BY site.id"
# What is needed to judge an arrival: the forecast of the next hours, prices, cars on their way.
_PROSPECT = """
SELECT json_build_array(
    extract(epoch FROM outlook.made_at), outlook.minutes[1:8], outlook.expected[1:8],
    outlook.low[1:8], outlook.high[1:8], outlook.prices::json, (
        SELECT sum(0.8 * power(2, -greatest(
            extract(epoch FROM %(now)s::timestamptz - car.arrives_at), 0) / 300))
        FROM parking_guidance AS car
        WHERE car.pool_id = pool.id AND car.ended_at IS NULL
          AND car.arrives_at > %(now)s::timestamptz - interval '20 minutes'))
FROM parking_capacitypool AS pool
LEFT JOIN parking_pooloutlook AS outlook ON outlook.pool_id = pool.id
WHERE pool.site_id = site.id AND pool.category = %(category)s
"""
# The nearest by the index on metres first; only those few are then put together.
NEARBY = f"""
WITH here AS (SELECT city_metres(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)) AS point),
start AS (SELECT city_metres(ST_SetSRID(ST_MakePoint(%(from_lon)s, %(from_lat)s), 4326)) AS point),
near AS MATERIALIZED (
    SELECT id, geom_m, geom_m <-> (SELECT point FROM here) AS distance_m
    FROM parking_parkingsite AS site
    WHERE retired_at IS NULL AND NOT closed
      AND (NOT %(covered)s OR site.covered)
      AND (%(height_m)s::float8 IS NULL OR site.max_height_m IS NULL
           OR site.max_height_m >= %(height_m)s)
      AND EXISTS (SELECT FROM parking_capacitypool AS pool
                  WHERE pool.site_id = site.id AND pool.category = %(category)s)
    ORDER BY geom_m <-> (SELECT point FROM here) LIMIT %(candidates)s
)
SELECT record.*, ({_PROSPECT}) AS prospect, near.distance_m, ST_X(near.geom_m),
       ST_Y(near.geom_m), near.geom_m <-> (SELECT point FROM start)
FROM near
JOIN parking_parkingsite AS site ON site.id = near.id
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
        PoolFacts(
            category, total, occupied, flaw, source, _instant(observed_s), _instant(fresh_s), sure
        )
        for category, total, occupied, flaw, source, observed_s, fresh_s, sure in records
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


class CellsSource:
    """The live topics `parking.cells:13/x/y`: what lies in one cell of the map."""

    def rows(self, key: str, *, since: int | None) -> list[dict[str, Any]]:
        try:
            bounds = bounds_of(key)
        except ValueError as error:
            raise KeyError(key) from error
        if since is None:
            return _rows(PRESENT_IN_CELL, [*bounds])
        return _rows(CHANGED_IN_CELL, [since, *bounds])


cells_source = CellsSource()


def rows_by_cell(site_ids: Iterable[int]) -> dict[str, list[dict[str, Any]]]:
    """The rows of some sites by the cell of the map they lie in."""
    now = clock.now()
    found: dict[str, list[dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN, [list(site_ids)])
        for record in cursor.fetchall():
            site = facts_of(record)
            found.setdefault(cell_of(site.lon, site.lat), []).append(shown(site, now))
    return found


def _rows(query: str, params: list[Any]) -> list[dict[str, Any]]:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return [shown(facts_of(record), now) for record in cursor.fetchall()]


# ---------------------------------------------------------------- what will be

_AHEAD = f"""
SELECT ({_PROSPECT.replace("[1:8]", "")}) FROM parking_parkingsite AS site WHERE id = %(site)s
"""  # noqa: S608


def prospect_of(packed: Sequence[Any]) -> Prospect:
    """What `_PROSPECT` packs."""
    made_s, minutes, expected, low, high, prices, coming = packed
    if made_s is None:
        return Prospect(coming=coming or 0.0)
    made_at = datetime.fromtimestamp(made_s, UTC)
    return Prospect(Curve(minutes, expected, low, high), made_at, prices, coming or 0.0)


def arrival_at(pool: CapacityPool, after_min: float) -> Arrival:
    """What a driver finds who comes to the pool so many minutes from now. Bookings that begin by
    then are counted, and cars already sent there."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, {"site": pool.site_id, "category": pool.category, "now": now})
        packed = cursor.fetchone()[0]
        cursor.execute(CHOSEN, [[pool.site_id]])
        site = facts_of(cursor.fetchone())
    facts = next(one for one in site.pools if one.category == pool.category)
    return arrival(
        facts, prospect_of(packed), now=now, after_min=after_min, kept=_kept(pool, now, after_min)
    )


def _kept(pool: CapacityPool, now: datetime, after_min: float) -> int:
    """Spaces that bookings will keep then, beyond those that the count holds back already."""
    then = Reservation.objects.reserved_now([pool.pk], now + timedelta(minutes=after_min))
    today = Reservation.objects.reserved_now([pool.pk], now)
    return max(then.get(pool.pk, 0) - today.get(pool.pk, 0), 0)


def outlooks_of(site_pk: int) -> list[PoolOutlook]:
    rows = PoolOutlook.objects.filter(pool__site=site_pk).select_related("pool", "model")
    return list(rows.order_by("pool__category"))


# ---------------------------------------------------------------- whom it comes from

_EVIDENCE = """
SELECT pool.category, gateway.code, stream.code, feed.role, bay.code, last.result, last.total,
       last.phenomenon_at, last.phenomenon_at + interval '1 second'
           * coalesce(stream.expected_interval_s * 3, 600), feed.trust,
       (SELECT reason FROM parking_exclusion AS gone
        WHERE gone.feed_id = feed.datastream_id AND gone.back_at IS NULL),
       (SELECT min(kind) FROM devices_alarm AS alarm
        WHERE alarm.datastream_id = feed.datastream_id AND alarm.closed_at IS NULL)
FROM parking_poolfeed AS feed
JOIN parking_capacitypool AS pool ON pool.id = feed.pool_id
JOIN devices_datastream AS stream ON stream.id = feed.datastream_id
JOIN devices_gateway AS gateway ON gateway.id = stream.gateway_id
LEFT JOIN parking_bay AS bay ON bay.id = feed.bay_id
LEFT JOIN devices_lastobservation AS last ON last.datastream_id = feed.datastream_id
WHERE pool.site_id = %s ORDER BY pool.category, stream.code
"""
_EVIDENCE_FIELDS = (
    "category", "gateway", "datastream", "role", "bay", "result", "total", "observed_at",
    "fresh_until", "trust", "excluded", "alarm",
)  # fmt: skip


def evidence_for(site_pk: int) -> list[dict[str, Any]]:
    """Every device that speaks for a site, with its last word and whether it is believed."""
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, [site_pk])
        return [dict(zip(_EVIDENCE_FIELDS, row, strict=True)) for row in cursor.fetchall()]


def excluded_devices() -> Card:
    """The staff's card: devices that are out of the count at present."""
    open_ = Exclusion.objects.open()
    count = open_.count()
    longest = open_.order_by("excluded_at").values_list("excluded_at", flat=True).first()
    days = (clock.now() - longest).days if longest else 0
    return Card(
        title=_("Excluded parking devices"),
        value=str(count),
        detail=ngettext("the longest for %d day", "the longest for %d days", days) % days,
        url=reverse("admin:parking_exclusion_changelist", query={"present": "yes"}),
        permission="parking.view_exclusion",
        alarming=count > 0,
    )
