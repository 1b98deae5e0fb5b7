"""Staff's view of people and offices."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import (
    Consent,
    Department,
    DutyShift,
    Membership,
    MobilityProfile,
    Person,
    Role,
    User,
)
from apps.base import audit
from apps.base.models import AuditEntry
from tests.conftest import NOON
from tests.support.world import People, sign_in_staff

LISTS = ["user", "person", "department", "role", "dutyshift", "consent"]


@pytest.fixture
def as_chief(chief: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, chief)
    return client


@pytest.fixture
def as_park(people: People) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    assert people.park.user is not None
    sign_in_staff(client, people.park.user)
    return client


def change(model: str, pk: int) -> str:
    return reverse(f"admin:accounts_{model}_change", args=[pk])


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content[:2000]
    return str(answer.content.decode())


def allow(people: People, *permissions: str) -> None:
    role = services.define_role(
        code="extra", names={"en": "Extra"}, reach="all", permissions=permissions
    )
    assert people.park.user is not None
    services.assign_role(user=people.park.user, department=people.safety, role=role)


@pytest.mark.parametrize("model", LISTS)
def test_every_list_and_first_page_opens(as_chief: Client, people: People, model: str) -> None:
    services.plan_shift(
        department=people.safety, person=people.park, starts_at=NOON,
        ends_at=NOON + timedelta(hours=8),
    )  # fmt: skip
    text_of(as_chief.get(reverse(f"admin:accounts_{model}_changelist")))
    first = {
        "user": User, "person": Person, "department": Department, "role": Role,
        "dutyshift": DutyShift, "consent": Consent,
    }[model].objects.first()  # type: ignore[attr-defined]  # fmt: skip
    text_of(as_chief.get(change(model, first.pk)))


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        text_of(client.get(path))
    return len(queries)


@pytest.mark.parametrize("model", LISTS)
def test_a_list_asks_the_same_for_two_rows_as_for_ten(
    as_chief: Client, people: People, model: str
) -> None:
    path = reverse(f"admin:accounts_{model}_changelist")
    _staff(2)
    few = queries_of(as_chief, path)
    _staff(10)
    assert queries_of(as_chief, path) <= few <= 20


def _staff(count: int) -> None:
    """So many members of staff, each with an office, a role, a shift and a consent."""
    for n in range(count):
        person = services.employ(email=f"s{count}-{n}@dalbit.example", display_name=f"S{n}")
        assert person.user is not None
        office = services.open_department(code=f"d{count}-{n}", names={"en": f"D{n}"})
        role = services.define_role(code=f"r{count}-{n}", names={"en": f"R{n}"}, reach="all")
        services.assign_role(user=person.user, department=office, role=role)
        services.plan_shift(
            department=office, person=person, starts_at=NOON, ends_at=NOON + timedelta(hours=8)
        )
        Consent.objects.create(person=person, purpose="x", text_version="1", given_at=NOON)


@pytest.mark.parametrize("model", LISTS)
def test_staff_without_the_right_see_nothing(as_park: Client, model: str) -> None:
    expected = 200 if model == "dutyshift" else 403
    answer = as_park.get(reverse(f"admin:accounts_{model}_changelist"))
    assert answer.status_code == expected


def test_how_a_person_moves_is_nowhere_in_the_admin(as_chief: Client, people: People) -> None:
    assert not admin.site.is_registered(MobilityProfile)
    page = text_of(as_chief.get(change("person", people.sora.pk)))
    assert "wheelchair_manual" not in page


def test_seeds_sessions_and_tokens_are_not_browsed() -> None:
    hidden = {"emailaddress", "authenticator", "socialtoken", "usersession", "group", "socialapp"}
    shown = {model._meta.model_name for model in admin.site._registry}
    assert not hidden & shown


# ---------------------------------------------------------------- addresses


def test_addresses_are_masked(as_chief: Client, people: People) -> None:
    for page in (
        as_chief.get(reverse("admin:accounts_person_changelist")),
        as_chief.get(change("person", people.sora.pk)),
    ):
        assert "+82****0101" in text_of(page)
        assert "+821000000101" not in text_of(page)


def test_whole_addresses_are_shown_to_who_may_and_that_is_on_record(
    as_park: Client, people: People
) -> None:
    allow(people, "accounts.view_person", "accounts.reveal_contact")
    answer = as_park.get(reverse("admin:accounts_person_reveal", args=[people.sora.pk]))
    assert "+821000000101" in text_of(answer)
    entry = AuditEntry.objects.get(action="accounts.person.addresses_revealed")
    assert entry.actor == "park@dalbit.example"
    assert entry.subject == f"accounts.person:{people.sora.code}"
    assert "+821000000101" not in json.dumps(entry.detail)


def test_whole_addresses_are_not_shown_without_the_right(as_park: Client, people: People) -> None:
    allow(people, "accounts.view_person")
    answer = as_park.get(reverse("admin:accounts_person_reveal", args=[people.sora.pk]))
    assert answer.status_code == 403
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("010-0000-0101", True),
        ("SORA@dalbit.example", True),
        ("한소라", True),
        ("+8210000001", False),
        ("dalbit.example", False),
        ("sora", False),
    ],
)
def test_addresses_are_found_whole_never_by_a_part(
    as_chief: Client, people: People, asked: str, found: bool
) -> None:
    answer = as_chief.get(reverse("admin:accounts_person_changelist"), {"q": asked})
    assert ("한소라" in text_of(answer)) == found


def test_a_person_is_found_by_code(as_chief: Client, people: People) -> None:
    answer = as_chief.get(reverse("admin:accounts_person_changelist"), {"q": str(people.sora.code)})
    assert "한소라" in text_of(answer)


def test_deleting_a_person_erases_them(as_chief: Client, people: People) -> None:
    url = reverse("admin:accounts_person_delete", args=[people.sora.pk])
    assert as_chief.post(url, {"post": "yes"}).status_code == 302
    row = Person.objects.get(pk=people.sora.pk)
    assert row.erased_at is not None
    assert not row.contacts.exists()
    assert AuditEntry.objects.filter(action="accounts.person.deleted").exists()


# ---------------------------------------------------------------- staff


def test_a_department_is_named_in_each_language_and_the_change_is_on_record(
    as_chief: Client, people: People
) -> None:
    form = {
        "code": "parks", "names_local": "", "names_ko": "공원과", "names_en": "Parks",
        "is_active": "on", "parent": people.safety.pk,
    }  # fmt: skip
    answer = as_chief.post(reverse("admin:accounts_department_add"), form)
    assert answer.status_code == 302, text_of(answer)
    parks = Department.objects.get(code="parks")
    assert parks.names == {"ko": "공원과", "en": "Parks"}
    entry = AuditEntry.objects.get(action="accounts.department.added")
    assert (entry.actor, entry.subject) == ("chief@dalbit.example", "accounts.department:parks")
    assert audit.find_break() is None


def test_a_department_needs_a_name(as_chief: Client) -> None:
    form = {"code": "parks", "names_local": "", "names_ko": "", "names_en": "", "is_active": "on"}
    assert as_chief.post(reverse("admin:accounts_department_add"), form).status_code == 200
    assert not Department.objects.filter(code="parks").exists()


def test_an_unchanged_name_is_no_change(as_chief: Client, people: People) -> None:
    form = {
        "code": "safety", "names_local": "", "names_ko": "안전과", "names_en": "Safety",
        "is_active": "on", "parent": "",
    }  # fmt: skip
    as_chief.post(change("department", people.safety.pk), form)
    entry = AuditEntry.objects.get(action="accounts.department.changed")
    assert entry.detail == {"what": []}


def test_employing_makes_a_person_with_a_staff_login(as_chief: Client) -> None:
    form = {"email": "Kang@dalbit.example", "display_name": "강하늘"}
    answer = as_chief.post(reverse("admin:accounts_user_add"), form)
    assert answer.status_code == 302, text_of(answer)
    user = User.objects.get(email="kang@dalbit.example")
    assert user.is_staff
    assert not user.has_usable_password()
    assert user.person.display_name == "강하늘"
    assert AuditEntry.objects.filter(action="accounts.user.added").exists()


def test_a_lost_second_factor_is_reset_and_that_is_on_record(
    as_chief: Client, people: People
) -> None:
    park = people.park.user
    assert park is not None
    TOTP.activate(park, "JBSWY3DPEHPK3PXP")
    url = reverse("admin:accounts_user_changelist")
    as_chief.post(url, {"action": "reset_second_factor", "_selected_action": [park.pk]})
    assert not Authenticator.objects.filter(user=park).exists()
    assert AuditEntry.objects.filter(action="accounts.user.second_factor_reset").exists()


def test_only_a_superuser_touches_a_superuser(as_park: Client, people: People, chief: User) -> None:
    allow(people, "accounts.view_user", "accounts.change_user")
    answer = as_park.post(change("user", chief.pk), {"email": "mine@dalbit.example"})
    assert answer.status_code == 403
    page = text_of(as_park.get(change("user", chief.pk)))
    assert 'name="is_superuser"' not in page


def test_nobody_makes_themselves_superuser(as_park: Client, people: People) -> None:
    allow(people, "accounts.view_user", "accounts.change_user")
    park = people.park.user
    assert park is not None
    form = {"email": "park@dalbit.example", "is_active": "on", "is_staff": "on",
            "is_superuser": "on"}  # fmt: skip
    assert as_park.post(change("user", park.pk), form).status_code == 302
    park.refresh_from_db()
    assert not park.is_superuser


def test_nobody_gives_away_more_than_they_hold(as_park: Client, people: People) -> None:
    allow(
        people, "accounts.view_user", "accounts.change_user", "accounts.view_membership",
        "accounts.add_membership", "accounts.change_membership",
    )  # fmt: skip
    mighty = services.define_role(
        code="mighty", names={"en": "Mighty"}, reach="all", permissions=["accounts.delete_person"]
    )
    park = people.park.user
    assert park is not None
    mine = list(Membership.objects.filter(user=park).order_by("pk"))
    form = {
        "email": "park@dalbit.example", "is_active": "on", "is_staff": "on",
        "memberships-TOTAL_FORMS": 3, "memberships-INITIAL_FORMS": 2,
        "memberships-2-department": people.safety.pk, "memberships-2-role": mighty.pk,
        "memberships-2-user": park.pk,
    }  # fmt: skip
    for n, membership in enumerate(mine):
        form |= {
            f"memberships-{n}-id": membership.pk, f"memberships-{n}-user": park.pk,
            f"memberships-{n}-department": membership.department_id,
            f"memberships-{n}-role": membership.role_id,
        }  # fmt: skip
    answer = as_park.post(change("user", park.pk), form)
    assert "Select a valid choice" in text_of(answer)
    assert not Membership.objects.filter(role=mighty).exists()


# ---------------------------------------------------------------- roster


def shift(department: Department, person: Person, **start: int) -> DutyShift:
    starts_at = NOON + timedelta(**start)
    return services.plan_shift(
        department=department, person=person, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=8),
    )  # fmt: skip


def test_the_roster_shows_the_week_asked_for(as_chief: Client, people: People) -> None:
    shift(people.safety, people.park)  # Sunday 22 November 2026
    url = reverse("admin:accounts_dutyshift_changelist")
    table = text_of(as_chief.get(url, {"week": "2026-11-18"})).split('id="roster"')[1]
    assert people.park.display_name in table.split("</table>")[0]
    other = text_of(as_chief.get(url, {"week": "2026-11-23"})).split('id="roster"')[1]
    assert "Nobody stands by this week." in other


def test_a_week_that_is_none_shows_the_present_one(as_chief: Client, hand: Any) -> None:
    url = reverse("admin:accounts_dutyshift_changelist")
    assert "Week of Nov. 16, 2026" in text_of(as_chief.get(url, {"week": "soon"}))


def test_a_shift_over_midnight_stands_on_both_days(as_chief: Client, people: People) -> None:
    shift(people.safety, people.park, days=-3, hours=17)  # 20:00 to 04:00 UTC
    url = reverse("admin:accounts_dutyshift_changelist")
    table = text_of(as_chief.get(url, {"week": "2026-11-18"})).split('id="roster"')[1]
    assert table.split("</table>")[0].count(people.park.display_name) == 2


def test_staff_see_and_change_the_roster_of_their_department_only(
    as_park: Client, people: People
) -> None:
    traffic = services.open_department(code="traffic", names={"en": "Traffic"})
    mine, theirs = shift(people.safety, people.park), shift(traffic, people.ben)
    page = text_of(as_park.get(reverse("admin:accounts_dutyshift_changelist")))
    assert change("dutyshift", mine.pk) in page
    assert change("dutyshift", theirs.pk) not in page
    assert as_park.get(change("dutyshift", theirs.pk)).status_code == 302  # as if it were not there


def test_staff_do_not_move_a_row_out_of_their_reach(as_park: Client, people: People) -> None:
    allow(people, "accounts.view_person")
    traffic = services.open_department(code="traffic", names={"en": "Traffic"})
    mine = shift(people.safety, people.park)
    form = {
        "department": traffic.pk, "person": people.park.pk, "rank": 1,
        "starts_at_0": "2026-11-22", "starts_at_1": "03:00",
        "ends_at_0": "2026-11-22", "ends_at_1": "11:00",
    }  # fmt: skip
    assert as_park.post(change("dutyshift", mine.pk), form).status_code == 403
    mine.refresh_from_db()
    assert mine.department == people.safety
    assert as_park.post(
        change("dutyshift", mine.pk), form | {"department": people.safety.pk, "rank": 2}
    ).status_code == 302  # fmt: skip
    mine.refresh_from_db()
    assert mine.rank == 2


def test_a_role_offers_what_it_allows_in_words_of_the_reader(chief: User) -> None:
    client = Client(headers={"Accept-Language": "ko"})
    sign_in_staff(client, chief)
    role = services.define_role(code="eyes", names={"ko": "열람"}, reach="all")
    page = text_of(client.get(change("role", role.pk)))
    assert "부서 | 보기" in page
    assert "연락처 전체를 볼 수 있음(기록됨)" in page
    assert "Can view department" not in page
