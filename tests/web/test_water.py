"""Water on the map and beside it: levels with their trend, flooded streets, and when it is over."""

import subprocess
import sys

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.web.conftest import Town, Visit, faults_of_access, see_map, take_picture

pytestmark = [pytest.mark.browser]


def water(town: Town, order: str) -> None:
    command = [sys.executable, "-m", "tests.support.water_desk", order]
    subprocess.run(command, env=dict(town.server.environment()), cwd=settings.BASE_DIR, check=True)


def test_the_water_is_seen_to_come_and_to_go(town: Town, visit: Visit) -> None:
    water(town, "rise")
    page = visit("", locale="en-GB")
    gauge = page.get_by_test_id("gauges").locator("li", has_text="Dalbit Bridge")
    expect(gauge).to_contain_text("3.7 m")
    expect(gauge).to_contain_text("alarm level")
    expect(gauge).to_contain_text("rising")
    flooded = page.get_by_test_id("flooded").locator("li", has_text="강변로")
    expect(flooded).to_contain_text("up to 0.6 m deep")
    assert faults_of_access(page) == []
    flooded.get_by_role("button").click()
    see_map(page)
    take_picture(page, "water-map")

    phone = visit("", width=390, locale="ko-KR", color_scheme="dark")
    expect(phone.get_by_test_id("gauges")).to_contain_text("경계 수위")
    expect(phone.get_by_test_id("flooded")).to_contain_text("최대 깊이 0.6m")
    see_map(phone)
    take_picture(phone, "water-phone")

    water(town, "fall")
    expect(gauge).to_contain_text("2.9 m")
    expect(page.get_by_test_id("flooded")).to_have_count(0)
