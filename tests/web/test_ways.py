"""Sora's way in the browser: found, explained, walked, turned by a broken lift, seen by camera."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import (
    Town,
    Visit,
    faults_of_access,
    see_map,
    take_picture,
)

pytestmark = [pytest.mark.browser]

LIFT = "LIFT-DALOREUM"
PROFILE = "이동 방식"


@pytest.fixture(autouse=True)
def lift_works(town: Town) -> Iterator[None]:
    town.server.observe("GW-LIFT", **{LIFT: 1})
    yield
    town.server.observe("GW-LIFT", **{LIFT: 1})


def choose(page: Page, field: str, text: str) -> None:
    box = page.get_by_role("combobox", name=field, exact=True)
    box.fill(text)
    page.get_by_role("option", name=re.compile(text)).first.click()


def sora_asks(page: Page) -> None:
    choose(page, "출발", "달빛역")
    choose(page, "도착", "옛 달빛관아")
    page.get_by_label(PROFILE, exact=True).select_option("wheelchair_manual")
    page.get_by_role("button", name="길 찾기").click()
    expect(page.get_by_test_id("way")).to_be_visible()


def test_sora_reads_why_the_shorter_way_is_closed_and_how_much_is_known(visit: Visit) -> None:
    page = visit("#/ways")
    sora_asks(page)
    why = page.get_by_test_id("why")
    expect(why).to_contain_text("계단 4단")
    expect(why).to_contain_text("9 cm")
    expect(page.get_by_text("이 길의 턱은 모두 조사되어 있습니다.")).to_be_visible()
    expect(page.get_by_test_id("steps").get_by_role("listitem").last).to_contain_text("도착")
    assert not faults_of_access(page)
    see_map(page)
    take_picture(page, "ways-found")


def test_on_a_phone_in_the_dark_and_in_english(visit: Visit) -> None:
    page = visit("#/ways", width=390, locale="en-GB", color_scheme="dark")
    choose(page, "From", "Dalbit Station")
    choose(page, "To", "Old Town Hall")
    page.get_by_label("How you move", exact=True).select_option("wheelchair_manual")
    page.get_by_role("button", name="Find the way").click()
    expect(page.get_by_test_id("why")).to_contain_text("4 steps without a ramp")
    page.get_by_role("button", name="Show more").click()
    assert not faults_of_access(page)
    take_picture(page, "ways-phone-dark")


def test_halfway_the_lift_fails_and_her_phone_turns_her(town: Town, visit: Visit) -> None:
    page = visit("#/ways")
    sora_asks(page)
    page.get_by_role("button", name="모의 주행").click()
    expect(page.get_by_test_id("progress")).to_be_visible()

    town.server.observe("GW-LIFT", **{LIFT: 0})

    expect(page.get_by_test_id("notice")).to_contain_text("승강기 고장")
    expect(page.get_by_test_id("notice")).to_contain_text("다른 길")
    take_picture(page, "ways-turned")
    page.get_by_role("button", name="안내 종료").click()
    expect(page.get_by_test_id("way")).to_be_visible()


def test_a_place_shows_the_way_to_it(visit: Visit) -> None:
    page = visit("#/near/37.43372,127.25503/%EC%98%9B%20%EA%B4%80%EC%95%84", with_map=False)
    page.get_by_role("link", name="여기로 가는 길").click()
    expect(page.get_by_role("combobox", name="도착", exact=True)).to_have_value("옛 관아")


def test_what_is_missing_is_said(visit: Visit) -> None:
    page = visit("#/ways", with_map=False)
    page.get_by_role("button", name="길 찾기").click()
    expect(page.get_by_test_id("refusal")).to_contain_text("출발지와 도착지를 알려 주세요")


def test_an_end_is_chosen_by_a_tap_on_the_map(visit: Visit) -> None:
    page = visit("#/ways")
    see_map(page)
    page.get_by_role("button", name="지도에서 선택").first.click()
    page.locator("canvas.maplibregl-canvas").click(position={"x": 300, "y": 400})
    expect(page.get_by_role("combobox", name="출발", exact=True)).to_have_value("지도에서 고른 곳")


def test_a_barrier_is_reported_with_a_tap_on_the_map(visit: Visit) -> None:
    page = visit("#/ways")
    see_map(page)
    page.get_by_role("button", name="장애물 제보").click()
    page.locator("canvas.maplibregl-canvas").click(position={"x": 320, "y": 380})
    expect(page.get_by_test_id("report-where")).to_contain_text("37.4")
    page.get_by_label("종류", exact=True).select_option("debris")
    assert not faults_of_access(page)
    page.get_by_role("button", name="제보 보내기").click()
    expect(page.get_by_test_id("report-done")).to_contain_text("고맙습니다")
