"""An account by e-mail code: signing up, how one moves, one's own data, leaving."""

import json
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Town, Visit, faults_of_access, take_picture

pytestmark = [pytest.mark.browser]

numbers = count(1)


@pytest.fixture
def email() -> str:
    return f"citizen{next(numbers)}@dalbit.example"


def sign_up(town: Town, page: Page, email: str) -> None:
    page.get_by_role("button", name="처음이신가요?").click()
    page.get_by_label("이메일 주소").fill(email)
    page.get_by_role("button", name="인증 코드 받기").click()
    expect(page.get_by_label("이메일로 받은 코드")).to_be_focused()
    page.get_by_label("이메일로 받은 코드").fill(town.server.code_mailed_to(email))
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_text(email, exact=True)).to_be_visible()


@pytest.fixture
def page(town: Town, visit: Visit, email: str) -> Page:
    """Signed up a moment ago."""
    page = visit("#/me", accept_downloads=True, with_map=False)
    sign_up(town, page, email)
    return page


def test_a_session_outlives_a_reload_and_ends_with_signing_out(page: Page, email: str) -> None:
    page.reload()
    expect(page.get_by_text(email, exact=True)).to_be_visible()
    take_picture(page, "me-signed-in")
    assert not faults_of_access(page)

    page.get_by_role("button", name="로그아웃").click()

    expect(page.get_by_text("로그아웃되었습니다.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("이메일 주소")).to_be_visible()


def test_somebody_who_was_here_before_signs_in_with_a_new_code(
    town: Town, page: Page, email: str
) -> None:
    page.get_by_role("button", name="로그아웃").click()
    page.get_by_label("이메일 주소").fill(email)
    page.get_by_role("button", name="인증 코드 받기").click()
    expect(page.get_by_label("이메일로 받은 코드")).to_be_visible()
    page.get_by_label("이메일로 받은 코드").fill(town.server.code_mailed_to(email))
    page.get_by_role("button", name="로그인").click()

    expect(page.get_by_text(email, exact=True)).to_be_visible()


def test_a_wrong_code_is_told_at_its_field(town: Town, visit: Visit, email: str) -> None:
    page = visit("#/me", with_map=False)
    page.get_by_role("button", name="처음이신가요?").click()
    page.get_by_label("이메일 주소").fill(email)
    page.get_by_role("button", name="인증 코드 받기").click()
    page.get_by_label("이메일로 받은 코드").fill("000000")
    page.get_by_role("button", name="로그인").click()

    expect(page.get_by_label("이메일로 받은 코드")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#sign-in-trouble")).to_be_visible()


def test_how_one_moves_is_kept_with_consent_and_let_go(page: Page) -> None:
    chair = page.get_by_role("radio", name="전동 휠체어")
    expect(page.locator(".consent")).to_be_visible()
    chair.check()
    page.get_by_role("button", name="동의하고 저장").click()
    expect(page.get_by_text("저장되었습니다.")).to_be_visible()

    page.reload()
    expect(chair).to_be_checked()
    page.get_by_role("button", name="삭제", exact=True).click()
    expect(page.get_by_text("이동 방식을 더 이상 보관하지 않습니다.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="동의하고 저장")).to_be_visible()
    expect(chair).not_to_be_checked()


def test_all_nine_ways_of_moving_are_there(page: Page) -> None:
    expect(page.locator("input[name=mobility]")).to_have_count(9)


def test_ones_own_data_comes_as_a_file(page: Page, email: str) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name="내 데이터 내려받기").click()

    content = Path(download.value.path()).read_text()
    assert email in json.dumps(json.loads(content), ensure_ascii=False)


def test_deleting_oneself_is_asked_twice_and_done(page: Page, email: str) -> None:
    page.get_by_role("button", name="계정과 데이터 삭제").click()
    dialog = page.get_by_role("dialog")
    take_picture(page, "me-delete")
    dialog.get_by_role("button", name="취소").click()
    expect(page.get_by_text(email, exact=True)).to_be_visible()

    page.get_by_role("button", name="계정과 데이터 삭제").click()
    dialog.get_by_role("button", name="영구 삭제").click()

    expect(page.get_by_text("계정과 데이터가 삭제되었습니다.")).to_be_visible()
    expect(page.get_by_label("이메일 주소")).to_be_visible()
