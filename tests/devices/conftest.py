"""A street with two gateways: the garage's, which is ours, and a stranger's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.test import Client

from apps.accounts.models import User
from apps.base import clock
from apps.base.clock import Hand
from apps.city.models import City
from devices.ingest.accept import Receipt, accept
from devices.ingest.speaker import known_as
from devices.models import Datastream, Gateway, Thing
from devices.protocols.batch import read_rows
from devices.services.gateways import create_gateway
from devices.services.provisioning import (
    DatastreamPlan,
    PropertyPlan,
    ThingPlan,
    define_property,
    provision_thing,
)
from tests.support.world import sign_in_staff

LEVEL = DatastreamPlan(
    code="river.level", observed_property="test_level", unit="cm", low=-50, high=900,
    expected_interval_s=60,
)  # fmt: skip
TURNS = DatastreamPlan(code="gate.turns", observed_property="test_turns")
LAMP = DatastreamPlan(code="lamp.on", observed_property="test_lamp")


@dataclass(frozen=True)
class Post:
    """A gateway of ours with its key, and a hand to send with."""

    gateway: Gateway
    key: str

    def send(self, *rows: Any) -> Receipt:
        """Through the one way in, as every door does."""
        return accept(read_rows(rows), known_as(self.gateway.code))

    def stream(self, code: str) -> Datastream:
        return Datastream.objects.get(gateway=self.gateway, code=code)


def row(result: Any, *, ago_s: float = 0, of: str = "river.level", **more: Any) -> dict[str, Any]:
    at: datetime = clock.now() - timedelta(seconds=ago_s)
    return {"datastream": of, "phenomenonTime": at.isoformat(), "result": result, **more}


def found_city() -> City:
    """Enough of a city for metres."""
    return City.objects.get_or_create(
        pk=City.THE_ONE,
        defaults={
            "code": "dalbit",
            "names": {"": "달빛", "en": "Dalbit"},
            "srid": 5186,
            "time_zone": "Asia/Seoul",
            "country": "KR",
            "languages": ["ko", "en"],
            "bounds": Polygon.from_bbox((127.24, 37.42, 127.28, 37.44)),
            "centre": Point(127.26, 37.43),
        },
    )[0]


def set_up() -> Post:
    found_city()
    define_property(PropertyPlan(code="test_level", names={"en": "Level"}, unit="m"))
    define_property(
        PropertyPlan(code="test_turns", names={"en": "Turns"}, unit="{count}", kind="counter")
    )
    define_property(PropertyPlan(code="test_lamp", names={"en": "Lamp"}, unit="1", kind="state"))
    gateway, key = create_gateway(code="bridge", names={"": "다리", "en": "Bridge"}, actor="test")
    plan = ThingPlan(
        code="bridge-post", names={"en": "Post at the bridge"}, lon=127.26, lat=37.43,
        datastreams=(LEVEL, TURNS, LAMP),
    )  # fmt: skip
    provision_thing(gateway=gateway, plan=plan)
    return Post(gateway, key)


@pytest.fixture
def staff(db: None) -> Client:
    """In the admin, with every right."""
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, User.objects.create_superuser("chief@dalbit.example"))
    return client


@pytest.fixture
def post(hand: Hand, db: None) -> Post:
    return set_up()


@pytest.fixture
def stranger(post: Post) -> Thing:
    """A thing under somebody else's gateway, with the datastream `mill.level`."""
    gateway, _key = create_gateway(code="mill", names={"en": "Mill"}, actor="test")
    stream = DatastreamPlan(code="mill.level", observed_property="test_level")
    plan = ThingPlan(code="mill-post", names={"en": "Post at the mill"}, datastreams=(stream,))
    return provision_thing(gateway=gateway, plan=plan)
