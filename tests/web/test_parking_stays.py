"""A driver and a resident: the best car park with its reasons, a space booked, a bay lent."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from citizen.demo.world.town import SEED, build_town
from tests.web.conftest import STATION, Town, Visit, card, faults_of_access, sign_in, take_picture

pytestmark = [pytest.mark.browser]
LENDER = "jiwoo"


def sign_up(page: Page, town: Town) -> None:
    """An account made on the spot, in English."""
    email = f"driver-{uuid4().hex[:8]}@dalbit.example"
    page.get_by_role("button", name="First time here?").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Code from the e-mail")).to_be_visible()
    page.get_by_label("Code from the e-mail").fill(town.server.code_mailed_to(email))
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_the_list_is_ranked_and_says_why(town: Town, visit: Visit) -> None:
    town.station_has_taken(100)
    page = visit("#/parking", locale="en-GB", with_map=False)

    ranked = page.get_by_test_id("ranked")
    expect(ranked.locator("li").filter(has_text="% chance of a space").first).to_be_visible()
    expect(ranked).to_contain_text("on foot")
    expect(page.get_by_text("Best for you first")).to_be_visible()
    take_picture(page, "parking-ranked")

    page.get_by_role("button", name="Roof").click()
    expect(ranked.locator("[data-site]")).to_have_count(1)
    expect(card(page, STATION)).to_be_visible()
    assert faults_of_access(page) == []


def test_the_sheet_tells_the_chance_how_sure_it_is_and_who_says_so(
    town: Town, visit: Visit
) -> None:
    town.station_has_taken(100)
    page = visit(f"#/parking/{STATION}", locale="en-GB", with_map=False)

    expect(page.get_by_test_id("now")).to_have_text("194 of 294 spaces free")
    expect(page.get_by_text(re.compile(r"\d+% sure"))).to_be_visible()
    expect(page.get_by_test_id("arrival")).to_contain_text(re.compile(r"free with \d+%"))
    expect(page.get_by_test_id("prices").first).to_contain_text("₩")
    page.get_by_text("Where this number comes from").click()
    expect(page.get_by_test_id("evidence")).to_contain_text("Gate, cars in")
    expect(page.get_by_test_id("outlook")).to_be_visible()

    page.get_by_role("button", name="I’m driving there").click()
    expect(page.get_by_text("You are counted among those").first).to_be_visible()
    take_picture(page, "parking-sheet")
    assert faults_of_access(page) == []


def test_a_space_is_quoted_held_paid_extended_and_given_up(town: Town, visit: Visit) -> None:
    """The walk: one number, its chance, and a space held for the driver."""
    town.station_has_taken(100)
    page = visit(f"#/parking/{STATION}", locale="en-GB", width=390, with_map=False)
    page.get_by_role("link", name="Book a space").click()
    page.get_by_role("button", name="Show the price").click()
    quote = page.get_by_test_id("quote")
    expect(quote).to_contain_text("Total")
    take_picture(page, "parking-quote")

    sign_up(page, town)
    page.get_by_label("Number plate").fill("12가3456")
    page.get_by_role("button", name="Hold this space").click()
    booking = page.get_by_test_id("booking")
    expect(booking).to_contain_text("The space is held for you.")
    booking.get_by_role("button", name=re.compile("confirm|Confirm")).click()
    expect(booking).to_contain_text("Your space is booked.")

    page.get_by_role("link", name="My bookings").click()
    mine = page.locator("[data-booking=confirmed]")
    expect(mine).to_contain_text("Booked")
    mine.get_by_role("button", name="Stay longer").click()
    mine.get_by_role("button", name="Show the price").click()
    expect(mine).to_contain_text("more.")
    mine.get_by_role("button", name="Stay until then").click()
    expect(mine).to_contain_text("You may stay until")
    take_picture(page, "parking-bookings")
    assert faults_of_access(page) == []

    mine.get_by_role("button", name="Cancel the booking").click()
    mine.get_by_role("button", name="Cancel the booking").first.click()
    expect(page.locator("[data-booking=cancelled]")).to_be_visible()


def test_a_time_that_is_over_is_refused_in_plain_words(town: Town, visit: Visit) -> None:
    page = visit(f"#/parking/{STATION}/book", with_map=False)
    page.get_by_label("시작").fill("2020-01-01T10:00")
    page.get_by_role("button", name="요금 보기").click()

    expect(page.locator(".trouble")).to_be_visible()
    expect(page.get_by_test_id("quote")).not_to_be_visible()


def test_a_resident_takes_the_bay_back_and_lends_it_anew(town: Town, visit: Visit) -> None:
    lender = next(person for person in build_town(SEED).people if person.key == LENDER)
    assert lender.email
    page = visit("#/lend", with_map=False)
    sign_in(page, town, lender.email)

    offer = page.get_by_test_id("offer")
    offer.get_by_role("button", name="그만 빌려주기").click()
    expect(page.get_by_text("내 자리를 되찾았습니다.").first).to_be_visible()
    page.get_by_role("button", name="토").click()
    page.get_by_role("button", name="빌려주기", exact=True).click()
    expect(offer).to_contain_text("월, 화, 수, 목, 금, 토요일")
    expect(offer).to_contain_text("예약 가능한 시간")
    take_picture(page, "parking-lend")
    assert faults_of_access(page) == []


@pytest.mark.parametrize("locale", ["ko-KR", "en-GB"])
def test_large_type_on_a_small_phone_breaks_nothing(town: Town, visit: Visit, locale: str) -> None:
    town.station_has_taken(100)
    page = visit(f"#/parking/{STATION}", width=320, locale=locale, with_map=False)
    page.add_style_tag(content="html { font-size: 200% }")
    expect(page.get_by_test_id("now")).to_be_visible()

    wide = page.evaluate("document.querySelector('.scroll').scrollWidth")
    assert wide <= page.evaluate("document.querySelector('.scroll').clientWidth") + 1
    take_picture(page, f"parking-large-{locale}")
