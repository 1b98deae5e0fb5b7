"""Staff's pages of rides: the board, booking by telephone, moving, suspending, supply."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts import services as accounts
from apps.accounts.models import Person, Role, User
from apps.base.models import AuditEntry
from apps.drt.models import Booking, Service, VirtualStop, Zone
from tests.drt.asking import book
from tests.drt.town import Rides, place
from tests.support.world import People, sign_in_staff

KIM = "+82 31-000-0103"


@pytest.fixture
def staff(chief: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, chief)
    return client


@pytest.fixture
def clerk(people: People) -> Client:
    """May look at rides, and no more."""
    assert people.park.user
    role = accounts.define_role(
        code="ride-viewer", names={"en": "Looks on"}, reach=Role.Reach.ALL,
        permissions=("drt.view_booking", "drt.view_service"),
    )  # fmt: skip
    accounts.assign_role(user=people.park.user, department=people.safety, role=role)
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, people.park.user)
    return client


def actions() -> set[str]:
    return set(AuditEntry.objects.values_list("action", flat=True))


# ---------------------------------------------------------------- the board


def board(client: Client, service: Service) -> Any:
    return client.get(reverse("admin:drt_board_rows", args=[service.pk]))


def test_the_board_shows_what_each_vehicle_will_do(
    staff: Client, rides: Rides, people: People
) -> None:
    booking = book(people.sora)
    page = staff.get(reverse("admin:drt_board", args=[rides.service.pk]))
    assert b"drt-timeline" in page.content
    rows = board(staff, rides.service).json()
    assert booking.shift
    (van,) = (row for row in rows["vehicles"] if row["code"] == booking.shift.vehicle.code)
    assert [(call["act"], call["place"]) for call in van["calls"]] == [
        ("pickup", "Stop 0"), ("dropoff", "Stop 11"),
    ]  # fmt: skip
    assert van["calls"][0]["booking"] == booking.pk
    assert len(rows["stops"]) == 12


def test_the_board_asks_the_same_few_questions_for_any_fleet(
    staff: Client, rides: Rides, people: People,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    book(people.sora)
    book(people.jiwoo)
    for _ in range(3):
        rides.add_van()
    with django_assert_max_num_queries(14):
        board(staff, rides.service)


def test_who_may_look_may_not_act(clerk: Client, rides: Rides, people: People) -> None:
    booking = book(people.sora)
    assert board(clerk, rides.service).status_code == 200
    assert clerk.get(reverse("admin:drt_booking_phone")).status_code == 403
    assert clerk.get(reverse("admin:drt_booking_move", args=[booking.pk])).status_code == 403
    page = reverse("admin:drt_booking_changelist")
    clerk.post(page, {"action": "call_off", "_selected_action": [booking.pk]})
    booking.refresh_from_db()
    assert booking.state == Booking.State.CONFIRMED


def test_nobody_without_a_role_sees_the_board(rides: Rides, people: People) -> None:
    client = Client()
    assert people.park.user
    sign_in_staff(client, people.park.user)
    assert board(client, rides.service).status_code == 403


# ---------------------------------------------------------------- by telephone


def call(rides: Rides, **changes: Any) -> dict[str, Any]:
    told = {
        "phone": KIM, "name": "", "service": rides.service.pk, "origin": "s0",
        "destination": "s11", "when": "now", "seats": 1, "wheelchairs": 0, "note": "",
    }  # fmt: skip
    return told | changes


def test_it_books_a_ride_for_somebody_without_a_smartphone(
    staff: Client, rides: Rides, people: People
) -> None:
    url = reverse("admin:drt_booking_phone")
    offers = staff.post(url, call(rides)).context["offers"]
    assert 1 <= len(offers) <= 3
    answer = staff.post(url, call(rides, offer=offers[0].token, note="walks slowly"))
    booking = Booking.objects.get()
    assert answer.status_code == 302
    assert booking.person == people.halmeoni
    assert (booking.channel, booking.note) == ("phone", "walks slowly")
    assert "drt.booking.booked_by_phone" in actions()


def test_it_gets_to_know_a_new_caller(staff: Client, rides: Rides) -> None:
    url = reverse("admin:drt_booking_phone")
    told = call(rides, phone="+82 31-000-0999", name="박영자")
    token = staff.post(url, told).context["offers"][0].token
    staff.post(url, told | {"offer": token})
    assert Booking.objects.get().person == Person.objects.get(display_name="박영자")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phone": "12"}, "phone"),
        ({"origin": "a place that nobody knows"}, "origin"),
        ({"when": "arrive"}, "at"),
        ({"seats": 0}, None),
        ({"seats": 9}, None),
    ],
)
def test_it_says_what_is_wrong_with_a_call(
    staff: Client, rides: Rides, people: People, changes: dict[str, Any], said: str | None
) -> None:
    form = staff.post(reverse("admin:drt_booking_phone"), call(rides, **changes)).context["form"]
    assert said in form.errors if said else form.non_field_errors()
    assert not Booking.objects.exists()


# ---------------------------------------------------------------- by hand


def test_it_moves_a_ride_with_a_click(staff: Client, rides: Rides, people: People) -> None:
    booking = book(people.sora)
    url = reverse("admin:drt_booking_move", args=[booking.pk])
    assert b"more minutes of driving" in staff.get(url).content
    target = next(shift for shift in rides.shifts if shift.pk != booking.shift_id)
    staff.post(url, {"shift": str(target.code)})
    booking.refresh_from_db()
    assert (booking.shift_id, booking.pinned) == (target.pk, True)
    assert "drt.booking.moved" in actions()


def test_it_explains_why_a_ride_cannot_move(staff: Client, rides: Rides, people: People) -> None:
    booking = book(people.sora)
    url = reverse("admin:drt_booking_move", args=[booking.pk])
    page = staff.post(url, {"shift": "no-shift"})
    assert page.status_code == 200
    assert "drt.booking.moved" not in actions()


def test_it_calls_a_ride_off(staff: Client, rides: Rides, people: People) -> None:
    booking = book(people.sora)
    page = reverse("admin:drt_booking_changelist")
    staff.post(page, {"action": "call_off", "_selected_action": [booking.pk]})
    booking.refresh_from_db()
    assert booking.state == Booking.State.CANCELLED_BY_OPERATOR
    assert "drt.booking.called_off" in actions()


def test_it_suspends_and_resumes_a_zone(staff: Client, rides: Rides) -> None:
    page, zone = reverse("admin:drt_zone_changelist"), Zone.objects.get()
    staff.post(page, {"action": "suspend", "_selected_action": [zone.pk]})
    assert Zone.objects.filter(suspended_from__isnull=False).exists()
    staff.post(page, {"action": "resume", "_selected_action": [zone.pk]})
    assert Zone.objects.filter(suspended_from__isnull=True).exists()
    assert {"drt.zone.suspended", "drt.zone.resumed"} <= actions()


# ---------------------------------------------------------------- supply


def test_a_new_stop_wakes_the_dispatcher(staff: Client, rides: Rides) -> None:
    before = Service.objects.get().version
    lon, lat = place(1)
    answer = staff.post(
        reverse("admin:drt_virtualstop_add"),
        {
            "code": "s99", "names_local": "새 정류장", "service": rides.service.pk,
            "geom": f"POINT({lon} {lat})", "kerb_side": "right", "step_free": "on",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["errors"]
    stop = VirtualStop.objects.get(code="s99")
    assert stop.geom_m is not None
    assert Service.objects.get().version > before


@pytest.mark.parametrize(
    "page",
    [
        "service", "zone", "virtualstop", "depot", "calendar", "bookingrule", "fare", "vehicletype",
        "operatingrule", "vehicle", "driver", "shift", "shiftpattern", "booking", "dispatchevent",
    ],
)  # fmt: skip
def test_every_page_opens(staff: Client, rides: Rides, people: People, page: str) -> None:
    booking = book(people.sora)
    assert staff.get(reverse(f"admin:drt_{page}_changelist")).status_code == 200
    rows = staff.get(reverse(f"admin:drt_{page}_changelist")).context["cl"].result_list
    for row in list(rows)[:1]:
        assert staff.get(reverse(f"admin:drt_{page}_change", args=[row.pk])).status_code == 200
    assert booking.pk
