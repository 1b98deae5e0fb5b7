"""Dalbit's four car parks with their bays, and the devices that watch them.

The garage counts cars at its gates and its special spaces by its guidance system; the market's lot
is watched by a camera (`cameras.py`), the street by a sensor in each bay; nobody watches the
residents' bays.
"""

from collections.abc import Iterator

from apps.parking.models import ParkingSite as SiteRow
from apps.parking.models import PoolFeed
from apps.parking.services.provisioning import (
    BayPlan,
    FeedPlan,
    PoolPlan,
    SitePlan,
    connect_feed,
    define_properties,
    provision_site,
)
from citizen.demo.seed.gateway_keys import gateway_of
from citizen.demo.world.parking import Bay, ParkingSite
from citizen.demo.world.town import Town
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

Role = PoolFeed.Role
KINDS = {
    "garage": SiteRow.Kind.GARAGE,
    "camera_lot": SiteRow.Kind.LOT,
    "sensor_street": SiteRow.Kind.STREET,
    "residents": SiteRow.Kind.RESIDENTS,
}
COUNTED_EVERY_S = 30
STATED_EVERY_S = 600


def seed_car_parks(town: Town) -> None:
    define_properties()
    for site in town.sites:
        provision_site(_plan(site))
        for thing, feeds, gateway in _watchers(site):
            provision_thing(gateway=gateway_of(town, gateway), plan=thing)
            for feed in feeds:
                connect_feed(feed)


def _plan(site: ParkingSite) -> SitePlan:
    return SitePlan(
        code=site.code,
        names={"": site.name_ko, "ko": site.name_ko, "en": site.name_en},
        kind=KINDS[site.kind],
        lon=site.lon,
        lat=site.lat,
        pools=tuple(_pool(site, pool.category, pool.capacity) for pool in site.pools),
        covered=site.is_covered,
        max_height_m=min((a.height_limit_m for a in site.access if a.height_limit_m), default=None),
        source="dalbit",
    )


def _pool(site: ParkingSite, category: str, total: int) -> PoolPlan:
    bays = (BayPlan(code=b.code, lon=b.lon, lat=b.lat) for b in _bays(site, category))
    return PoolPlan(total=total, category=category, bays=tuple(bays))


class _Middle:
    """A bay's middle, from the corners of its ring."""

    def __init__(self, bay: Bay) -> None:
        corners = bay.ring[:-1]
        self.code = bay.code
        self.lon = sum(lon for lon, _ in corners) / len(corners)
        self.lat = sum(lat for _, lat in corners) / len(corners)


def _bays(site: ParkingSite, category: str) -> list[_Middle]:
    return [_Middle(bay) for bay in site.bays if bay.kind == category]


Watcher = tuple[ThingPlan, list[FeedPlan], str]


def _watchers(site: ParkingSite) -> Iterator[Watcher]:
    if site.kind == "garage":
        yield _gates(site)
        yield _guidance(site)
    if site.kind == "sensor_street":
        yield from (_sensor(site, bay) for bay in site.bays)


def _gates(site: ParkingSite) -> Watcher:
    roles = {f"{site.code}:in": Role.GATE_IN, f"{site.code}:out": Role.GATE_OUT}
    properties = {Role.GATE_IN: "parking_gate_in", Role.GATE_OUT: "parking_gate_out"}
    streams = tuple(_stream(code, properties[r], COUNTED_EVERY_S) for code, r in roles.items())
    thing = _thing(site, "gates", {"ko": "출입 게이트", "en": "Gates"}, streams)
    feeds = [
        FeedPlan(gateway="GW-GARAGE", datastream=code, site=site.code, role=role)
        for code, role in roles.items()
    ]
    return thing, feeds, "GW-GARAGE"


def _guidance(site: ParkingSite) -> Watcher:
    special = [pool.category for pool in site.pools if pool.category != "general"]
    streams = tuple(
        _stream(f"{site.code}:{category}", "parking_occupied", COUNTED_EVERY_S)
        for category in special
    )
    feeds = [
        FeedPlan(
            gateway="GW-GARAGE",
            datastream=f"{site.code}:{category}",
            site=site.code,
            role=Role.OCCUPIED,
            category=category,
        )
        for category in special
    ]
    names = {"ko": "주차 유도 시스템", "en": "Parking guidance"}
    return _thing(site, "guidance", names, streams), feeds, "GW-GARAGE"


def _sensor(site: ParkingSite, bay: Bay) -> Watcher:
    middle = _Middle(bay)
    thing = ThingPlan(
        code=f"{bay.code}-sensor",
        names={"ko": "주차면 센서", "en": "Bay sensor"},
        lon=middle.lon,
        lat=middle.lat,
        datastreams=(_stream(bay.code, "bay_occupied", STATED_EVERY_S),),
    )
    return thing, [_bay_feed("GW-LORA", site, bay)], "GW-LORA"


def _thing(
    site: ParkingSite, part: str, names: dict[str, str], streams: tuple[DatastreamPlan, ...]
) -> ThingPlan:
    return ThingPlan(
        code=f"{site.code}-{part}", names=names, lon=site.lon, lat=site.lat, datastreams=streams
    )


def _stream(code: str, observed_property: str, interval_s: int) -> DatastreamPlan:
    return DatastreamPlan(
        code=code, observed_property=observed_property, expected_interval_s=interval_s
    )


def _bay_feed(gateway: str, site: ParkingSite, bay: Bay) -> FeedPlan:
    return FeedPlan(
        gateway=gateway,
        datastream=bay.code,
        site=site.code,
        role=Role.BAY,
        category=bay.kind,
        bay=bay.code,
    )
