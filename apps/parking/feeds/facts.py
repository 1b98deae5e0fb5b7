"""What the standards publish of a site and its bays, in our own words, read with a handful of
questions however many there are."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef

from apps.base import clock
from apps.city.models import City
from apps.parking.core.tariffs import Tariff as Rules
from apps.parking.models import (
    Bay,
    Category,
    Exclusion,
    ParkingSite,
    PoolFeed,
    TariffAssignment,
)
from apps.parking.selectors import site_rows
from devices.models import Alarm

OCCUPIED_FROM = 0.5
_INTEGER_BITS = 48  # exact in every JSON reader


@dataclass(frozen=True, slots=True)
class PublishedTariff:
    """A tariff in force, for one category or, if that is empty, for all others."""

    category: str
    code: str
    names: Mapping[str, str]
    rules: Rules
    valid_from_on: Any
    valid_until_on: Any


@dataclass(frozen=True)
class PublishedSite:
    """`row` is what every screen shows (`core.shown`): no number that is not live."""

    code: str
    names: Mapping[str, str]
    kind: str
    lon: float
    lat: float
    row: Mapping[str, Any]
    address: str = ""
    operator: str = ""
    opening_hours: str = ""
    source: str = ""
    covered: bool = False
    closed: bool = False
    max_height_m: float | None = None
    created_at: datetime | None = None
    tariffs: Sequence[PublishedTariff] = field(default_factory=tuple)

    @cached_property
    def pools(self) -> Sequence[Mapping[str, Any]]:
        """Those that a visitor can use: nothing is told of residents' spaces."""
        found = [pool for pool in self.row["pools"] if pool["category"] != Category.RESIDENT]
        return found or self.row["pools"]

    @property
    def total(self) -> int:
        return sum(pool["total"] for pool in self.pools)

    @cached_property
    def live(self) -> Sequence[Mapping[str, Any]]:
        return [pool for pool in self.pools if pool["free"] is not None]

    @property
    def free(self) -> int | None:
        """Of the whole site, if all of it is known at present."""
        if not self.pools or len(self.live) < len(self.pools):
            return None
        return sum(int(pool["free"]) for pool in self.live)

    @property
    def observed_at(self) -> datetime | None:
        """The oldest of the numbers that are shown."""
        return min((pool["observed_at"] for pool in self.live if pool["observed_at"]), default=None)

    @property
    def has_fee(self) -> bool | None:
        if not self.tariffs:
            return None
        return any(band.price for tariff in self.tariffs for band in tariff.rules.bands)


@dataclass(frozen=True, slots=True)
class PublishedBay:
    """`occupied` is None where no device that is well says so."""

    code: str
    site: str
    category: str
    lon: float
    lat: float
    occupied: bool | None
    observed_at: datetime | None
    devices: tuple[str, ...]


def read_sites(sites: Iterable[ParkingSite]) -> list[PublishedSite]:
    found = list(sites)
    ids = [site.pk for site in found]
    rows = {row["id"]: row for row in site_rows(ids)}
    tariffs = _tariffs(ids)
    return [_published(site, rows[site.code], tariffs.get(site.pk, ())) for site in found]


def _published(
    site: ParkingSite, row: Mapping[str, Any], tariffs: Sequence[PublishedTariff]
) -> PublishedSite:
    return PublishedSite(
        code=site.code,
        names=site.names,
        kind=site.kind,
        lon=site.geom.x,
        lat=site.geom.y,
        row=row,
        address=site.address,
        operator=site.operator,
        opening_hours=site.opening_hours,
        source=site.source,
        covered=site.covered,
        closed=site.closed,
        max_height_m=site.max_height_m,
        created_at=site.created_at,
        tariffs=tariffs,
    )


def _tariffs(site_ids: Collection[int]) -> dict[int, list[PublishedTariff]]:
    city = City.objects.first()
    now = clock.now()
    today = now.astimezone(city.zone).date() if city else now.date()
    found: dict[int, list[PublishedTariff]] = defaultdict(list)
    rows = TariffAssignment.objects.on(today).filter(site__in=site_ids).select_related("tariff")
    for row in rows.order_by("site", "category"):
        found[row.site_id].append(
            PublishedTariff(
                category=row.category,
                code=row.tariff.code,
                names=row.tariff.names,
                rules=row.tariff.read(),
                valid_from_on=row.valid_on.lower,
                valid_until_on=row.valid_on.upper,
            )
        )
    return found


def read_bays(bays: Iterable[Bay]) -> list[PublishedBay]:
    """Of bays whose pool and site were read with them."""
    found = list(bays)
    words = _last_words([bay.pk for bay in found])
    return [_published_bay(bay, words.get(bay.pk, [])) for bay in found]


def _last_words(bay_ids: Collection[int]) -> dict[int, list[PoolFeed]]:
    """What watches each bay and is well: no alarm is open for it, nobody left it out."""
    ill = Alarm.objects.open().filter(datastream=OuterRef("datastream"))
    dead = Alarm.objects.open().filter(
        datastream=None, kind=Alarm.Kind.SILENT, gateway=OuterRef("datastream__gateway")
    )
    feeds = (
        PoolFeed.objects.filter(bay__in=bay_ids, datastream__last__isnull=False)
        .exclude(Exists(ill))
        .exclude(Exists(dead))
        .exclude(Exists(Exclusion.objects.open().filter(feed=OuterRef("pk"))))
        .select_related("datastream__last", "datastream__thing")
        .order_by("datastream__last__phenomenon_at")
    )
    found: dict[int, list[PoolFeed]] = defaultdict(list)
    for feed in feeds:
        if feed.bay_id is not None:
            found[feed.bay_id].append(feed)
    return found


def _published_bay(bay: Bay, words: Sequence[PoolFeed]) -> PublishedBay:
    last = words[-1].datastream.last if words else None
    place = bay.geom or bay.pool.site.geom
    return PublishedBay(
        code=bay.code,
        site=bay.pool.site.code,
        category=bay.pool.category,
        lon=place.x,
        lat=place.y,
        occupied=None if last is None else last.result >= OCCUPIED_FROM,
        observed_at=None if last is None else last.phenomenon_at,
        devices=tuple(feed.datastream.thing.code for feed in words),
    )


def whole_number(code: str) -> int:
    """A stable integer for standards whose ids are integers; ours are codes."""
    digest = hashlib.blake2b(code.encode(), digest_size=_INTEGER_BITS // 8).digest()
    return int.from_bytes(digest, "big")
