"""The rides of the web app, before anybody signs in."""

import json
import urllib.request
from typing import Any

from playwright.sync_api import expect

from tests.web.conftest import Town, Visit


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
