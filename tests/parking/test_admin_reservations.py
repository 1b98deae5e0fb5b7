"""Staff's pages of bookings, tariffs, lent bays and the books."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.base.models import AuditEntry
from apps.parking.models import (
    BookingPolicy,
    Payment,
    Reservation,
    Space,
    Tariff,
)
from apps.parking.services.sharing import assign_bay, lend_bay
from apps.parking.services.staying import end_stay, start_stay
from tests.parking.booking import RULES, Lots, fresh, taken_by_provider, work_off
from tests.support.world import sign_in_staff

ADMIN = "/admin/parking"


@pytest.fixture
def staff(lots: Lots) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, User.objects.create_superuser("chief@dalbit.example"))
    return client


def act(client: Client, model: str, action: str, *rows: Any) -> Any:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"{ADMIN}/{model}/", chosen, follow=True)


@pytest.mark.parametrize(
    "model",
    ["reservation", "payment", "tariff", "discountright", "bookingpolicy", "bayright",
     "sharedoffer", "transaction", "account"],
)  # fmt: skip
def test_every_page_opens(lots: Lots, staff: Client, model: str) -> None:
    assign_bay(person=lots.ben, bay=lots.bay(1), first_on=date(2026, 11, 22))
    lend_bay(
        person=lots.ben, bay="alley-1", first_on=date(2026, 11, 22), rule="FREQ=DAILY",
        opens="12:00", lasts_min=600, step_price=600,
    )  # fmt: skip
    parked = lots.book(lots.sora, 0, 1)
    start_stay(person=lots.sora, code=parked.code)
    end_stay(person=lots.sora, code=parked.code)
    work_off()
    page = staff.get(f"{ADMIN}/{model}/")
    assert page.status_code == 200
    for row in page.context["cl"].queryset[:1]:
        assert staff.get(f"{ADMIN}/{model}/{row.pk}/change/").status_code == 200


def test_staff_cancel_for_free_and_it_is_on_record(lots: Lots, staff: Client) -> None:
    booked = lots.book(lots.sora, 0.5, 2)
    act(staff, "reservation", "cancel", booked)
    work_off()
    assert fresh(booked).state == Reservation.State.CANCELLED
    assert taken_by_provider() == 0
    entry = AuditEntry.objects.get(action="parking.reservation.cancelled")
    assert entry.subject == f"parking:{booked.code}"
    assert entry.actor == "chief@dalbit.example"


def test_staff_let_cars_come_and_go(lots: Lots, staff: Client) -> None:
    booked = lots.book(lots.sora, 0, 2)
    act(staff, "reservation", "came", booked)
    act(staff, "reservation", "left", booked)
    assert fresh(booked).state == Reservation.State.COMPLETED


def test_what_cannot_be_done_is_said_and_not_on_record(lots: Lots, staff: Client) -> None:
    booked = lots.book(lots.sora, 5, 6)
    page = act(staff, "reservation", "came", booked)
    assert "Your booking has not begun yet." in page.content.decode()
    assert not AuditEntry.objects.filter(action__startswith="parking.reservation").exists()


def test_staff_give_money_back_once(lots: Lots, staff: Client) -> None:
    booked = lots.book(lots.sora, 0, 2)
    start_stay(person=lots.sora, code=booked.code)
    end_stay(person=lots.sora, code=booked.code)
    work_off()
    payment = Payment.objects.get()
    for _twice in range(2):
        act(staff, "payment", "refund", payment)
    assert taken_by_provider() == 0
    assert AuditEntry.objects.filter(action="parking.payment.refunded").count() == 1


def tariff_form(rules: Any, **more: Any) -> dict[str, Any]:
    return {
        "code": "new", "names_local": "새 요금", "names_ko": "", "names_en": "New",
        "rules": rules if isinstance(rules, str) else json.dumps(rules),
        "assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0,
    } | more  # fmt: skip


def test_a_tariff_is_typed_in_and_shown_by_what_stays_cost(lots: Lots, staff: Client) -> None:
    staff.post(f"{ADMIN}/tariff/add/", tariff_form(RULES))
    made = Tariff.objects.get(code="new")
    page = staff.get(f"{ADMIN}/tariff/{made.pk}/change/").content.decode()
    assert "120 min: ₩6,000" in page


@pytest.mark.parametrize(
    ("rules", "said"),
    [("{", "valid JSON"), ({"bands": []}, "no band covers"), ({"bonds": []}, "bonds")],
)
def test_a_tariff_that_makes_no_sense_is_refused_with_the_reason(
    lots: Lots, staff: Client, rules: Any, said: str
) -> None:
    page = staff.post(f"{ADMIN}/tariff/add/", tariff_form(rules))
    assert said in page.content.decode()
    assert not Tariff.objects.filter(code="new").exists()


def test_a_tariff_in_force_keeps_its_rules(lots: Lots, staff: Client) -> None:
    town = Tariff.objects.get(code="town")
    changed = tariff_form({"bands": [{"code": "all", "price": 1}]})
    staff.post(f"{ADMIN}/tariff/{town.pk}/change/", changed)
    town.refresh_from_db()
    assert town.rules == RULES


def test_a_policy_makes_spaces_and_no_more_than_there_are(lots: Lots, staff: Client) -> None:
    policy = BookingPolicy.objects.get(pool=lots.pool("yard"))
    form = {
        name: getattr(policy, name)
        for name in ("turnover_min", "min_stay_min", "max_stay_min", "max_ahead_days",
                     "no_show_min", "cancel_free_min", "late_fee_percent", "no_show_percent",
                     "overstay_grace_min")
    }  # fmt: skip
    path = f"{ADMIN}/bookingpolicy/{policy.pk}/change/"
    assert "Never more than" in staff.post(path, form | {"reservable": 11}).content.decode()
    staff.post(path, form | {"reservable": 10})
    assert Space.objects.in_use().filter(pool=policy.pool_id).count() == 10


def test_the_books_cannot_be_written_by_hand(lots: Lots, staff: Client) -> None:
    for model in ("transaction", "account", "reservation", "payment", "sharedoffer"):
        assert staff.get(f"{ADMIN}/{model}/add/").status_code == 403
