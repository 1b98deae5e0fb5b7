"""The camera view: a real video element, and a device that is turned around."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.conftest import CHROMIUM, MAP_CHUNK, Town, take_picture
from tests.web.test_ways import sora_asks

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def camera_browser(town: Town) -> Iterator[Browser]:
    """With a camera that shows a test picture, and nobody to ask for leave."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


def turned_to(heading: float) -> dict[str, float]:
    """A phone held upright, its camera towards a compass heading."""
    return {"alpha": (360.0 - heading) % 360.0, "beta": 90.0, "gamma": 0.0}


def test_the_camera_shows_the_way_where_she_looks(camera_browser: Browser, town: Town) -> None:
    context = camera_browser.new_context(
        viewport={"width": 390, "height": 800}, locale="ko-KR",
        permissions=["camera", "accelerometer", "gyroscope", "magnetometer"],
    )  # fmt: skip
    page = context.new_page()
    page.route(MAP_CHUNK, lambda route: route.abort())
    page.goto(f"{town.url}/#/ways")
    with page.expect_response("**/navigation/routes") as answered:
        sora_asks(page)
    first = answered.value.json()["features"][0]["properties"]["steps"][0]
    devices = context.new_cdp_session(page)

    def turn(heading: float) -> None:
        devices.send("DeviceOrientation.setDeviceOrientationOverride", turned_to(heading))

    turn(first["heading"])
    page.get_by_role("button", name="카메라로 보기").click()
    expect(page.get_by_test_id("camera")).to_have_js_property("videoWidth", 640)
    expect(page.locator("[data-anchor]").first).to_be_visible()
    assert _painted(page) > 100
    take_picture(page, "ways-camera")

    label = page.locator("[data-anchor]").first
    seen = label.inner_text()
    before = _left(label)

    turn(first["heading"] + 12)

    page.wait_for_function(
        "([text, left]) => [...document.querySelectorAll('[data-anchor]')].some("
        "(l) => l.innerText === text && parseFloat(l.style.left) < left - 5)",
        arg=[seen, before],
    )
    turn(first["heading"] + 180)
    expect(page.get_by_text(seen, exact=True)).to_have_count(0)
    page.get_by_role("button", name="닫기").click()
    expect(page.get_by_test_id("camera")).to_have_count(0)
    context.close()


def _left(label: Any) -> float:
    return float(label.evaluate("(l) => parseFloat(l.style.left)"))


def _painted(page: Page) -> int:
    """How many of the ribbon's pixels are drawn."""
    counted: Any = page.get_by_test_id("ribbon").evaluate(
        "(c) => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }"
    )
    return int(counted)
