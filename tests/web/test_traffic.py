"""Streets that flow and stand, what happens on them, and lights that walkers wait for; and what
staff see of a junction."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Town, Visit, faults_of_access, see_map, take_picture
from tests.web.test_alerts import desk as alert_desk
from tests.web.test_alerts import officer
from tests.web.test_ways import choose

pytestmark = [pytest.mark.browser]
DESK = [sys.executable, "-m", "tests.support.traffic_desk"]


def desk(town: Town, *order: str) -> str:
    done = subprocess.run(
        [*DESK, *order], env=dict(town.server.environment()), cwd=settings.BASE_DIR, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout.strip()


@contextmanager
def lights(town: Town, aspect: str, least_s: int) -> Iterator[None]:
    with subprocess.Popen(
        [*DESK, "lights", aspect, str(least_s)], env=dict(town.server.environment()),
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
    ) as shining:  # fmt: skip
        try:
            assert shining.stdout is not None
            assert shining.stdout.readline()
            yield
        finally:
            shining.terminate()


def test_the_roads_are_seen_to_stand_and_to_flow_again(town: Town, visit: Visit) -> None:
    desk(town, "roads")
    page = visit("", locale="en-GB")
    near = page.get_by_test_id("incidents")
    expect(near).to_contain_text("Road works")
    expect(near).to_contain_text("Expect delay")
    assert faults_of_access(page) == []
    page.get_by_role("button", name="Show traffic").click()
    see_flow(page)
    expect(page.get_by_test_id("flow-legend")).to_contain_text("jammed")
    assert faults_of_access(page) == []
    take_picture(page, "traffic-map")

    phone = visit("", width=390, locale="ko-KR", color_scheme="dark")
    expect(phone.get_by_test_id("incidents")).to_contain_text("상수도관 교체")
    assert faults_of_access(phone) == []
    phone.get_by_role("button", name="교통 상황 보기").click()
    see_flow(phone)
    expect(phone.get_by_test_id("flow-legend")).to_contain_text("정체")
    take_picture(phone, "traffic-phone-dark")

    desk(town, "clear")
    expect(page.get_by_test_id("incidents")).to_have_count(0)


def see_flow(page: Page) -> None:
    """Streets are coloured by how they flow, not only marked by what happens."""
    legend = page.get_by_test_id("flow-legend")
    expect(legend).not_to_have_attribute("data-links", "0", timeout=30_000)
    see_map(page)


def on_the_way(page: Page, *, language: str) -> None:
    """Walked by the app itself, from the station to where the first lights are."""
    ends = {"ko": ("달빛역", "옛 달빛관아"), "en": ("Dalbit Station", "Old Town Hall")}[language]
    names = {"ko": ("출발", "도착", "길 찾기", "모의 주행"),
             "en": ("From", "To", "Find the way", "Simulated walk")}[language]  # fmt: skip
    choose(page, names[0], ends[0])
    choose(page, names[1], ends[1])
    page.get_by_role("button", name=names[2]).click()
    expect(page.get_by_test_id("way")).to_be_visible()
    page.get_by_role("button", name=names[3]).click()


@pytest.mark.parametrize(
    ("aspect", "least_s", "language", "words"),
    [
        ("green", 25, "ko", "보행 신호"), ("red", 0, "en", "Wait for the green man"),
    ],
)  # fmt: skip
def test_the_lights_ahead_are_told(
    town: Town, visit: Visit, aspect: str, least_s: int, language: str, words: str
) -> None:
    locale, scheme = {"ko": ("ko-KR", "dark"), "en": ("en-GB", "light")}[language]
    with lights(town, aspect, least_s):
        page = visit("#/ways", width=390, locale=locale, color_scheme=scheme, with_map=False)
        on_the_way(page, language=language)
        card = page.get_by_test_id("signal")
        expect(card).to_contain_text(words, timeout=60_000)
        assert faults_of_access(page) == []
        take_picture(page, f"lights-{aspect}-{least_s}-{language}")


def test_staff_read_what_a_junction_does_and_what_it_brought(town: Town, browser: Browser) -> None:
    alert_desk(town, "staff")
    number = desk(town, "junction")
    park = officer(browser, town, "park")
    for language in ("en", "ko"):
        park.context.add_cookies([{"name": "django_language", "value": language, "url": town.url}])
        park.goto(f"{town.url}/admin/traffic/junction/{number}/change/")
        expect(park.get_by_text(re.compile("212"))).to_be_visible()
        park.screenshot(path=settings.BASE_DIR / ".run" / "pictures" / f"junction-{language}.png",
                        full_page=True)  # fmt: skip
        park.goto(f"{town.url}/admin/traffic/junction/")
        expect(park.locator("#result_list")).to_be_visible()
        take_picture(park, f"junctions-{language}")
