"""A valley: two rain gauges on the hills, a stage gauge, an underpass with its depth gauge."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Polygon

from apps.base import clock, work
from apps.base.clock import Hand
from apps.hazards.models import Assessment, Station, StationState
from apps.hazards.services.provisioning import (
    CatchmentPlan,
    StationPlan,
    define_properties,
    provision_catchment,
    provision_station,
    provision_underpass,
)
from devices.ingest.accept import Receipt, accept
from devices.ingest.speaker import known_as
from devices.models import Gateway
from devices.protocols.batch import read_rows
from devices.services.gateways import create_gateway
from devices.services.provisioning import (
    DatastreamPlan,
    PropertyPlan,
    ThingPlan,
    define_property,
    provision_thing,
)
from tests.devices.conftest import found_city

LEVELS = {"attention": 1.8, "warning": 2.6, "alarm": 3.6, "serious": 4.4}
RATING = ((0.0, 0.5), (1.0, 8.0), (2.0, 25.0), (3.0, 55.0), (4.0, 95.0), (5.0, 150.0))
STREAMS = (
    ("rain.summit", "rain_amount", "mm", 600), ("rain.east", "rain_amount", "mm", 600),
    ("stage.bridge", "river_stage", "m", 600), ("stage.mill", "river_stage", "m", 600),
    ("depth.underpass", "water_depth", "cm", 60), ("line.underpass", "depth_line", "1", 60),
)  # fmt: skip
UNDERPASS = Polygon.from_bbox((127.2610, 37.4300, 127.2614, 37.4303))


@dataclass(frozen=True)
class Valley:
    gateway: Gateway
    key: str

    def say(self, *rows: tuple[Any, ...], then: bool = True) -> Receipt:
        """(datastream, value[, seconds ago]); then what follows from it, as the sweeper does."""
        receipt = accept(read_rows([observation(*row) for row in rows]), known_as("water"))
        if then:
            work.sweep()
        return receipt

    def station(self, code: str) -> Station:
        return Station.objects.select_related("state").get(code=code)

    def state(self, code: str) -> StationState:
        return StationState.objects.get(station__code=code)

    def inbox(self) -> list[Assessment]:
        return list(Assessment.objects.open().order_by("created_at"))


def observation(datastream: str, value: Any, ago_s: float = 0) -> dict[str, Any]:
    at: datetime = clock.now() - timedelta(seconds=ago_s)
    return {"datastream": datastream, "phenomenonTime": at.isoformat(), "result": value}


def set_up() -> Valley:
    found_city()
    define_properties()
    define_property(PropertyPlan(code="depth_line", names={"en": "Line alive"}, unit="1"))
    gateway, key = create_gateway(code="water", names={"en": "Water"}, actor="test")
    streams = tuple(
        DatastreamPlan(code=code, observed_property=observed, unit=unit, expected_interval_s=every)
        for code, observed, unit, every in STREAMS
    )
    plan = ThingPlan(code="water-post", names={"en": "Water post"}, datastreams=streams)
    provision_thing(gateway=gateway, plan=plan)
    provision_catchment(
        CatchmentPlan(
            code="valley", names={"en": "Valley"}, area_km2=40.0, evaporation_mm_day=(2.0,) * 12
        )
    )
    for plan_ in _stations():
        provision_station(plan_)
    provision_underpass(
        code="byeolbit",
        names={"ko": "별빛지하차도", "en": "Byeolbit underpass"},
        area=UNDERPASS,
        station=Station.objects.get(code="DEPTH"),
    )
    return Valley(gateway, key)


def _stations() -> list[StationPlan]:
    place: Any = {"gateway": "water", "lon": 127.26, "lat": 37.43}
    rain = ("RAIN-SUMMIT", "RAIN-EAST")
    return [
        StationPlan(code="RAIN-SUMMIT", names={"en": "Summit"}, kind="rain",
                    datastream="rain.summit", catchment="valley", **place),
        StationPlan(code="RAIN-EAST", names={"en": "East"}, kind="rain", datastream="rain.east",
                    catchment="valley", **place),
        StationPlan(code="BRIDGE", names={"en": "Bridge"}, kind="stage", datastream="stage.bridge",
                    catchment="valley", rain_stations=rain, levels=LEVELS, rating=RATING, **place),
        StationPlan(code="MILL", names={"en": "Mill"}, kind="stage", datastream="stage.mill",
                    catchment="valley", rain_stations=rain, levels=LEVELS, rating=RATING, **place),
        StationPlan(code="DEPTH", names={"en": "Underpass"}, kind="depth",
                    datastream="depth.underpass", rain_stations=("RAIN-EAST",),
                    levels={"attention": 0.03, "warning": 0.15, "alarm": 0.3, "serious": 0.5},
                    facts={"speaks_only_when_wet": True}, **place),
    ]  # fmt: skip


@pytest.fixture
def valley(hand: Hand, db: None) -> Valley:
    return set_up()
