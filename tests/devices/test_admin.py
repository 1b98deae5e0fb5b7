"""Staff's pages of devices."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.base.clock import Hand
from apps.base.models import AuditEntry
from devices.models import Gateway, GatewayKey, Observation, Quarantine
from devices.services.gateways import hash_of
from devices.services.health import judge_health
from devices.services.provisioning import retire_datastream
from devices.services.rollups import sum_up
from tests.devices.conftest import Post, row


def act(client: Client, model: str, action: str, *rows: Any) -> Any:
    return client.post(
        f"/admin/devices/{model}/",
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )


def shown_key(page: Any) -> str:
    found = re.search(r'id="new-key"[^>]*>([^<]+)<', page.content.decode())
    assert found
    return found[1]


def test_a_gateways_key_is_shown_once_and_kept_as_a_hash(staff: Client, post: Post) -> None:
    page = staff.post(
        "/admin/devices/gateway/add/",
        {"code": "weir", "names_local": "보", "names_ko": "", "names_en": "Weir",
         "keys-TOTAL_FORMS": 0, "keys-INITIAL_FORMS": 0},
    )  # fmt: skip

    key = shown_key(page)
    made = Gateway.objects.get(code="weir")
    assert made.keys.get().hash == hash_of(key)
    assert "no-store" in page.headers["Cache-Control"]
    assert key not in staff.get(f"/admin/devices/gateway/{made.pk}/change/").content.decode()
    assert AuditEntry.objects.filter(action="gateway.created").exists()


def test_a_code_that_is_taken_is_said_so(staff: Client, post: Post) -> None:
    page = staff.post(
        "/admin/devices/gateway/add/",
        {"code": "bridge", "names_local": "x", "keys-TOTAL_FORMS": 0, "keys-INITIAL_FORMS": 0},
    )

    assert "already exists" in page.content.decode()


def test_a_new_key_lives_beside_the_old(staff: Client, post: Post) -> None:
    key = shown_key(act(staff, "gateway", "give_new_key", post.gateway))

    live = set(GatewayKey.objects.live().values_list("hash", flat=True))
    assert live == {hash_of(key), hash_of(post.key)}


def test_a_stopped_gateway_and_an_ended_key_stand_in_the_audit_chain(
    staff: Client, post: Post
) -> None:
    for action in ("stop", "start", "end_all_keys"):
        act(staff, "gateway", action, post.gateway)

    assert not GatewayKey.objects.live().exists()
    assert Gateway.objects.get(code="bridge").active
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "gateway.stopped", "gateway.activated", "gateway.key_ended",
    }  # fmt: skip


def test_quarantined_rows_are_taken_once_their_cause_is_mended(staff: Client, post: Post) -> None:
    post.send(row(950), row("soaked", ago_s=9))
    stream = post.stream("river.level")
    stream.high = 1000
    stream.save(update_fields=["high"])

    page = act(staff, "quarantine", "replay", *Quarantine.objects.all())

    assert "1 row was taken. The others still cannot be believed." in page.content.decode()
    assert list(Observation.objects.values_list("result", flat=True)) == [950]
    states = dict(Quarantine.objects.values_list("code", "state"))
    assert states == {"above_range": "replayed", "not_a_number": "waiting"}


def test_rows_of_a_stopped_gateway_wait(staff: Client, post: Post) -> None:
    post.send(row(950))
    act(staff, "gateway", "stop", post.gateway)

    page = act(staff, "quarantine", "replay", Quarantine.objects.get())

    assert "Start it first" in page.content.decode()
    assert Quarantine.objects.waiting().count() == 1


def test_discarded_rows_are_not_judged_again(staff: Client, post: Post) -> None:
    post.send(row(950))
    act(staff, "quarantine", "discard", Quarantine.objects.get())
    act(staff, "quarantine", "replay", Quarantine.objects.get())

    assert Quarantine.objects.get().state == "discarded"


@pytest.mark.parametrize(
    "model", ["alarm", "gateway", "thing", "datastream", "quarantine", "observedproperty", "sensor"]
)
def test_every_page_opens(staff: Client, post: Post, model: str) -> None:
    post.send(row(120), row(950))
    retire_datastream(datastream=post.stream("lamp.on"))

    assert staff.get(f"/admin/devices/{model}/").status_code == 200


def test_a_things_page_shows_its_datastreams(staff: Client, post: Post) -> None:
    thing = post.stream("river.level").thing
    page = staff.get(f"/admin/devices/thing/{thing.pk}/change/").content.decode()

    assert "river.level" in page


def test_the_list_of_datastreams_asks_the_same_for_any_length(
    staff: Client, post: Post, django_assert_max_num_queries: Any
) -> None:
    post.send(row(120), row(1, of="lamp.on"))
    with django_assert_max_num_queries(12):
        page = staff.get("/admin/devices/datastream/").content.decode()
    assert "120 cm" in page
    assert "never heard" in page


def test_a_datastreams_page_draws_its_last_day(staff: Client, post: Post) -> None:
    post.send(row(100, ago_s=120), row(140, ago_s=60), row(120))
    page = staff.get(f"/admin/devices/datastream/{post.stream('river.level').pk}/change/")

    assert "<polyline" in page.content.decode()
    assert "100 … 140 cm" in page.content.decode()


def test_a_sensor_that_died_three_weeks_ago_is_on_the_list(
    staff: Client, post: Post, hand: Hand
) -> None:
    post.send(row(100, ago_s=4 * 3600), row(103), row(1, of="lamp.on"))
    sum_up()
    hand.move(timedelta(minutes=2))
    judge_health()
    hand.move(timedelta(days=21))
    page = staff.get("/admin/devices/alarm/").content.decode()

    assert "river.level" in page
    assert "3\xa0weeks" in page
    assert "103 cm" in page
    assert "Post at the bridge" in page

    post.send(row(104))
    judge_health()
    assert "river.level" not in staff.get("/admin/devices/alarm/").content.decode()
    assert "river.level" in staff.get("/admin/devices/alarm/?open=0").content.decode()


def test_the_list_of_alarms_asks_the_same_for_any_length(
    staff: Client, post: Post, hand: Hand, django_assert_max_num_queries: Any
) -> None:
    post.send(row(100))
    hand.move(timedelta(hours=2))
    judge_health()
    sum_up()
    with django_assert_max_num_queries(12):
        page = staff.get("/admin/devices/alarm/").content.decode()
    assert "<svg" in page


def test_a_list_of_devices_is_taken_in_with_a_report(staff: Client, post: Post) -> None:
    table = (
        b"thing,name,lat,lon,datastream,observed_property,unit\n"
        b"well-1,Well,37.431,127.261,well-1.level,test_level,cm\n"
        b"well-2,Well,91,127.261,well-2.level,test_level,cm\n"
    )
    page = staff.post(
        "/admin/devices/thing/take-in-list/",
        {"gateway": post.gateway.pk, "file": SimpleUploadedFile("wells.csv", table)},
    ).content.decode()

    assert "1 row taken in" in page
    assert "row 2" in page
    assert "lat lies outside" in page
    assert post.stream("well-1.level").thing.code == "well-1"
    assert AuditEntry.objects.filter(action="devices.onboarded").exists()


def test_no_list_but_csv_and_geojson_is_taken(staff: Client, post: Post) -> None:
    page = staff.post(
        "/admin/devices/thing/take-in-list/",
        {"gateway": post.gateway.pk, "file": SimpleUploadedFile("wells.xlsx", b"PK")},
    ).content.decode()

    assert "ends in .csv" in page
