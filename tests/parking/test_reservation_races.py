"""Two at once, over two real connections: one wins, nobody pays twice."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.base.problems import Problem
from apps.parking.models import LoopbackPayment, Payment, Reservation
from apps.parking.services.booking_policies import set_booking_policy
from apps.parking.services.cancelling import cancel_reservation
from apps.parking.services.extending import extend_reservation, quote_extension
from apps.parking.services.keeping import keep_reservations
from apps.parking.services.reservations import confirm_reservation, hold_space
from apps.parking.services.sharing import assign_bay, lend_bay, recall_bay
from tests.parking.booking import Lots, fresh, taken_by_provider, work_off
from tests.support.world import settle

State = Reservation.State


def at_once(*commands: Callable[[], Any]) -> list[Any]:
    """Run all in threads with connections of their own; results or problems, in order."""
    gate = threading.Barrier(len(commands))
    results: list[Any] = [None] * len(commands)

    def run(number: int, command: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            results[number] = command()
        except Problem as problem:
            results[number] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(commands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def refused(results: list[Any]) -> list[str]:
    return sorted(result.slug for result in results if isinstance(result, Problem))


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM parking_reservation a JOIN parking_reservation b"
            " ON a.space_id = b.space_id AND a.id < b.id AND a.during && b.during"
            " WHERE a.state IN ('held', 'confirmed', 'active')"
            " AND b.state IN ('held', 'confirmed', 'active')"
        )
        return int(cursor.fetchone()[0])


def test_of_many_who_want_the_last_spaces_only_as_many_get_them(open_lots: Lots) -> None:
    people = [settle(key) for key in ("sora", "ben", "minjun", "jiwoo")]
    tokens = [open_lots.quote() for _person in people]
    results = at_once(
        *(
            lambda person=person, token=token: hold_space(person=person, token=token)
            for person, token in zip(people, tokens, strict=True)
        )
    )
    assert refused(results) == ["no-space", "no-space"]
    assert Reservation.objects.blocking().count() == 2
    assert overlaps() == 0


def test_one_price_used_at_once_by_two_is_used_once(open_lots: Lots) -> None:
    token = open_lots.quote()
    results = at_once(
        lambda: hold_space(person=open_lots.sora, token=token),
        lambda: hold_space(person=open_lots.ben, token=token),
    )
    assert refused(results) == ["quote-used"]
    assert Reservation.objects.count() == 1


def test_one_command_sent_twice_at_once_acts_once(open_lots: Lots) -> None:
    token = open_lots.quote()
    send = lambda: hold_space(person=open_lots.sora, token=token, key="k")  # noqa: E731
    first, second = at_once(send, send)
    assert first == second
    assert Reservation.objects.count() == 1


def test_confirming_twice_at_once_asks_for_the_money_once(open_lots: Lots) -> None:
    held = open_lots.hold(open_lots.sora)
    at_once(
        *(
            lambda key=key: confirm_reservation(
                person=open_lots.sora, code=held.code, method="card", key=key
            )
            for key in ("a", "b", None)
        )
    )
    assert fresh(held).state == State.CONFIRMED
    assert Payment.objects.count() == LoopbackPayment.objects.count() == 1


def test_a_hold_confirmed_as_it_runs_out_is_either_kept_or_costs_nothing(
    open_lots: Lots,
) -> None:
    held = open_lots.hold(open_lots.sora)
    Reservation.objects.filter(pk=held.pk).update(expires_at=open_lots.at(0))
    at_once(
        lambda: confirm_reservation(person=open_lots.sora, code=held.code, method="card"),
        keep_reservations,
    )
    work_off()
    state = fresh(held).state
    authorised = Payment.objects.filter(state="authorised").count()
    assert (state, authorised) in {(State.CONFIRMED, 1), (State.EXPIRED, 0), (State.HELD, 0)}


def test_cancelling_and_confirming_at_once_leaves_nobody_charged_for_nothing(
    open_lots: Lots,
) -> None:
    held = open_lots.hold(open_lots.sora, 3, 5)
    at_once(
        lambda: confirm_reservation(person=open_lots.sora, code=held.code, method="card"),
        lambda: cancel_reservation(person=open_lots.sora, code=held.code),
    )
    work_off()
    if fresh(held).state == State.CANCELLED:
        assert not Payment.objects.filter(state="authorised").exists()
    else:
        assert Payment.objects.get().state == "authorised"
    assert taken_by_provider() == 0


def test_an_extension_and_a_booking_for_the_same_time_do_not_both_succeed(
    open_lots: Lots,
) -> None:
    set_booking_policy(pool=open_lots.pool(), reservable=1)
    mine = open_lots.book(open_lots.sora, 1, 2)
    token, _quote = quote_extension(person=open_lots.sora, code=mine.code, ends_at=open_lots.at(4))
    other = open_lots.quote(3, 5)
    results = at_once(
        lambda: extend_reservation(
            person=open_lots.sora, code=mine.code, token=token, method="card"
        ),
        lambda: hold_space(person=open_lots.ben, token=other),
    )
    assert len(refused(results)) == 1
    assert overlaps() == 0


def test_a_recall_and_a_booking_at_once_do_not_both_get_the_bay(open_lots: Lots) -> None:
    jiwoo = settle("jiwoo")
    assign_bay(person=jiwoo, bay=open_lots.bay(1), first_on=date(2026, 11, 22))
    offer = lend_bay(
        person=jiwoo, bay="alley-1", first_on=date(2026, 11, 22), rule="FREQ=DAILY",
        opens="00:00", lasts_min=1440, step_price=500,
    )  # fmt: skip
    token = open_lots.quote(site="alley", category="resident")
    at_once(
        lambda: hold_space(person=open_lots.sora, token=token),
        lambda: recall_bay(
            person=jiwoo, code=offer["code"], starts_at=open_lots.at(1), ends_at=open_lots.at(3)
        ),
    )
    assert not Reservation.objects.blocking().exists()


def test_even_the_orm_cannot_book_a_space_twice(open_lots: Lots) -> None:
    """Whoever writes past the services meets the constraint."""
    booked = open_lots.book(open_lots.sora)
    booked.pk = None
    booked.code, booked.quote = booked.quote, booked.code
    booked.during = DateTimeTZRange(
        booked.starts_at + timedelta(minutes=1), booked.ends_at + timedelta(minutes=1)
    )
    booked.starts_at += timedelta(minutes=1)
    with pytest.raises(IntegrityError, match="no_double_booking"), transaction.atomic():
        booked.save(force_insert=True)
