"""What staff see and do: reports to review, lifts, builds."""

import io
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.gis.geos import Point
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from apps.accounts.models import User
from apps.base.models import AuditEntry
from apps.city.models import Obstruction
from apps.navigation.admin.reports import ObstacleReportAdmin
from apps.navigation.models import GraphBuild, Lift, ObstacleReport
from apps.navigation.services.lifts import LiftPlan, provision_lift
from apps.navigation.services.obstacles import report_obstacle
from tests.navigation.test_town import TOWN_LIFT, block
from tests.support.world import sign_in_staff

REPORT = {"segments_n": 12, "length_m": 3400.0, "synthetic_m": 0.0, "crossings_n": 4,
          "crossings_without_kerb_n": 1, "islands_n": 2, "island_m": 120.0,
          "known_share": {"lit": 0.5}, "segments_by_kind": {"footway": 12},
          "driving": {"length_m": 900.0}}  # fmt: skip


@pytest.fixture
def staff(chief: User, client: Client, settings: Any, tmp_path: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    sign_in_staff(client, chief)
    return client


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"admin:navigation_{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_staff_review_a_report_with_its_photo(walkable: GraphBuild, staff: Client) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    row = report_obstacle(
        person=None, kind="debris", lon=TOWN_LIFT.lon, lat=TOWN_LIFT.lat, photo=out.getvalue()
    )
    shown = page(staff, "obstaclereport_change", row.pk)
    assert "data:image/jpeg;base64," in shown
    assert "shown_map" in shown
    url = reverse("admin:navigation_obstaclereport_changelist")
    staff.post(url, {"action": "confirm", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.state == Obstruction.State.CONFIRMED
    assert AuditEntry.objects.filter(subject=f"obstruction:{row.code}").count() == 2


def test_only_citizens_reports_are_listed(walkable: GraphBuild, staff: Client) -> None:
    block("debris", Point(TOWN_LIFT.lon, TOWN_LIFT.lat, srid=4326), description="by a crew")
    report_obstacle(
        person=None, kind="ice", lon=TOWN_LIFT.lon, lat=TOWN_LIFT.lat, description="by a citizen"
    )
    rows = ObstacleReportAdmin(ObstacleReport, admin.site).get_queryset(RequestFactory().get("/"))
    assert [row.description for row in rows] == ["by a citizen"]


def test_staff_say_a_lift_is_out_of_order(walkable: GraphBuild, staff: Client) -> None:
    lift = provision_lift(LiftPlan(
        code="town-lift", names={"": "승강기"}, lon=TOWN_LIFT.lon, lat=TOWN_LIFT.lat,
        osm_type="way", osm_id=TOWN_LIFT.way_id or 0,
    ))  # fmt: skip
    page(staff, "lift_change", lift.pk)
    url = reverse("admin:navigation_lift_changelist")
    staff.post(url, {"action": "say_out", "_selected_action": [lift.pk]})
    assert Lift.objects.get().state == Lift.State.OUT
    staff.post(url, {"action": "say_working", "_selected_action": [lift.pk]})
    assert not Obstruction.objects.open().exists()


def test_a_build_shows_its_report(walkable: GraphBuild, staff: Client) -> None:
    walkable.report = REPORT
    walkable.save()
    assert "1 / 4" in page(staff, "graphbuild_changelist")
    shown = page(staff, "graphbuild_change", walkable.pk)
    assert "3.4 km" in shown
    assert "50%" in shown


def test_building_without_a_map_says_so(walkable: GraphBuild, staff: Client) -> None:
    answer = staff.get(reverse("admin:navigation_graphbuild_build_now"), follow=True)
    assert answer.status_code == 200
    assert GraphBuild.objects.count() == 1
