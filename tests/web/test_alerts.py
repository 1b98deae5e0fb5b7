"""The walk of an alert: the inbox, a second officer's yes, a phone in the street, the all-clear."""

import re
import subprocess
import sys

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.support.alert_desk import PASSWORD
from tests.web.conftest import Town, Visit, take_picture

pytestmark = [pytest.mark.browser]


def desk(town: Town, order: str) -> None:
    command = [sys.executable, "-m", "tests.support.alert_desk", order]
    subprocess.run(command, env=dict(town.server.environment()), cwd=settings.BASE_DIR, check=True)


def officer(browser: Browser, town: Town, name: str) -> Page:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.goto(f"{town.url}/admin/login/?next=/admin/")
    page.fill("input[name=username]", f"{name}@dalbit.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page).to_have_url(re.compile(r"/admin/$"))
    return page


def test_a_flood_is_told_in_time_and_cleared(town: Town, visit: Visit, browser: Browser) -> None:
    desk(town, "staff")
    desk(town, "assess")
    phone = visit("", width=390, locale="en-GB", with_map=False)
    park, lee = officer(browser, town, "park"), officer(browser, town, "lee")

    park.goto(f"{town.url}/admin/hazards/assessment/")
    park.get_by_role("link", name="달빛천 수위 급상승").first.click()
    take_picture(park, "desk-assessment")
    park.get_by_role("link", name="Warn people").click()
    expect(park.get_by_role("heading", name="How it reads")).to_be_visible()
    take_picture(park, "desk-draft")
    park.get_by_role("button", name="Hand over for approval").click()
    expect(park.get_by_text("Waiting for a second officer")).to_be_visible()

    lee.goto(park.url)
    lee.get_by_role("button", name="Approve and send now").click()
    expect(lee.get_by_role("heading", name="How far it has come")).to_be_visible()
    take_picture(lee, "desk-board")

    banner = phone.get_by_test_id("alert-banner")
    expect(banner).to_contain_text("Flood")
    expect(phone.get_by_test_id("announcer")).to_contain_text("Go to higher ground now")
    banner.get_by_role("button", name="More").click()
    banner.get_by_role("button", name="I am safe").click()
    expect(banner.get_by_text("We know that you are safe")).to_be_visible()
    take_picture(phone, "alert-banner")

    desk(town, "all_clear")
    expect(banner).to_contain_text("All clear")
    take_picture(phone, "alert-all-clear")
    for page in (park, lee):
        page.context.close()
