"""Three places to park: a garage with gates, a lot whose camera counts, a street with sensors."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.parking.models import CapacityPool, ParkingSite, PoolFeed
from apps.parking.selectors import site_rows
from apps.parking.services.provisioning import (
    BayPlan,
    FeedPlan,
    PoolPlan,
    SitePlan,
    connect_feed,
    define_properties,
    provision_site,
)
from devices.ingest.accept import Receipt, accept
from devices.ingest.speaker import known_as
from devices.models import Gateway
from devices.protocols.batch import read_rows
from devices.services.gateways import create_gateway
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing
from tests.devices.conftest import found_city
from tests.parking.booking import lots, open_lots

__all__ = ["lots", "open_lots"]

GARAGE = SitePlan(
    code="garage", names={"": "중앙 주차장", "en": "Central Garage"}, kind="garage", lon=127.261,
    lat=37.431, covered=True, max_height_m=2.1,
    pools=(PoolPlan(total=100), PoolPlan(total=4, category="accessible")),
)  # fmt: skip
LOT = SitePlan(
    code="lot", names={"en": "Station Lot"}, kind="lot", lon=127.255, lat=37.428,
    pools=(PoolPlan(total=40),),
)  # fmt: skip
STREET = SitePlan(
    code="street", names={"en": "Mill Street"}, kind="street", lon=127.2605, lat=37.4305,
    pools=(PoolPlan(total=3, bays=tuple(BayPlan(code=f"mill-{n}") for n in range(3))),),
)  # fmt: skip

STREAMS = (
    ("garage.in", "parking_gate_in"), ("garage.out", "parking_gate_out"),
    ("garage.accessible", "parking_free"), ("lot.free", "parking_free"),
    ("lot.taken", "parking_occupied"), ("bay.0", "bay_occupied"), ("bay.1", "bay_occupied"),
    ("bay.2", "bay_occupied"),
)  # fmt: skip
FEEDS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("garage.in", "garage", PoolFeed.Role.GATE_IN, {}),
    ("garage.out", "garage", PoolFeed.Role.GATE_OUT, {}),
    ("garage.accessible", "garage", PoolFeed.Role.FREE, {"category": "accessible"}),
    ("lot.free", "lot", PoolFeed.Role.FREE, {}),
    ("lot.taken", "lot", PoolFeed.Role.OCCUPIED, {}),
    ("bay.0", "street", PoolFeed.Role.BAY, {"bay": "mill-0"}),
    ("bay.1", "street", PoolFeed.Role.BAY, {"bay": "mill-1"}),
    ("bay.2", "street", PoolFeed.Role.BAY, {"bay": "mill-2"}),
)  # fmt: skip


@dataclass(frozen=True)
class Town:
    gateway: Gateway
    key: str

    def say(self, *rows: tuple[Any, ...]) -> Receipt:
        """(datastream, value) or (datastream, value, seconds ago), through the one way in."""
        return accept(read_rows([observation(*row) for row in rows]), known_as("parking"))

    def row(self, code: str) -> dict[str, Any]:
        return site_rows([ParkingSite.objects.get(code=code).pk])[0]

    def pool(self, site: str, category: str = "general") -> CapacityPool:
        return CapacityPool.objects.get(site__code=site, category=category)


def observation(datastream: str, value: Any, ago_s: float = 0) -> dict[str, Any]:
    at: datetime = clock.now() - timedelta(seconds=ago_s)
    return {"datastream": datastream, "phenomenonTime": at.isoformat(), "result": value}


def set_up() -> Town:
    found_city()
    define_properties()
    gateway, key = create_gateway(code="parking", names={"en": "Parking"}, actor="test")
    streams = tuple(
        DatastreamPlan(code=code, observed_property=observed, expected_interval_s=60)
        for code, observed in STREAMS
    )
    plan = ThingPlan(code="parking-box", names={"en": "Parking box"}, datastreams=streams)
    provision_thing(gateway=gateway, plan=plan)
    for site in (GARAGE, LOT, STREET):
        provision_site(site)
    for stream, code, role, more in FEEDS:
        connect_feed(FeedPlan(gateway="parking", datastream=stream, site=code, role=role, **more))
    return Town(gateway, key)


@pytest.fixture
def town(hand: Hand, db: None) -> Town:
    return set_up()
