"""Sites, their pools and bays, and which datastream speaks for them. A plan may be applied as often
as one likes: rows are found by code and brought up to date."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.geo import project
from apps.base.problems import Conflict, Invalid
from apps.city.models import Metres, the_city
from apps.parking.models import Bay, CapacityPool, Category, ParkingSite, PoolFeed, PoolState
from apps.parking.services.availability import refresh_pools, tell_screens
from devices.models import Datastream, ObservedProperty
from devices.services.cameras import BAY_OCCUPANCY
from devices.services.provisioning import PropertyPlan, define_property

Names = Mapping[str, str]

PROPERTIES = (
    PropertyPlan(
        code="parking_free",
        names={"en": "Free parking spaces", "ko": "빈 주차면 수"},
        unit="{count}",
        low=0,
    ),
    PropertyPlan(
        code="parking_occupied",
        names={"en": "Occupied parking spaces", "ko": "점유 주차면 수"},
        unit="{count}",
        low=0,
    ),
    PropertyPlan(
        code="parking_gate_in",
        names={"en": "Cars driven in", "ko": "입차 누계"},
        unit="{count}",
        kind=ObservedProperty.Kind.COUNTER,
        low=0,
    ),
    PropertyPlan(
        code="parking_gate_out",
        names={"en": "Cars driven out", "ko": "출차 누계"},
        unit="{count}",
        kind=ObservedProperty.Kind.COUNTER,
        low=0,
    ),
    PropertyPlan(
        code="bay_occupied",
        names={"en": "Bay occupied", "ko": "주차면 점유"},
        unit="1",
        kind=ObservedProperty.Kind.STATE,
        low=0,
        high=1,
    ),
    BAY_OCCUPANCY,
)
PROPERTY_OF = {
    PoolFeed.Role.FREE: "parking_free",
    PoolFeed.Role.OCCUPIED: "parking_occupied",
    PoolFeed.Role.GATE_IN: "parking_gate_in",
    PoolFeed.Role.GATE_OUT: "parking_gate_out",
    PoolFeed.Role.BAY: "bay_occupied",
}
# A sensor knows whether its bay is taken; a camera how likely it is.
BAY_PROPERTIES = ("bay_occupied", BAY_OCCUPANCY.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class BayPlan:
    code: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPlan:
    total: int
    category: str = Category.GENERAL
    bays: tuple[BayPlan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    code: str
    names: Names
    kind: str
    lon: float
    lat: float
    pools: tuple[PoolPlan, ...]
    approximate: bool = False
    covered: bool = False
    max_height_m: float | None = None
    address: str = ""
    operator: str = ""
    opening_hours: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlan:
    """A datastream (by gateway and code) and what it speaks for."""

    gateway: str
    datastream: str
    site: str
    role: str
    category: str = Category.GENERAL
    bay: str = ""


def define_properties() -> None:
    """What parking understands when devices tell it."""
    for plan in PROPERTIES:
        define_property(plan)


@transaction.atomic
def provision_site(plan: SitePlan) -> ParkingSite:
    """Put a site with its pools and bays on the map.

    Raises:
        Conflict: a bay of this code belongs to another site.
    """
    facts = {
        "names": dict(plan.names),
        "kind": plan.kind,
        "geom": Point(plan.lon, plan.lat, srid=4326),
        "geom_m": in_metres(plan.lon, plan.lat),
        "approximate": plan.approximate,
        "covered": plan.covered,
        "max_height_m": plan.max_height_m,
        "address": plan.address,
        "operator": plan.operator,
        "opening_hours": plan.opening_hours,
        "source": plan.source,
        "retired_at": None,
    }
    site, _created = ParkingSite.objects.update_or_create(
        code=plan.code, defaults=facts, create_defaults=facts | {"created_at": clock.now()}
    )
    for pool in plan.pools:
        _provision_pool(site, pool)
    tell_screens([site.pk])
    return site


def in_metres(lon: float, lat: float) -> Point:
    east, north = project(lon, lat, srid=the_city().srid)
    return Point(float(east), float(north))


def _provision_pool(site: ParkingSite, plan: PoolPlan) -> None:
    pool, _created = CapacityPool.objects.update_or_create(
        site=site, category=plan.category, defaults={"total": plan.total}
    )
    PoolState.objects.get_or_create(pool=pool)
    taken = Bay.objects.filter(code__in=[bay.code for bay in plan.bays])
    if taken.exclude(pool__site=site).exists():
        raise Conflict(errors={"bays": _("A bay of this code belongs to another site.")})
    for bay in plan.bays:
        point = None
        if bay.lon is not None and bay.lat is not None:
            point = Point(bay.lon, bay.lat, srid=4326)
        row, _created = Bay.objects.update_or_create(
            code=bay.code, defaults={"pool": pool, "geom": point}
        )
        Bay.objects.filter(pk=row.pk).update(geom_m=Metres("geom"))


@transaction.atomic
def connect_feed(plan: FeedPlan) -> PoolFeed:
    """Let a datastream speak for a pool or a bay.

    Raises:
        Invalid: no such datastream, pool or bay, or it observes something else.
    """
    stream = (
        Datastream.objects.filter(gateway__code=plan.gateway, code=plan.datastream)
        .select_related("observed_property")
        .first()
    )
    if stream is None:
        raise Invalid(errors={"datastream": _("There is no such datastream.")})
    expected = PROPERTY_OF[PoolFeed.Role(plan.role)]
    told = stream.observed_property
    fits = told.code in (BAY_PROPERTIES if plan.role == PoolFeed.Role.BAY else (expected,))
    if not fits or stream.unit != told.unit:
        raise Invalid(errors={"datastream": _("It must observe %s in its unit.") % expected})
    pool = CapacityPool.objects.filter(site__code=plan.site, category=plan.category).first()
    if pool is None:
        raise Invalid(errors={"site": _("There is no such pool of spaces.")})
    feed, _created = PoolFeed.objects.update_or_create(
        datastream=stream, defaults={"pool": pool, "role": plan.role, "bay": _bay(plan, pool)}
    )
    refresh_pools([pool.pk])
    return feed


def _bay(plan: FeedPlan, pool: CapacityPool) -> Bay | None:
    if plan.role != PoolFeed.Role.BAY:
        return None
    bay = Bay.objects.filter(code=plan.bay, pool=pool).first()
    if bay is None:
        raise Invalid(errors={"bay": _("There is no such bay in this pool.")})
    return bay


@transaction.atomic
def anchor_pool(*, pool: CapacityPool, occupied: int) -> None:
    """Somebody counted: from now on gates add to this number.

    Raises:
        Invalid: more than there is room for, or less than none.
    """
    if not 0 <= occupied <= pool.total:
        raise Invalid(errors={"occupied": _("Between 0 and the number of spaces.")})
    PoolState.objects.select_for_update().get(pk=pool.pk)
    for feed in PoolFeed.objects.filter(
        pool=pool, role__in=(PoolFeed.Role.GATE_IN, PoolFeed.Role.GATE_OUT)
    ).select_related("datastream__last"):
        last = getattr(feed.datastream, "last", None)
        feed.anchor_count = (last.total if last else None) or 0.0
        feed.save(update_fields=["anchor_count"])
    PoolState.objects.filter(pk=pool.pk).update(anchor_occupied=occupied, anchored_at=clock.now())
    refresh_pools([pool.pk])


@transaction.atomic
def site_edited(site: ParkingSite) -> None:
    """Staff changed a site or its pools: bring states and screens up to date."""
    for pool in site.pools.all():
        PoolState.objects.get_or_create(pool=pool)
    if not refresh_pools([pool.pk for pool in site.pools.all()]):
        tell_screens([site.pk])


def retire_site(*, site: ParkingSite) -> None:
    """Take a site off every screen; its history stays."""
    with transaction.atomic():
        if ParkingSite.objects.filter(pk=site.pk, retired_at=None).update(retired_at=clock.now()):
            tell_screens([site.pk])
