"""What staff see of gauges, models, rivers and buildings."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.base import clock
from apps.base.clock import Hand
from apps.hazards.core.charts import Hydrograph, Point, draw
from apps.hazards.models import HourlyValue, InspectionOrder, ModelVersion, Station, Structure
from apps.hazards.services.provisioning import provision_structure
from tests.hazards.conftest import UNDERPASS, Valley
from tests.support.world import sign_in_staff

PAGES = (
    "station", "catchment", "qualitynote", "rainforecast", "modelversion", "forecast", "reach",
    "inundationstep", "underpass", "structure", "structurewindow", "inspectionorder", "detector",
)  # fmt: skip


@pytest.fixture
def desk(valley: Valley, chief: User, client: Client) -> Client:
    sign_in_staff(client, chief)
    valley.say(("stage.bridge", 1.95))
    return client


@pytest.mark.parametrize("page", PAGES)
def test_every_list_opens(desk: Client, page: str) -> None:
    assert desk.get(reverse(f"admin:hazards_{page}_changelist")).status_code == 200


def test_a_gauge_is_shown_with_its_curve_and_levels(desk: Client) -> None:
    station = Station.objects.get(code="BRIDGE")

    page = desk.get(reverse("admin:hazards_station_change", args=[station.pk]))
    drawn = desk.get(f"/admin/hazards/station/{station.pk}/hydrograph.svg")

    assert b"<svg" in page.content
    assert drawn["Content-Type"] == "image/svg+xml"
    assert b"1.8" in drawn.content


def test_what_if_says_what_it_cannot_know(desk: Client) -> None:
    station = Station.objects.get(code="BRIDGE")

    for query in ("", "?stage_m=3.5", "?stage_m=high", "?stage_m=1e99"):
        page = desk.get(f"/admin/hazards/station/{station.pk}/what-if/{query}")
        assert page.status_code == 200
    assert desk.get(f"/admin/hazards/station/{station.pk}/what-if/?forecast=x").status_code == 404


def test_pages_are_for_those_who_may_see_gauges(
    valley: Valley, client: Client, people: Any
) -> None:
    sign_in_staff(client, people.park.user)
    station = Station.objects.get(code="BRIDGE")

    assert client.get(f"/admin/hazards/station/{station.pk}/hydrograph.svg").status_code == 403


def train(desk: Client) -> Any:
    station = Station.objects.get(code="BRIDGE")
    url = reverse("admin:hazards_station_changelist")
    return desk.post(url, {"action": "train", "_selected_action": [station.pk]}, follow=True)


def test_training_needs_a_year_of_record_and_waits_for_a_worker(desk: Client) -> None:
    train(desk)
    assert not ModelVersion.objects.exists()
    station = Station.objects.get(code="BRIDGE")
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    HourlyValue.objects.bulk_create(
        HourlyValue(station=station, hour_at=now - timedelta(hours=n), value=1.0)
        for n in range(3, 24 * 301)
    )

    train(desk)
    train(desk)

    (version,) = ModelVersion.objects.all()
    assert version.state == ModelVersion.State.WAITING


def test_an_order_is_closed_by_writing_down_what_was_found(desk: Client, hand: Hand) -> None:
    structure = provision_structure(
        code="school", names={"en": "School"}, footprint=UNDERPASS, height_m=9.0,
        line=Structure.Line.SENSITIVE,
    )  # fmt: skip
    order = InspectionOrder.objects.create(
        structure=structure, reason="3.6 mm/s", opened_at=clock.now()
    )
    url = reverse("admin:hazards_inspectionorder_change", args=[order.pk])

    desk.post(url, {"found": "  "})
    order.refresh_from_db()
    assert order.closed_at is None
    desk.post(url, {"found": "No cracks."})

    order.refresh_from_db()
    assert order.found == "No cracks."
    assert str(order.closed_at) == str(clock.now())


def test_a_chart_escapes_what_it_is_told(hand: Hand) -> None:
    now = clock.now()
    chart = Hydrograph(
        title="<script>", unit="m", observed=[Point(now, 1.0)], now=now, levels=[("<b>", 1.1)]
    )

    drawn = draw(chart)

    assert "<script>" not in drawn
    assert "<b>" not in drawn
