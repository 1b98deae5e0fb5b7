"""Roles say what staff may do, and on which rows."""

from datetime import timedelta

import pytest

from apps.accounts import services
from apps.accounts.models import (
    Department,
    DutyShift,
    Person,
    Role,
    Scope,
    ScopedQuerySet,
    User,
    scope_of,
)
from apps.base.problems import Invalid
from tests.conftest import NOON
from tests.support.world import People


def park_of(people: People) -> User:
    """Fresh, as a request would load it: permissions are cached on the object."""
    return User.objects.get(person=people.park)


def shift(department: Department, person: Person, days: int = 0) -> DutyShift:
    start = NOON + timedelta(days=days)
    return services.plan_shift(
        department=department, person=person, starts_at=start, ends_at=start + timedelta(hours=8)
    )


@pytest.fixture
def offices(people: People) -> dict[str, Department]:
    """Safety with a flood team below it, and traffic beside."""
    flood = services.open_department(code="flood", names={"en": "Floods"}, parent=people.safety)
    team = services.open_department(code="pumps", names={"en": "Pumps"}, parent=flood)
    traffic = services.open_department(code="traffic", names={"en": "Traffic"})
    return {"safety": people.safety, "flood": flood, "pumps": team, "traffic": traffic}


def test_permissions_come_from_roles_alone(people: People) -> None:
    park = park_of(people)
    assert park.has_perm("accounts.change_dutyshift")
    assert not park.has_perm("accounts.delete_dutyshift")
    assert park.has_perms(["accounts.view_dutyshift", "accounts.change_dutyshift"])
    assert park.has_module_perms("accounts")
    assert not park.has_module_perms("city")


def test_an_inactive_user_may_nothing(people: People) -> None:
    User.objects.filter(person=people.park).update(is_active=False)
    assert not park_of(people).has_perm("accounts.view_dutyshift")
    assert not park_of(people).has_module_perms("accounts")


def test_a_superuser_may_everything(chief: User) -> None:
    assert chief.has_perm("accounts.delete_person")
    assert chief.has_module_perms("anything")
    assert DutyShift.objects.all().visible_to(chief).query.where.children == []


def test_a_department_role_reaches_its_department_and_those_below(
    people: People, offices: dict[str, Department]
) -> None:
    shifts = {code: shift(office, people.park) for code, office in offices.items()}
    seen = DutyShift.objects.all().visible_to(park_of(people))
    assert set(seen) == {shifts["safety"], shifts["flood"], shifts["pumps"]}


def test_what_may_be_seen_may_not_yet_be_deleted(people: People) -> None:
    mine = shift(people.safety, people.park)
    rows = DutyShift.objects.all()
    assert list(rows.permitted_to(park_of(people), "change")) == [mine]
    assert not rows.permitted_to(park_of(people), "delete")


@pytest.mark.parametrize("who", ["sora", "ben"])
def test_citizens_see_no_staff_rows(people: People, who: str) -> None:
    shift(people.safety, people.park)
    assert not DutyShift.objects.all().visible_to(getattr(people, who).user)
    assert not DutyShift.objects.all().visible_to(None)


def test_a_role_without_a_staff_login_reaches_nothing(people: People) -> None:
    shift(people.safety, people.park)
    User.objects.filter(person=people.park).update(is_staff=False)
    assert not DutyShift.objects.all().visible_to(park_of(people))


def test_a_role_on_one_model_does_not_open_another(people: People) -> None:
    assert scope_of(park_of(people), DutyShift).department_pks == {people.safety.pk}
    assert scope_of(park_of(people), Person) == Scope()


def test_a_role_for_all_rows_reaches_all(people: People, offices: dict[str, Department]) -> None:
    auditor = services.define_role(
        code="auditor", names={"en": "Auditor"}, reach="all",
        permissions=["accounts.view_dutyshift"],
    )  # fmt: skip
    services.assign_role(user=park_of(people), department=people.safety, role=auditor)
    elsewhere = shift(offices["traffic"], people.park)
    assert elsewhere in DutyShift.objects.all().visible_to(park_of(people))
    # Seeing all is not changing all.
    assert elsewhere not in DutyShift.objects.all().permitted_to(park_of(people), "change")


def test_an_area_role_reaches_its_areas(people: People) -> None:
    warden = services.define_role(
        code="warden", names={"en": "Warden"}, reach="area", permissions=["accounts.view_person"]
    )
    services.assign_role(
        user=park_of(people), department=people.safety, role=warden, area_codes=["old", "new"]
    )
    scope = scope_of(park_of(people), Person)
    assert scope.area_codes == {"old", "new"}
    assert scope.includes(area_code="old")
    assert not scope.includes(area_code="hill")


def test_an_area_role_without_areas_is_refused(people: People) -> None:
    warden = services.define_role(code="warden", names={"en": "Warden"}, reach="area")
    with pytest.raises(Invalid) as refused:
        services.assign_role(user=park_of(people), department=people.safety, role=warden)
    assert set(refused.value.errors) == {"area_codes"}


class ByEither(ScopedQuerySet[DutyShift]):
    department_lookup = "department_id"
    area_lookup = "department__code"


def test_rows_with_department_and_area_are_in_reach_by_either(
    people: People, offices: dict[str, Department]
) -> None:
    shifts = {code: shift(office, people.park) for code, office in offices.items()}
    scope = Scope(department_pks=frozenset({people.safety.pk}), area_codes=frozenset({"traffic"}))
    rows = ByEither(DutyShift)
    assert set(rows.filter(rows.rows_in(scope))) == {shifts["safety"], shifts["traffic"]}


def test_an_empty_scope_reaches_nothing(people: People) -> None:
    shift(people.safety, people.park)
    rows = DutyShift.objects.all()
    assert not rows.filter(rows.rows_in(Scope()))


def test_offices_that_stand_in_a_circle_do_not_hang_the_walk(
    people: People, offices: dict[str, Department]
) -> None:
    Department.objects.filter(pk=people.safety.pk).update(parent=offices["pumps"])
    found = Department.objects.all().with_descendants([people.safety.pk])
    assert found == {offices[code].pk for code in ("safety", "flood", "pumps")}


def test_it_refuses_a_permission_that_does_not_exist(people: People) -> None:
    with pytest.raises(Invalid):
        services.define_role(
            code="x", names={"en": "X"}, reach="all", permissions=["accounts.fly_person"]
        )
    assert not Role.objects.filter(code="x").exists()


def test_a_citizen_who_is_employed_keeps_their_person(people: People) -> None:
    employed = services.employ(email="SORA@dalbit.example", display_name="한소라")
    assert employed == people.sora
    assert employed.user is not None
    assert employed.user.is_staff
