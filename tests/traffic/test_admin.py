"""Staff's pages: the map, incidents told of and cleared, patterns ordered, the report."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.base import clock
from apps.base.models import AuditEntry
from apps.city.models import the_city
from apps.traffic.core.fusion import Source
from apps.traffic.models import (
    Incident,
    Junction,
    JunctionMinute,
    Link,
    LinkState,
    PatternOrder,
)
from apps.traffic.services.provisioning import provision_junction
from apps.traffic.services.speeds import Seen, note_seen
from apps.traffic.services.watches import Counted, note_counts
from benchmarks.signals.crossroads import plan_of_crossroads
from tests.citizen.test_staff import staff as sign_in_with
from tests.support.world import sign_in_staff
from tests.traffic.conftest import LAT, LON

Links = dict[str, Link]


@pytest.fixture
def staff(chief: User, client: Client) -> Client:
    sign_in_staff(client, chief)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def junction(links: Links) -> Junction:
    found = provision_junction(plan=plan_of_crossroads())
    found.patterns = [7]
    found.save()
    return found


def test_the_traffic_map_and_every_list_open(staff: Client, links: Links) -> None:
    note_seen(seen=[Seen(links["1>3"].pk, clock.now(), Source.DETECTOR, 4.0)])
    page = staff.get("/admin/traffic/linkstate/")
    assert page.status_code == 200
    assert 'id="traffic-map"' in page.content.decode()
    for name in ("link", "linksensor", "incident", "speedmodel", "priorityrequest", "signalcommand",
                 "prioritygrant", "patternorder"):  # fmt: skip
        assert staff.get(f"/admin/traffic/{name}/").status_code == 200, name
    link = links["1>3"]
    assert staff.get(f"/admin/traffic/link/{link.pk}/change/").status_code == 200
    assert LinkState.objects.count() == 1


def test_staff_tell_of_an_incident_and_clear_it(staff: Client, links: Links) -> None:
    form = {
        "kind": "accident", "severity": "3", "description": "Two cars",
        "geom": f"SRID=4326;POINT({LON + 0.001} {LAT})", "expected_until_0": "",
        "expected_until_1": "",
    }  # fmt: skip
    answer = staff.post("/admin/traffic/incident/add/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    found = Incident.objects.get()
    assert (found.kind, found.source, found.severity) == ("accident", "staff", 3)
    staff.post("/admin/traffic/incident/", {"action": "clear", "_selected_action": [found.pk]})
    found.refresh_from_db()
    assert found.cleared_at is not None
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"traffic.incident", "traffic.incident_cleared"} <= actions


def test_staff_order_a_pattern_of_the_list_only(staff: Client, junction: Junction) -> None:
    until = clock.now().astimezone(the_city().zone) + timedelta(hours=2)
    form = {
        "junction": junction.pk, "pattern": "255", "until_0": f"{until:%Y-%m-%d}",
        "until_1": f"{until:%H:%M:%S}",
    }  # fmt: skip
    refused = staff.post("/admin/traffic/patternorder/add/", form)
    assert refused.status_code == 200
    assert not PatternOrder.objects.exists()
    taken = staff.post("/admin/traffic/patternorder/add/", form | {"pattern": "7"})
    assert taken.status_code == 302, taken.context["errors"]
    assert PatternOrder.objects.get().pattern == 7
    staff.post(
        f"/admin/traffic/patternorder/{junction.pk}/delete/",
        {"post": "yes"},
    )
    assert not PatternOrder.objects.exists()


@pytest.mark.parametrize(
    ("rights", "mode"),
    [
        (["traffic.view_junction"], "local"),
        (["traffic.view_junction", "traffic.change_junction"], "shadow"),
    ],
)
def test_only_who_may_change_a_junction_commands_it(
    junction: Junction, rights: list[str], mode: str
) -> None:
    client = sign_in_with(*rights)
    order = {"action": "watch_in_shadow", "_selected_action": [junction.pk]}
    client.post("/admin/traffic/junction/", order)
    junction.refresh_from_db()
    assert junction.mode == mode


def test_patterns_are_ordered_only_by_who_may(junction: Junction) -> None:
    Junction.objects.update(patterns=[7])
    client = sign_in_with("traffic.view_patternorder", "traffic.view_junction")
    until = {"until_0": "2026-11-22", "until_1": "13:00"}
    order = {"junction": junction.pk, "pattern": 7, **until}
    assert client.post("/admin/traffic/patternorder/add/", order).status_code == 403
    assert not PatternOrder.objects.exists()


def test_the_junction_page_says_why_and_what_it_brought(staff: Client, junction: Junction) -> None:
    note_counts(junction=junction, sequence=1, period_s=30, counted=[Counted(1, 0, 1.0)])
    now = clock.now().replace(second=0, microsecond=0)
    JunctionMinute.objects.bulk_create(
        JunctionMinute(
            junction=junction, at=now - timedelta(days=day, minutes=minute),
            mode="adaptive" if day < 7 else "local", vehicles=10,
            waited_s=100 if day < 7 else 200, walker_longest_s=40,
        )
        for day in range(14)
        for minute in range(30)
    )  # fmt: skip
    page = staff.get(f"/admin/traffic/junction/{junction.pk}/change/").content.decode()
    assert "+50 %" in page
    assert "stuck" in page
