"""Sora talks with the city on the web: by words, buttons, and where she stands."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Visit, faults_of_access, take_picture

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(
    ("locale", "hello", "menu"),
    [
        ("ko-KR", "인사하기", "상담원과 이야기하기"),
        ("en-GB", "Say hello", "Talk to a person"),
    ],
)
def test_the_assistant_offers_what_it_can_do(
    visit: Visit, locale: str, hello: str, menu: str
) -> None:
    page = visit("#/chat", width=320, locale=locale, with_map=False)
    page.get_by_role("button", name=hello).click()
    choices = page.get_by_role("listitem").get_by_role("button")
    expect(choices.filter(has_text=menu).first).to_be_visible()
    take_picture(page, f"chat-{locale}")
    assert faults_of_access(page) == []
    assert choices.count() > 3


def test_what_was_said_is_there_after_coming_back(visit: Visit) -> None:
    page = visit("#/chat", locale="en-GB", with_map=False)
    page.get_by_label("Write a message").fill("good morning to the whole city hall")
    page.get_by_role("button", name="Send", exact=True).click()
    words = page.get_by_text("good morning to the whole city hall")
    expect(words).to_be_visible()
    expect(page.get_by_role("list", name="Answers to choose from")).to_be_visible()
    page.reload()
    expect(words).to_be_visible()
    expect(page.get_by_role("list", name="Answers to choose from")).to_be_visible()
