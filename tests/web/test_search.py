"""From the first key to a car park's sheet without a mouse, as the combobox pattern promises."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Town, Visit, faults_of_access, take_picture

pytestmark = [pytest.mark.browser]


@pytest.fixture
def page(town: Town, visit: Visit) -> Page:
    town.station_has_taken(100)
    page = visit("", width=320)
    expect(page.get_by_test_id("live-sign")).to_be_visible()
    return page


def search(page: Page, text: str) -> None:
    page.get_by_role("combobox").press_sequentially(text)
    expect(page.get_by_role("option").first).to_be_visible()


def press_until(page: Page, key: str, wanted: str) -> None:
    """Press a key until the focus is on what `wanted` selects."""
    for _ in range(30):
        page.keyboard.press(key)
        if page.evaluate("(css) => document.activeElement?.matches(css)", wanted):
            return
    raise AssertionError(f"{key} never leads to {wanted}")


def test_by_keyboard_alone_from_search_to_a_car_park(page: Page) -> None:
    press_until(page, "Tab", "[role=combobox]")
    page.keyboard.type("도서관")
    expect(page.get_by_role("option").first).to_contain_text("달빛도서관")
    take_picture(page, "search-320")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-activedescendant", "hit-0")
    page.keyboard.press("Enter")

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("달빛도서관")
    expect(heading).to_be_focused()

    press_until(page, "Tab", "[data-site=P-STATION]")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("역전 공영주차타워")
    expect(heading).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("달빛도서관")


def test_the_list_is_walked_round_and_closed_by_keys(page: Page) -> None:
    search(page, "달빛")
    box, options = page.get_by_role("combobox"), page.get_by_role("option")
    last = options.count() - 1
    box.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", f"hit-{last}")
    expect(options.nth(last)).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "hit-0")
    assert not faults_of_access(page)

    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("달빛")
    box.press("Escape")
    expect(box).to_have_value("")


def test_a_typing_error_is_forgiven_and_english_finds_korean(page: Page) -> None:
    search(page, "Dalbit Libary")
    expect(page.get_by_role("option").first).to_contain_text("달빛도서관")


def test_nothing_found_is_said_in_words_and_to_the_ear(page: Page) -> None:
    page.get_by_role("combobox").press_sequentially("qxqxqx")

    expect(page.get_by_text("‘qxqxqx’ 검색 결과가 없습니다.").first).to_be_visible()
    expect(page.get_by_test_id("announcer")).to_have_text("‘qxqxqx’ 검색 결과가 없습니다.")


def test_a_search_that_does_not_answer_is_said_so(town: Town, visit: Visit) -> None:
    page = visit("", service_workers="block")  # they hide requests from the test
    page.route("**/api/v1/city/search*", lambda route: route.abort())
    page.get_by_role("combobox").press_sequentially("달빛")

    expect(page.get_by_text("도시에 연결할 수 없습니다").first).to_be_visible()
