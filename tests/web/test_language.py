"""Korean and English whole: guessed from the browser, chosen by the person, remembered."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import STATION, Town, Visit, card

pytestmark = [pytest.mark.browser]


def language_of(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


@pytest.mark.parametrize(
    ("locale", "language", "title"),
    [("ko-KR", "ko", "지금 주차"), ("en-US", "en", "Parking now"), ("ja-JP", "en", "Parking now")],
)
def test_it_speaks_the_browsers_language_or_else_english(
    town: Town, visit: Visit, locale: str, language: str, title: str
) -> None:
    page = visit("#/parking", locale=locale, with_map=False)

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert language_of(page) == language


def test_a_choice_changes_all_at_once_and_is_remembered(town: Town, visit: Visit) -> None:
    page = visit("#/me", with_map=False)
    page.get_by_role("radio", name="English").check()

    expect(page.get_by_role("heading", level=1)).to_have_text("Me")
    expect(page.get_by_role("link", name="Parking")).to_be_visible()
    expect(page).to_have_title("Me · Dalbit · Citizen")
    assert language_of(page) == "en"

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Me")
    page.get_by_role("link", name="Parking").click()
    expect(card(page, STATION)).to_contain_text("Station Parking Tower")
