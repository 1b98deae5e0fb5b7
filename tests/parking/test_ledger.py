"""The books: every transaction adds up to zero, nothing is booked twice, nothing is edited."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import Sum

from apps.parking.models import Account, Entry, Payment, Transaction
from apps.parking.services.ledger import account, post
from apps.parking.services.payments import refund_payment
from apps.parking.services.sharing import assign_bay, lend_bay
from apps.parking.services.staying import end_stay, start_stay
from tests.parking.booking import Lots, work_off
from tests.support.world import settle

Kind = Account.Kind


def balances() -> dict[str, int]:
    rows = Entry.objects.order_by().values_list("account__kind").annotate(total=Sum("amount"))
    return dict(rows)


def stay(lots: Lots, **where: Any) -> Payment:
    booked = lots.book(lots.sora, 0, 2, **where)
    start_stay(person=lots.sora, code=booked.code)
    end_stay(person=lots.sora, code=booked.code)
    work_off()
    return Payment.objects.get(reservation=booked)


def check_now() -> None:
    """Deferred constraints, as if we committed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_the_city_earns_is_booked_once(lots: Lots) -> None:
    stay(lots)
    work_off()
    assert balances() == {Kind.CLEARING: 6000, Kind.REVENUE: -6000}


def test_a_lent_bay_earns_for_its_resident_and_the_city(lots: Lots) -> None:
    jiwoo = settle("jiwoo")
    assign_bay(person=jiwoo, bay=lots.bay(1), first_on=date(2026, 11, 22))
    lend_bay(
        person=jiwoo, bay="alley-1", first_on=date(2026, 11, 22), rule="FREQ=DAILY",
        opens="00:00", lasts_min=1440, step_price=501,
    )  # fmt: skip

    payment = stay(lots, site="alley", category="resident")

    assert balances() == {Kind.CLEARING: 2004, Kind.FEE: -400, Kind.RESIDENT: -1604}
    assert Entry.objects.of(jiwoo).balance() == 1604
    assert Entry.objects.of(lots.sora).balance() == 0
    refund_payment(payment=payment, amount=2004, key="complaint")
    assert set(balances().values()) == {0}


def test_a_transaction_that_does_not_add_up_is_refused(lots: Lots) -> None:
    cash, earned = account(Kind.CLEARING, "KRW"), account(Kind.REVENUE, "KRW")
    with pytest.raises(ValueError, match="zero"):
        post(key="k", what="test", amounts={cash: 5, earned: -4})
    entry = Transaction.objects.create(key="k", what="test", at=lots.at(0))
    Entry.objects.create(transaction=entry, account=cash, amount=5)
    with pytest.raises(IntegrityError, match="zero"):
        check_now()


def test_currencies_do_not_mix(lots: Lots) -> None:
    amounts = {account(Kind.CLEARING, "KRW"): 5, account(Kind.REVENUE, "EUR"): -5}
    post(key="k", what="test", amounts=amounts)
    with pytest.raises(IntegrityError, match="currencies"):
        check_now()


def test_nothing_is_booked_twice(lots: Lots) -> None:
    amounts = {account(Kind.CLEARING, "KRW"): 5, account(Kind.REVENUE, "KRW"): -5}
    assert [post(key="k", what="test", amounts=amounts) for _twice in range(2)] == [True, False]
    assert Entry.objects.count() == 2


EDITS = (
    "UPDATE parking_entry SET amount = amount * 2",
    "DELETE FROM parking_entry",
    "UPDATE parking_transaction SET what = 'else'",
    "DELETE FROM parking_transaction",
)


@pytest.mark.parametrize("edit", EDITS)
def test_nothing_is_edited(lots: Lots, edit: str) -> None:
    amounts = {account(Kind.CLEARING, "KRW"): 5, account(Kind.REVENUE, "KRW"): -5}
    post(key="k", what="test", amounts=amounts)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="never edited"):
        cursor.execute(edit)
