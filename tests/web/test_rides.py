"""A ride in the web app: asked for, compared, taken, watched, and rescued when the van breaks
down. Tomorrow at noon, so that it runs at any hour of the day."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from playwright.sync_api import Page, expect

from citizen.demo.scenario import url_of
from tests.support.server import TownServer
from tests.web.conftest import Town, Visit, faults_of_access, take_picture

RIDER = "rider-01@dalbit.example"
TOMORROW = (datetime.now(UTC).astimezone(ZoneInfo("Asia/Seoul")) + timedelta(days=1)).date()


def choose(page: Page, field: str, text: str) -> None:
    page.fill(field, text)
    expect(page.locator(f"{field}-hits [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def ask(page: Page) -> None:
    """By wheelchair from the hospital to the station, tomorrow at noon."""
    choose(page, "#ride-from", "Dalbit General Hospital")
    choose(page, "#ride-to", "Dalbit Station")
    page.get_by_label("Depart at").check()
    page.fill("#ride-day", TOMORROW.isoformat())
    page.fill("#ride-time", "12:00")
    page.get_by_role("button", name="Show rides").click()


def take_first(page: Page, town: Town) -> None:
    page.get_by_role("button", name="Take this ride").first.click()
    page.fill("#email", RIDER)
    page.locator("form button.main").first.click()
    expect(page.locator("#code")).to_be_visible()
    page.fill("#code", town.server.code_mailed_to(RIDER))
    page.locator("form button.main").click()


def vehicle_of(server: TownServer, booking: str) -> int:
    query = "SELECT shift_id FROM drt_booking WHERE code = %s"
    with psycopg.connect(url_of(server.database)) as link:
        row = link.execute(query, [booking]).fetchone()
    assert row is not None
    return int(row[0])


def manage(server: TownServer, code: str) -> None:
    """Something that happens in the town, outside of the rider's app."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", code], env=dict(server.environment()),
        cwd=settings.BASE_DIR, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def dispatcher(server: TownServer) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "dispatch"], env=dict(server.environment()),
        cwd=settings.BASE_DIR,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


BREAK_DOWN = """
from apps.drt.models import Shift
from apps.drt.services.shifts import report_breakdown
report_breakdown(code=Shift.objects.get(pk={shift}).code, actor="driver")
"""


def test_a_ride_is_asked_for_taken_and_rescued(visit: Visit, town: Town) -> None:
    page = visit("#/rides", locale="en-GB", with_map=False)
    ask(page)
    expect(page.locator("[data-offer]").first).to_be_visible()
    assert faults_of_access(page) == []
    take_picture(page, "rides-offers")
    take_first(page, town)

    ride = page.get_by_test_id("ride")
    expect(ride).to_have_attribute("data-state", "confirmed")
    expect(page.get_by_text("As promised.")).to_be_visible()
    assert faults_of_access(page) == []
    take_picture(page, "rides-watch")

    booking = page.url.rsplit("/", 1)[-1]
    shift = vehicle_of(town.server, booking)
    manage(town.server, BREAK_DOWN.format(shift=shift))
    expect(ride).to_have_attribute("data-state", "seeking")
    expect(page.get_by_test_id("reason")).to_contain_text("broke down")

    with dispatcher(town.server):
        expect(ride).to_have_attribute("data-state", "confirmed", timeout=60_000)
    assert vehicle_of(town.server, booking) != shift

    page.get_by_role("button", name="Give up this ride").click()
    page.get_by_role("button", name="Yes, give it up").click()
    expect(ride).to_have_attribute("data-state", "cancelled_by_rider")


def test_it_says_what_is_missing(visit: Visit) -> None:
    page = visit("#/rides", locale="en-GB", with_map=False)
    page.get_by_role("button", name="Show rides").click()
    expect(page.get_by_role("alert")).to_contain_text("from where and to where")


def test_only_drivers_have_a_shift(visit: Visit) -> None:
    page = visit("#/rides/drive", locale="en-GB", with_map=False)
    expect(page.get_by_role("heading", name="My shift")).to_be_visible()
    expect(page.locator("#email")).to_be_visible()


def test_the_service_area_is_open_to_everybody(town: Town) -> None:
    with urllib.request.urlopen(f"{town.url}/api/v1/drt/service-area") as answer:  # noqa: S310
        told: list[dict[str, Any]] = json.load(answer)
    assert told[0]["code"] == "dalbit-call"
