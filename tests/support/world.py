"""The named people of the town, as tests know them: the same as in the demo (citizen.demo.world).

Sora goes by wheelchair, Minjun is blind, Halmeoni Kim walks slowly and has no smartphone (and no
login), Jiwoo pushes a pushchair, Officer Park is staff for safety, Ben is a stranger.
"""

from dataclasses import dataclass

import pytest
from django.test import Client

from apps.accounts import services
from apps.accounts.models import Department, Person, Role, User
from apps.accounts.services import second_factor
from citizen.demo.world.people import PEOPLE


@dataclass(frozen=True)
class People:
    sora: Person
    minjun: Person
    halmeoni: Person
    jiwoo: Person
    park: Person
    ben: Person
    safety: Department


def settle(key: str) -> Person:
    """Bring one of the demo town's people into the database."""
    plan = next(plan for plan in PEOPLE if plan.key == key)
    return services.settle_person(
        display_name=plan.name_en if plan.locale == "en" else plan.name_ko,
        locale=plan.locale,
        phone=plan.phone,
        email=f"{plan.key}@dalbit.example" if plan.email else None,
        profile=plan.profile if plan.role == "citizen" else None,
    )


def employ_park(safety: Department) -> Person:
    """Officer Park may see and change the duty roster of the safety department."""
    park = settle("park")
    services.employ(email="park@dalbit.example", display_name=park.display_name)
    park.refresh_from_db()
    assert park.user is not None
    officer = services.define_role(
        code="officer",
        names={"ko": "담당자", "en": "Officer"},
        reach=Role.Reach.DEPARTMENT,
        permissions=("accounts.view_dutyshift", "accounts.change_dutyshift"),
    )
    services.assign_role(user=park.user, department=safety, role=officer)
    return park


@pytest.fixture
def people(db: None) -> People:
    safety = services.open_department(code="safety", names={"ko": "안전과", "en": "Safety"})
    citizens = {key: settle(key) for key in ("sora", "minjun", "halmeoni", "jiwoo", "ben")}
    return People(**citizens, park=employ_park(safety), safety=safety)


@pytest.fixture
def chief(people: People) -> User:
    """A superuser, for admin pages that need every right."""
    return User.objects.create_superuser("chief@dalbit.example")


def sign_in_staff(client: Client, user: User) -> None:
    """Sign a member of staff into the admin, the second factor passed."""
    client.force_login(user)
    session = client.session
    second_factor.note_passed(session, user)
    session.save()
