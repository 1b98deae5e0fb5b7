"""Minjun reports a broken kerb with a photo, hears that it was done, and says that it was not."""

import re
import urllib.request
from io import BytesIO
from itertools import count
from urllib.parse import urlencode

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from tests.web.conftest import Town, Visit, faults_of_access, take_picture

pytestmark = [pytest.mark.browser]

NUMBER = re.compile(r"\d{4}-\d{7}-\d")
numbers = count(1)


def kerb(lat: float, lon: float) -> bytes:
    """A photo that knows where it was taken."""
    image = Image.new("RGB", (640, 480), (128, 134, 130))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 250, 640, 300), fill=(205, 203, 195))
    draw.polygon([(250, 250), (330, 300), (380, 248)], fill=(60, 58, 55))
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: _dms(lat), 3: "E", 4: _dms(lon)}
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def _dms(value: float) -> tuple[float, float, float]:
    degrees, minutes = int(value), int((value % 1) * 60)
    return float(degrees), float(minutes), round((value * 60 - degrees * 60 - minutes) * 60, 3)


@pytest.fixture
def centre(town: Town, visit: Visit) -> tuple[float, float]:
    """Somewhere in the middle of the town, another place for each test."""
    page = visit("", with_map=False)
    city = page.evaluate("fetch('/api/v1/city').then((answer) => answer.json())")
    away = next(numbers) * 0.002
    return city["centre"]["lat"] + away, city["centre"]["lon"] + away


def fill_in(page: Page, photo: bytes) -> None:
    picture: FilePayload = {"name": "kerb.jpg", "mimeType": "image/jpeg", "buffer": photo}
    page.get_by_label("사진 찍기 또는 고르기").set_input_files(picture)
    page.get_by_role("button", name="이 위치 사용").click()
    page.get_by_label("편하게 설명해 주세요").fill("보도 턱이 깨져서 휠체어가 지나갈 수 없어요")
    page.get_by_label("신고 종류").select_option("pavement")


def report(page: Page, photo: bytes) -> str:
    fill_in(page, photo)
    page.get_by_role("button", name="신고 보내기").click()
    number = page.locator(".number")
    expect(number).to_be_visible()
    return number.inner_text()


def staff_finish(town: Town, number: str) -> None:
    """A contractor with a key says over Open311 that it is done."""
    form = {"api_key": town.server.keys["open311"], "service_request_id": number,
            "status": "closed", "description": "턱을 낮췄습니다"}  # fmt: skip
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{town.url}/open311/v2/servicerequestupdates.json", urlencode(form).encode()
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.status == 201


def test_a_kerb_is_reported_with_its_photo_and_followed(
    town: Town, visit: Visit, centre: tuple[float, float]
) -> None:
    page = visit("#/reports", width=390, with_map=False)
    page.get_by_role("link", name="신고하기").click()
    fill_in(page, kerb(*centre))
    take_picture(page, "report-form")
    assert not faults_of_access(page)
    page.get_by_role("button", name="신고 보내기").click()

    expect(page.locator(".number")).to_have_text(NUMBER)
    expect(page.get_by_text("답변 예정일")).to_be_visible()
    take_picture(page, "report-filed")
    assert not faults_of_access(page)

    page.goto(f"{town.url}/#/reports")
    expect(page.locator("[data-report]").first).to_be_visible()
    take_picture(page, "reports-home")
    assert not faults_of_access(page)


def test_somebody_reported_it_yesterday(
    town: Town, visit: Visit, centre: tuple[float, float]
) -> None:
    first = report(visit("#/reports/new", with_map=False), kerb(*centre))

    page = visit("#/reports/new", with_map=False)
    fill_in(page, kerb(*centre))
    offer = page.get_by_role("region", name="누군가 이미 신고했어요")
    expect(offer).to_contain_text(first)
    take_picture(page, "report-similar")
    offer.get_by_role("button", name="네, 소식 받기").click()

    expect(page.locator(".number")).to_have_text(first)


def test_what_is_not_done_is_opened_again(
    town: Town, visit: Visit, centre: tuple[float, float]
) -> None:
    page = visit("#/reports/new", with_map=False)
    number = report(page, kerb(*centre))
    staff_finish(town, number)
    page.reload()

    page.get_by_role("button", name="아니요, 그대로예요").click()
    page.get_by_label("무엇이 처리되지 않았나요?").fill("턱이 아직 깨져 있어요")
    page.get_by_role("button", name="다시 열기").click()

    expect(page.locator("#content").get_by_text("다시 열렸습니다.")).to_be_visible()
    take_picture(page, "report-reopened")


def test_danger_is_answered_with_the_number_to_call(town: Town, visit: Visit) -> None:
    page = visit("#/reports/new", with_map=False)
    page.get_by_label("편하게 설명해 주세요").fill("골목에서 가스 냄새가 심하게 나요")
    expect(page.get_by_role("link", name="먼저 119에 전화하세요")).to_be_visible()


def test_what_the_city_refuses_is_told(town: Town, visit: Visit) -> None:
    page = visit("#/reports/new", with_map=False)
    page.get_by_label("신고 종류").select_option("pavement")
    page.get_by_label("편하게 설명해 주세요").fill("턱이 깨졌어요")
    page.get_by_role("button", name="신고 보내기").click()
    expect(page.get_by_role("alert")).to_be_visible()
