"""Without the city the app says so and shows what it last knew with its age, never as live."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import STATION, Town, Visit, card, see_map, take_picture

pytestmark = [pytest.mark.browser]


def wait_until_installed(page: Page) -> None:
    """The service worker stands and has taken the page over."""
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_function("caches.has('assets')")
    page.wait_for_function("caches.has('tiles')")


@pytest.fixture
def page(town: Town, visit: Visit) -> Page:
    town.station_has_taken(100)
    page = visit("#/parking", width=320, color_scheme="light")
    expect(card(page, STATION)).to_contain_text("194")
    return page


def assert_honest(page: Page) -> None:
    expect(page.get_by_test_id("offline")).to_contain_text("연결이 끊겼습니다")
    expect(page.get_by_test_id("offline")).to_contain_text("전 것입니다")
    expect(page.get_by_test_id("live-sign")).to_contain_text("마지막 정보")
    expect(card(page, STATION).locator(".mark")).to_have_class(re.compile("old"))
    expect(card(page, STATION)).to_contain_text("전 194면 비어 있었음")


def test_a_phone_in_a_tunnel_shows_the_age_of_what_it_shows(page: Page) -> None:
    page.context.set_offline(True)

    assert_honest(page)
    expect(page.get_by_test_id("announcer")).to_have_text("도시와 연결이 끊겼습니다.")
    take_picture(page, "offline-320")


def test_after_the_tunnel_it_is_live_again_and_has_missed_nothing(town: Town, page: Page) -> None:
    page.context.set_offline(True)
    expect(page.get_by_test_id("offline")).to_be_visible()
    town.station_has_taken(120)

    page.context.set_offline(False)

    expect(page.get_by_test_id("offline")).to_be_hidden()
    expect(card(page, STATION)).to_contain_text("174")
    expect(page.get_by_test_id("live-sign")).to_have_text("실시간")


def test_an_installed_app_opens_without_any_network(page: Page) -> None:
    see_map(page)
    wait_until_installed(page)
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")

    page.context.set_offline(True)
    page.reload()

    assert_honest(page)
    see_map(page)
    take_picture(page, "offline-reopened-320")


@pytest.fixture
def restarted(town: Town) -> Iterator[None]:
    yield
    if town.server.process is None:
        town.server.start()


@pytest.mark.usefixtures("restarted")
def test_a_city_that_goes_away_and_comes_back_is_met_again(town: Town, page: Page) -> None:
    town.server.stop()
    assert_honest(page)

    town.server.start()
    town.station_has_taken(130)

    expect(page.get_by_test_id("offline")).to_be_hidden(timeout=45_000)
    expect(card(page, STATION)).to_contain_text("164")


def test_it_can_be_installed(page: Page) -> None:
    manifest = page.evaluate(
        """fetch(document.querySelector('link[rel=manifest]').href).then((r) => r.json())"""
    )
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        assert page.evaluate("(src) => fetch(src).then((r) => r.status)", icon["src"]) == 200
