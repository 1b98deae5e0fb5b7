"""The walk of a ride: Halmeoni Kim's daughter asks, takes an offer and sees the van come; strangers
join and her times hold; the van breaks down, and the next one is told before she is."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from apps.drt.core.quoting import Kind
from citizen.demo.movement.phones import Phone
from citizen.demo.world.town import SEED, build_town
from tests.web.conftest import Town, Visit, faults_of_access, see_map, sign_in, take_picture

pytestmark = [pytest.mark.browser]
FROM, TO = "윗달빛 경로당", "달빛도서관"
WITHIN_MS = 30_000


def desk(town: Town, order: str) -> Any:
    command = [sys.executable, "-m", "tests.support.ride_desk", order]
    done = subprocess.run(
        command, env=dict(town.server.environment()), cwd=settings.BASE_DIR, check=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def dispatching(town: Town) -> Iterator[None]:
    """The `dispatch` process of this town."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "dispatch"], env=dict(town.server.environment()),
        cwd=settings.BASE_DIR,
    )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        process.wait()
        desk(town, "close")


def test_the_walk_of_a_ride(town: Town, visit: Visit) -> None:
    told = desk(town, "open")
    with dispatching(town):
        driver = at_work(visit, town, told["driver"])
        rider = visit("#/rides", locale="ko-KR", width=390)
        ask_and_compare(rider)
        take_the_least_walk(rider, town, told["daughter"])
        promised = promises_of(rider)

        the_van_comes(rider, driver)
        for token in told["strangers"]:
            join(town, token)
        expect(calls(driver)).to_have_count(6)
        assert promises_of(rider) == promised
        expect(rider.get_by_text("약속대로 운행 중입니다.")).to_be_visible()
        board(driver)
        expect(state_of(rider)).to_have_attribute("data-state", "onboard")
        take_picture(rider, "ride-onboard")

        second = at_work(visit, town, desk(town, "second")["driver"])
        break_down(driver)
        expect(second.get_by_test_id("next")).to_be_visible(timeout=WITHIN_MS)
        take_picture(second, "ride-driver-rescue")
        expect(rider.get_by_test_id("reason")).to_have_text("차가 고장 나서 다른 차가 갑니다.")
        expect(state_of(rider)).to_have_attribute("data-state", re.compile("confirmed|approaching"))
        take_picture(rider, "ride-rescued")
        give_up(rider)


def at_work(visit: Visit, town: Town, email: str) -> Page:
    """A driver's screen, with the shift begun and the position shared."""
    spot = where(FROM)
    page = visit(
        "#/rides/drive", locale="ko-KR", width=390, with_map=False, permissions=["geolocation"],
        geolocation={"longitude": spot[0], "latitude": spot[1]},
    )  # fmt: skip
    sign_in(page, town, email)
    page.get_by_role("button", name="근무 시작").click()
    expect(page.get_by_test_id("shift")).to_have_attribute("data-duty", "active")
    return page


def where(name: str) -> tuple[float, float]:
    place = next(place for place in build_town(SEED).places if place.name_ko == name)
    return place.lon, place.lat


def ask_and_compare(page: Page) -> None:
    """The best of each kind for one on foot; then the wheelchair comes with her."""
    for field, name in (("#ride-from", FROM), ("#ride-to", TO)):
        page.locator(field).press_sequentially(name)
        page.get_by_role("option", name=name).first.click()
    take_picture(page, "ride-ask")
    assert faults_of_access(page) == []
    page.get_by_role("button", name="차량 찾기").click()
    offers = page.locator("[data-offer]")
    for kind in Kind:  # one ride may be the best of several kinds: the roads of the hour decide
        expect(page.locator(f"[data-offer*={kind}]")).to_have_count(1)
    take_picture(page, "ride-offers")
    assert faults_of_access(page) == []
    page.get_by_role("button", name="조건 바꾸기").click()
    page.get_by_role("button", name="휠체어 늘리기").click()
    page.get_by_role("button", name="차량 찾기").click()
    expect(offers.first).to_be_visible()
    take_picture(page, "ride-offers-wheelchair")


def take_the_least_walk(page: Page, town: Town, email: str) -> None:
    nearest = page.locator("[data-offer*=least_walk]")
    nearest.get_by_role("button", name="이 차 타기").click()
    sign_in(page, town, email)
    expect(state_of(page)).to_have_attribute("data-state", re.compile("confirmed|approaching"))
    take_picture(page, "ride-booked")


def state_of(page: Page) -> Any:
    return page.get_by_test_id("ride")


def promises_of(page: Page) -> list[str]:
    """The promised window and the latest arrival, as they stand on the screen."""
    lines = page.get_by_test_id("promise")
    expect(lines).to_have_count(2)
    return [str(text) for text in lines.all_text_contents()]


def the_van_comes(rider: Page, driver: Page) -> None:
    expect(state_of(rider)).to_have_attribute("data-state", "approaching", timeout=WITHIN_MS)
    see_map(rider)
    expect(rider.locator(".ride-mark.van")).to_be_attached(timeout=WITHIN_MS)
    take_picture(rider, "ride-approaching")
    driver.get_by_role("button", name="확인했습니다").click()
    expect(driver.get_by_role("button", name="확인했습니다")).to_have_count(0)
    expect(driver.get_by_text("휠체어")).to_be_visible()
    take_picture(driver, "ride-driver-next")
    assert faults_of_access(driver) == []
    driver.get_by_role("button", name="도착했습니다").click()
    expect(state_of(rider)).to_have_attribute("data-state", "arrived")


def join(town: Town, token: str) -> None:
    """A stranger on the same way takes what is offered first."""
    ends = {name: dict(zip(("lon", "lat"), where(place), strict=True))
            for name, place in (("origin", "달빛장"), ("destination", TO))}  # fmt: skip
    wish = {**ends, "depart_after": datetime.now(UTC).isoformat(), "party": {"seats": 1}}
    with closing(Phone(town.url, token)) as phone:
        quote = phone.post("/api/v1/drt/quotes", wish)
        phone.post("/api/v1/drt/bookings", {"offer": quote["offers"][0]["offer"]})


def calls(driver: Page) -> Any:
    """Who boards and who leaves, one by one."""
    return driver.locator(".call, ol li")


def board(driver: Page) -> None:
    driver.get_by_role("button", name="탔습니다", exact=True).first.click()


def break_down(driver: Page) -> None:
    driver.get_by_role("button", name="고장", exact=True).click()
    driver.get_by_role("button", name="네, 알립니다").click()
    expect(driver.get_by_test_id("shift")).to_have_attribute("data-duty", "broken")


def give_up(rider: Page) -> None:
    rider.get_by_role("button", name="예약 취소").click()
    rider.get_by_role("button", name="네, 취소합니다").click()
    expect(state_of(rider)).to_have_attribute("data-state", "cancelled_by_rider")
