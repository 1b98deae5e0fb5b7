"""The map draws our own tiles, and what is on it can be tapped."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.conftest import MAP_CHUNK, STATION, Town, Visit, see_map, take_picture

pytestmark = [pytest.mark.browser]

GROUND, WATER, WOOD, PLENTY = (245, 242, 234), (181, 216, 232), (200, 223, 187), (10, 107, 94)


def share(picture: Path, colour: tuple[int, int, int], within: int = 6) -> float:
    """Which share of the picture has this colour, about."""
    image = Image.open(picture).convert("RGB")
    near = [
        count
        for count, pixel in image.getcolors(image.width * image.height) or []
        if isinstance(pixel, tuple)
        and all(abs(a - b) <= within for a, b in zip(pixel, colour, strict=True))
    ]
    return float(sum(near)) / (image.width * image.height)


def picture_of_map(page: Page, name: str) -> Path:
    see_map(page)
    return take_picture(page, name)


def test_land_water_and_woods_are_drawn_from_our_own_tiles(town: Town, visit: Visit) -> None:
    outside: list[str] = []
    page = visit("", color_scheme="light")
    page.on(
        "request",
        lambda r: None if r.url.startswith((town.url, "blob:")) else outside.append(r.url),
    )

    picture = picture_of_map(page, "map")

    assert share(picture, GROUND) > 0.05
    assert share(picture, WATER) > 0.003
    assert share(picture, WOOD) > 0.01
    assert outside == []


def test_a_free_car_park_stands_on_the_map_and_leads_to_its_sheet(town: Town, visit: Visit) -> None:
    town.station_has_taken(100)
    page = visit(f"#/parking/{STATION}", color_scheme="light")
    expect(page.get_by_test_id("live-sign")).to_be_visible()
    picture = picture_of_map(page, "map-site")
    assert share(picture, PLENTY) > 0.001
    page.get_by_role("link", name="주차", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("지금 주차")

    # The car park was brought to the middle of what the panel leaves free.
    see_map(page)
    box = page.locator(".maplibregl-canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - 24)

    expect(page.get_by_role("heading", level=1)).to_have_text("역전 공영주차타워")


@pytest.mark.parametrize("width", [320, 768])
def test_a_car_park_opened_by_its_link_is_in_view(town: Town, visit: Visit, width: int) -> None:
    town.station_has_taken(100)
    page = visit(f"#/parking/{STATION}", width=width, color_scheme="light")
    expect(page.get_by_test_id("live-sign")).to_be_visible()
    picture_of_map(page, f"map-site-{width}")

    assert share(take_picture_of_map_alone(page), PLENTY) > 0.002


def take_picture_of_map_alone(page: Page) -> Path:
    """Without panel, search and menu, which share the colours of the marks."""
    page.add_style_tag(content="main, header, nav, .buttons { visibility: hidden !important }")
    return take_picture(page, "map-alone")


def test_the_map_can_be_moved_by_keyboard(town: Town, visit: Visit) -> None:
    page = visit("")
    see_map(page)
    before = take_picture(page, "map-before").read_bytes()

    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    see_map(page)

    assert take_picture(page, "map-after").read_bytes() != before


def test_a_part_of_the_app_that_fails_to_load_can_be_asked_for_again(
    town: Town, visit: Visit
) -> None:
    page = visit("about:blank")
    page.route(MAP_CHUNK, lambda route: route.abort())
    page.goto(town.url)
    expect(page.get_by_text("지도를 불러오지 못했습니다.")).to_be_visible()
    expect(page.get_by_role("heading", name="지금 주차")).to_be_visible()

    page.unroute(MAP_CHUNK)
    page.get_by_role("button", name="다시 시도").click()

    see_map(page)
