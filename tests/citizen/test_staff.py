"""The staff's first page and menu show what one may see, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import Role
from apps.base import clock
from apps.base.clock import Hand
from apps.base.models import Work
from citizen.staff import MENU
from devices.models import Alarm, Gateway
from tests.support.world import sign_in_staff

ENGLISH = {"Accept-Language": "en"}


def staff(*permissions: str) -> Client:
    """Somebody who holds a role with these permissions, signed in."""
    person = services.employ(email="park@dalbit.example", display_name="Park")
    assert person.user
    role = services.define_role(
        code="test", names={"en": "Test"}, reach=Role.Reach.ALL, permissions=permissions
    )
    safety = services.open_department(code="safety", names={"en": "Safety"})
    services.assign_role(user=person.user, department=safety, role=role)
    client = Client(headers=ENGLISH)
    sign_in_staff(client, person.user)
    return client


@pytest.mark.django_db
def test_the_menu_holds_only_what_one_may_see() -> None:
    page = staff("city.view_obstruction").get("/admin/").content.decode()
    assert reverse("admin:city_obstruction_changelist") in page
    assert reverse("admin:accounts_person_changelist") not in page


@pytest.mark.django_db
def test_a_card_turns_red_when_work_failed(hand: Hand) -> None:
    client = staff("base.view_work")
    assert "#b91c1c" not in client.get("/admin/").content.decode()
    Work.objects.create(
        kind="x", state="failed", due_at="2026-11-22T00:00Z", created_at="2026-11-22T00:00Z"
    )
    page = client.get("/admin/").content.decode()
    assert "Work that failed" in page
    assert "#b91c1c" in page


def test_every_page_of_the_menu_exists() -> None:
    for _title, pages in MENU:
        for _name, _icon, page, _permission in pages:
            assert reverse(f"admin:{page}_changelist")


@pytest.mark.django_db
def test_the_first_page_counts_faults_and_what_was_kept_apart(hand: Hand) -> None:
    client = staff("devices.view_alarm", "devices.view_quarantine")
    assert "#b91c1c" not in client.get("/admin/").content.decode()
    gateway = Gateway.objects.create(code="gw", names={"": "gw"}, created_at=clock.now())
    Alarm.objects.create(kind=Alarm.Kind.SILENT, gateway=gateway, opened_at=clock.now())
    page = client.get("/admin/").content.decode()
    assert "Devices with a fault" in page
    assert page.count("#b91c1c") == 1


@pytest.mark.django_db
def test_the_sign_in_speaks_korean_the_theme_too() -> None:
    page = Client(headers={"Accept-Language": "ko"}).get("/admin/login/").content.decode()
    assert "환영합니다" in page
    assert "사이트로 돌아가기" in page
    assert "Return to site" not in page
    assert 'href="/icons/icon.svg"' in page
