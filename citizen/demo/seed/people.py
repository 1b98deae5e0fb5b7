"""Dalbit's named people: citizens with contacts and profiles, staff with departments and roles."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.accounts.models import Department, DutyShift, Person, Role, User
from apps.accounts.services import (
    assign_role,
    define_role,
    employ,
    open_department,
    plan_shift,
    settle_person,
)
from apps.base import clock
from citizen.demo.world import people as plan
from citizen.demo.world.town import Town

DEPARTMENTS = {
    "safety": {"": "안전총괄과", "ko": "안전총괄과", "en": "Public Safety"},
    "mobility": {"": "교통정책과", "ko": "교통정책과", "en": "Mobility"},
    "roads": {"": "도로관리과", "ko": "도로관리과", "en": "Roads"},
}
STAFF_ROLES = {"officer": "duty-officer", "operator": "operator"}
WATCHED = (
    "station", "forecast", "modelversion", "reach", "inundationstep", "underpass", "structure",
    "structurewindow", "inspectionorder", "detector", "qualitynote", "rainforecast", "catchment",
)  # fmt: skip
ROLES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "duty-officer": (
        {"": "당직 사령", "ko": "당직 사령", "en": "Duty officer"},
        (
            "alerts.add_drill",
            "alerts.add_halt",
            "alerts.approve_notice",
            "alerts.change_halt",
            "alerts.change_notice",
            "alerts.view_alert",
            "alerts.view_drill",
            "alerts.view_halt",
            "alerts.view_notice",
            "alerts.view_policy",
            "alerts.view_safetyanswer",
            "hazards.add_assessment",
            "hazards.change_assessment",
            "hazards.view_assessment",
            "notify.view_telling",
            "city.view_obstruction",
            "city.add_obstruction",
            "city.change_obstruction",
            "navigation.view_obstaclereport",
            "navigation.view_lift",
            "navigation.change_lift",
            "navigation.view_graphbuild",
            "city.view_place",
            *(f"hazards.view_{name}" for name in WATCHED),
            "hazards.change_inspectionorder",
            "hazards.change_station",
            "hazards.change_modelversion",
            "devices.view_gateway",
            "devices.view_thing",
            "devices.view_datastream",
        ),
    ),
    "operator": (
        {"": "운영 담당", "ko": "운영 담당", "en": "Operator"},
        (
            "parking.view_parkingsite",
            "parking.change_parkingsite",
            "parking.view_exclusion",
            "parking.view_override",
            "parking.add_override",
            "parking.view_forecastmodel",
            "parking.view_poolfeed",
            "devices.view_gateway",
            "devices.change_gateway",
            "devices.view_thing",
            "devices.view_datastream",
            "city.view_obstruction",
            "drt.view_service",
            "drt.view_booking",
            "drt.add_booking",
            "drt.change_booking",
            "drt.view_shift",
            "drt.view_vehicle",
            "drt.view_zone",
            "drt.change_zone",
            "drt.view_dispatchevent",
        ),
    ),
}
SHIFTS_AHEAD = 14
SHIFT = timedelta(hours=12)


def seed_people(town: Town) -> None:
    for person in town.people:
        _seed_person(person)


def _seed_person(person: plan.Person) -> None:
    settle_person(
        display_name=person.name_ko if person.locale == "ko" else person.name_en,
        locale=person.locale,
        phone=person.phone,
        email=person.email,
        profile=person.profile if person.role == "citizen" else None,
    )


def seed_staff(town: Town, *, password: str) -> None:
    """Departments, roles, named staff, and a roster for the next days."""
    departments = {
        code: open_department(code=code, names=names) for code, names in DEPARTMENTS.items()
    }
    roles = {
        code: define_role(code=code, names=names, reach=Role.Reach.ALL, permissions=permissions)
        for code, (names, permissions) in ROLES.items()
    }
    staff = [person for person in town.people if person.department and person.email]
    rows = [_employ(person, departments, roles, password) for person in staff]
    officers = [row for row, person in zip(rows, staff, strict=True) if person.role == "officer"]
    _plan_roster(departments["safety"], officers)


def _employ(
    person: plan.Person, departments: dict[str, Department], roles: dict[str, Role], password: str
) -> Person:
    assert person.email
    assert person.department
    row = employ(
        email=person.email, display_name=person.name_ko, locale=person.locale, password=password
    )
    assert row.user
    role = roles[STAFF_ROLES[person.role]]
    assign_role(user=row.user, department=departments[person.department], role=role)
    return row


def _plan_roster(department: Department, officers: list[Person]) -> None:
    """Day and night in turns, from this morning; a shift that stands is left alone."""
    korea = ZoneInfo("Asia/Seoul")
    today = clock.now().astimezone(korea).date()
    first = datetime(today.year, today.month, today.day, 8, tzinfo=korea)
    for number in range(SHIFTS_AHEAD):
        starts_at = first + number * SHIFT
        for rank in (1, 2):
            officer = officers[(number + rank) % len(officers)]
            if not DutyShift.objects.filter(
                department=department, starts_at=starts_at, rank=rank
            ).exists():
                plan_shift(
                    department=department, person=officer, starts_at=starts_at,
                    ends_at=starts_at + SHIFT, rank=rank,
                )  # fmt: skip


def seed_login(*, email: str, password: str) -> User:
    """The demo's own administrator, whose password this checkout made for itself."""
    row = employ(email=email, display_name="달빛 관리자", locale="ko", password=password)
    user = row.user
    assert user
    user.set_password(password)
    user.is_superuser = True
    user.save(update_fields=["password", "is_superuser"])
    return user
