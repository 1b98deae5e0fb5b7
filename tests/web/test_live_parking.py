"""Numbers on the screen follow what the devices say, within the second, without a reload."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import STATION, STREET, Town, Visit, card, take_picture

pytestmark = [pytest.mark.browser]


def test_a_car_through_the_gate_is_a_place_less_in_the_list(town: Town, visit: Visit) -> None:
    town.station_has_taken(100)
    page = visit("#/parking", locale="en-GB", with_map=False)
    expect(card(page, STATION)).to_contain_text("194")

    town.station_has_taken(101)

    expect(card(page, STATION)).to_contain_text("193")
    expect(card(page, STATION)).to_contain_text("just now")


def test_a_full_street_says_so_in_word_shape_and_colour(town: Town, visit: Visit) -> None:
    town.street_bays(*[False] * 20)
    page = visit("#/parking")
    expect(card(page, STREET)).to_contain_text("여유")

    town.street_bays(*[True] * 20)

    mark = card(page, STREET).locator(".mark")
    expect(mark).to_have_class(re.compile("full"))
    expect(mark).to_have_text("만차")
    take_picture(page, "parking-full")


def test_the_sheet_of_a_site_follows_and_tells_a_screen_reader(town: Town, visit: Visit) -> None:
    town.station_has_taken(100)
    page = visit(f"#/parking/{STATION}", with_map=False)
    expect(page.get_by_test_id("now")).to_have_text("294면 중 194면 비어 있음")

    town.station_has_taken(110)

    expect(page.get_by_test_id("now")).to_have_text("294면 중 184면 비어 있음")
    expect(page.get_by_test_id("announcer")).to_have_text("역전 공영주차타워: 지금 184면 비어 있음")


def test_two_people_see_the_same(town: Town, visit: Visit) -> None:
    town.station_has_taken(100)
    desk = visit("#/parking", with_map=False)
    phone = visit("#/parking", width=320, locale="en-GB", with_map=False)
    for page in (desk, phone):
        expect(card(page, STATION)).to_contain_text("194")

    town.station_has_taken(294)

    for page, word in ((desk, "만차"), (phone, "Full")):
        expect(card(page, STATION)).to_contain_text(word)


def test_a_car_park_that_does_not_exist_is_said_not_to(town: Town, visit: Visit) -> None:
    page = visit("#/parking/P-NOWHERE", with_map=False)

    expect(page.get_by_text("이 주차장을 찾을 수 없습니다.")).to_be_visible()
