"""Where somebody is, is asked only when they want to use it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import STATION, STREET, Town, Visit, card, take_picture

pytestmark = [pytest.mark.browser]

NEAR_ME = "내 주변"
LONDON = {"latitude": 51.5, "longitude": -0.12}


def beside(town: Town, visit: Visit, site: str) -> Any:
    """The position of a car park, as the API tells it."""
    page = visit("", with_map=False)
    row = page.evaluate(
        "(url) => fetch(url).then((r) => r.json())", f"/api/v1/parking/sites/{site}"
    )
    return {"latitude": row["lat"], "longitude": row["lon"]}


def test_nobody_is_asked_for_their_position_without_need(town: Town, visit: Visit) -> None:
    page = visit("about:blank")
    page.add_init_script(
        "navigator.geolocation.getCurrentPosition = () => { window.asked = true };"
        "navigator.geolocation.watchPosition = () => { window.asked = true };"
    )
    page.goto(f"{town.url}/#/parking")
    expect(card(page, STATION)).to_be_visible()
    assert page.evaluate("window.asked") is None

    page.get_by_role("button", name=NEAR_ME).first.click()

    assert page.evaluate("window.asked") is True


def test_near_me_puts_the_nearest_first(town: Town, visit: Visit) -> None:
    here = beside(town, visit, STREET)
    page = visit("#/parking", geolocation=here, permissions=["geolocation"], with_map=False)
    expect(card(page, STATION)).to_be_visible()

    page.get_by_role("button", name=NEAR_ME).first.click()

    page.get_by_role("button", name="가까운 순", exact=True).click()
    expect(page.locator("[data-site]").first).to_have_attribute("data-site", STREET)
    expect(page.get_by_text("내 위치에서 가까운 순")).to_be_visible()
    take_picture(page, "near-me")


def test_somebody_far_away_is_told_and_still_sees_the_city(town: Town, visit: Visit) -> None:
    page = visit("#/parking", geolocation=LONDON, permissions=["geolocation"], with_map=False)
    page.get_by_role("button", name=NEAR_ME).first.click()

    expect(page.get_by_role("alert")).to_contain_text("달빛 밖인 것 같습니다")
    page.get_by_role("button", name="가까운 순", exact=True).click()
    expect(page.get_by_text("도심에서 가까운 순")).to_be_visible()


def test_a_refusal_is_respected_and_explained(town: Town, visit: Visit) -> None:
    page = visit("#/parking", with_map=False)
    page.context.clear_permissions()
    page.context.grant_permissions([])
    page.get_by_role("button", name=NEAR_ME).first.click()

    expect(page.get_by_role("alert")).to_contain_text("위치 사용이 허용되지 않았습니다")
