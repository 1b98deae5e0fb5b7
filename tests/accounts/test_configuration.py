"""Settings that cannot work stop the start, with an id and a hint."""

from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.accounts import services


def ids(*, deploy: bool = False) -> set[str]:
    found = checks.run_checks(include_deployment_checks=deploy)
    return {message.id or "" for message in found if str(message.id).startswith("accounts.")}


@pytest.mark.django_db
def test_the_settings_of_the_tests_are_fine() -> None:
    assert ids(deploy=True) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PHONE_CODES", "pigeon", "accounts.E001"),
        ("PHONE_REGION", "Korea", "accounts.E002"),
        ("PHONE_CODES", "loopback", "accounts.E003"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    settings: Any, name: str, value: str, expected: str
) -> None:
    settings.DEMO = False
    setattr(settings, name, value)
    assert ids(deploy=True) == {expected}


@pytest.mark.django_db
def test_the_demo_town_may_use_the_loopback(settings: Any) -> None:
    settings.DEMO, settings.PHONE_CODES = True, "loopback"
    assert ids(deploy=True) == set()


@pytest.mark.django_db
def test_the_demos_codes_can_be_read(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.PHONE_CODES = "loopback"
    services.request_phone_code(phone="010-5555-0000", locale="ko")
    call_command("show_phone_code", "010-5555-0000")
    assert capsys.readouterr().out.strip().isdigit()


@pytest.mark.parametrize("phone", ["119", "010-5555-0001"])
def test_there_is_nothing_to_read_where_nothing_was_sent(phone: str) -> None:
    with pytest.raises(CommandError):
        call_command("show_phone_code", phone)
