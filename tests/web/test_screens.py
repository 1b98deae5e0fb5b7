"""Every screen in every size, by day and by night, in both languages: seen, and read by axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import STATION, Town, Visit, faults_of_access, see_map, take_picture

pytestmark = [pytest.mark.browser]

SCREENS = {
    "home": "#/",
    "parking": "#/parking",
    "site": f"#/parking/{STATION}",
    "place": "#/near/37.43110,127.25950/달빛도서관",
    "me": "#/me",
}
VIEWS = (
    (320, "ko-KR", "light"),
    (320, "en-GB", "dark"),
    (768, "en-GB", "light"),
    (1280, "ko-KR", "dark"),
)


@pytest.fixture
def busy_town(town: Town) -> Town:
    town.station_has_taken(120)
    town.street_bays(*[True] * 17)
    return town


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(("width", "locale", "theme"), VIEWS)
def test_a_screen_is_for_everybody(
    busy_town: Town, visit: Visit, screen: str, width: int, locale: str, theme: str
) -> None:
    page = visit(SCREENS[screen], width=width, locale=locale, color_scheme=theme)
    if screen != "me":
        expect(page.get_by_test_id("live-sign")).to_have_class(re.compile("live"))
    see_map(page)

    take_picture(page, f"{screen}-{width}-{locale[:2]}-{theme}")

    assert not faults_of_access(page)
    assert not widest_overflow_px(page)


def widest_overflow_px(page: Page) -> int:
    """By how much the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_very_large_type_still_fits_a_small_phone(busy_town: Town, visit: Visit) -> None:
    page = visit("#/parking", width=320)
    page.add_style_tag(content="html { font-size: 200% }")
    see_map(page)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    take_picture(page, "parking-320-large-type")

    assert widest_overflow_px(page) <= 0


def test_less_motion_is_respected(busy_town: Town, visit: Visit) -> None:
    page = visit("#/parking", reduced_motion="reduce")
    expect(page.get_by_test_id("live-sign")).to_be_visible()

    moving = page.evaluate(
        "document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 1).length"
    )

    assert moving == 0
