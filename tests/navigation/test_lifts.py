"""Lifts: what a device or staff say of one is on everybody's way at once."""

from typing import Any

import pytest

from apps.base.models import AuditEntry
from apps.base.problems import NotFound
from apps.city.models import Obstruction
from apps.navigation.models import GraphBuild, Lift
from apps.navigation.selectors.lifts import TOPIC, as_row
from apps.navigation.services.lifts import (
    PROPERTY,
    LiftPlan,
    define_lift_property,
    provision_lift,
    set_lift_state,
)
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows
from devices.services.gateways import create_gateway
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing
from tests.navigation.asking import Api
from tests.navigation.test_town import TOWN_LIFT, sora_asks, uses_the_lift
from tests.parking.conftest import observation

PLAN = LiftPlan(
    code=TOWN_LIFT.code.lower(), names={"": TOWN_LIFT.name_ko, "en": TOWN_LIFT.name_en},
    lon=TOWN_LIFT.lon, lat=TOWN_LIFT.lat, osm_type="way", osm_id=TOWN_LIFT.way_id or 0,
    datastream=("lifts", "town-lift"),
)  # fmt: skip


@pytest.fixture
def lift(walkable: GraphBuild) -> Lift:
    define_lift_property()
    gateway, _key = create_gateway(code="lifts", names={"en": "Lifts"}, actor="test")
    stream = DatastreamPlan(code="town-lift", observed_property=PROPERTY.code)
    plan = ThingPlan(code="town-lift", names={"en": "Lift"}, datastreams=(stream,))
    provision_thing(gateway=gateway, plan=plan)
    return provision_lift(PLAN)


def device_says(value: int, ago_s: float = 0.0) -> None:
    accept(read_rows([observation("town-lift", value, ago_s)]), known_as("lifts"))


def open_ones() -> list[str]:
    return list(Obstruction.objects.open().values_list("kind", flat=True))


def test_a_device_closes_the_way_and_opens_it_again(lift: Lift) -> None:
    device_says(1, ago_s=60)
    assert uses_the_lift(sora_asks())
    device_says(0, ago_s=30)
    assert open_ones() == ["broken_lift"]
    assert not uses_the_lift(sora_asks())
    device_says(1)
    assert open_ones() == []
    assert uses_the_lift(sora_asks())


def test_it_is_the_lift_that_closes_and_not_the_pavement_beside(lift: Lift) -> None:
    device_says(0)
    (obstacle,) = sora_asks().today.overlay.obstacles
    graph = sora_asks().served.terrain.graph
    assert {int(graph.rows["osm_id"][s]) for s in obstacle.segments} == {TOWN_LIFT.way_id}
    assert obstacle.source == "device"


def test_an_older_word_that_comes_late_changes_nothing(lift: Lift) -> None:
    device_says(0)
    device_says(1, ago_s=300)
    lift.refresh_from_db()
    assert lift.state == Lift.State.OUT


def test_staff_say_so_too_and_it_is_audited(lift: Lift) -> None:
    set_lift_state(code=lift.code, state="out", said_by="staff", actor="park@dalbit.example")
    assert open_ones() == ["broken_lift"]
    assert AuditEntry.objects.filter(action="navigation.lift.state").count() == 1
    before = Lift.objects.get().version
    set_lift_state(code=lift.code, state="out", said_by="staff", actor="park@dalbit.example")
    assert Lift.objects.get().version == before


def test_the_list_and_the_live_topic_tell_its_state(lift: Lift) -> None:
    set_lift_state(code=lift.code, state="out", said_by="staff", actor="park")
    (row,) = Api()("GET", "lifts").json()["results"]
    assert (row["id"], row["state"], row["name"]) == (lift.code, "out", TOWN_LIFT.name_en)
    assert as_row(Lift.objects.get())["state"] == "out"
    assert TOPIC == "navigation.lifts:all"


def test_a_lift_that_is_not_there_is_not_found(walkable: GraphBuild) -> None:
    with pytest.raises(NotFound):
        set_lift_state(code="none", state="out", said_by="staff", actor="park")
    with pytest.raises(NotFound):
        provision_lift(PLAN)
    assert not Lift.objects.exists()


def test_provisioning_again_changes_the_row_in_place(lift: Lift, settings: Any) -> None:
    assert provision_lift(PLAN).pk == lift.pk
