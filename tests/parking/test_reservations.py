"""Booking a space: hold, pay, come, stay longer, leave, or not."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid, NotFound, Problem, Unavailable
from apps.base.tokens import TokenExpired, TokenForged
from apps.parking.models import (
    BookingPolicy,
    DiscountRight,
    LoopbackPayment,
    Payment,
    Reservation,
    ReservationChange,
)
from apps.parking.services.booking_policies import set_booking_policy
from apps.parking.services.cancelling import cancel_reservation
from apps.parking.services.extending import extend_reservation, quote_extension
from apps.parking.services.holding import TooManyHolds, WrongState
from apps.parking.services.keeping import keep_reservations
from apps.parking.services.payments import NoPayments, PaymentDeclined, refund_payment
from apps.parking.services.quotes import InThePast, NoSpace, NotBookable, NotEntitled, make_quote
from apps.parking.services.reservations import (
    HoldExpired,
    QuoteUsed,
    confirm_reservation,
    hold_space,
)
from apps.parking.services.staying import TooEarly, end_stay, start_stay
from apps.parking.services.tariffs import assign_tariff, define_tariff
from tests.parking.booking import Lots, fresh, paid, taken_by_provider, work_off
from tests.parking.conftest import Town
from tests.support.world import People

State = Reservation.State


# ---------------------------------------------------------------- quote and hold


def test_a_quote_says_what_it_costs_and_how_many_are_left(lots: Lots) -> None:
    signed = make_quote(site="lot", category="general", starts_at=lots.at(1), ends_at=lots.at(3))
    assert (signed.quote.price, signed.quote.currency, signed.free_spaces) == (6000, "KRW", 2)


def test_what_is_held_is_kept_for_ten_minutes(lots: Lots, hand: Hand) -> None:
    held = lots.hold(lots.sora)
    assert (held.state, held.price, held.plate) == (State.HELD, 6000, "12가3456")

    hand.move(timedelta(minutes=10))
    with pytest.raises(HoldExpired):
        confirm_reservation(person=lots.sora, code=held.code, method="card")


def test_a_price_stands_for_five_minutes(lots: Lots, hand: Hand) -> None:
    token = lots.quote()
    hand.move(timedelta(minutes=5, seconds=1))
    with pytest.raises(TokenExpired):
        hold_space(person=lots.sora, token=token)


def test_a_forged_price_is_refused(lots: Lots) -> None:
    token = lots.quote()
    with pytest.raises(TokenForged):
        hold_space(person=lots.sora, token=token[:-4] + "AAAA")
    held = lots.book(lots.sora)
    extension, _quote = quote_extension(person=lots.sora, code=held.code, ends_at=lots.at(4))
    with pytest.raises(TokenForged):
        hold_space(person=lots.sora, token=extension)


def test_a_price_is_used_once(lots: Lots) -> None:
    token = lots.quote()
    hold_space(person=lots.sora, token=token)
    with pytest.raises(QuoteUsed):
        hold_space(person=lots.ben, token=token)


def test_the_same_command_twice_holds_one_space(lots: Lots) -> None:
    token = lots.quote()
    first = hold_space(person=lots.sora, token=token, key="k")
    assert hold_space(person=lots.sora, token=token, key="k") == first
    assert Reservation.objects.count() == 1


def test_only_as_many_as_there_are_spaces(lots: Lots) -> None:
    lots.book(lots.sora)
    lots.book(lots.ben)
    with pytest.raises(NoSpace) as refused:
        lots.quote()
    assert refused.value.extra["alternatives"] == [
        {
            "site": "yard",
            "category": "general",
            "spaces": 1,
            "distance_m": pytest.approx(265, abs=5),
        }
    ]


def test_a_space_needs_its_minutes_between_two_bookings(lots: Lots) -> None:
    for person in (lots.sora, lots.ben):
        lots.book(person, 1, 2)
    with pytest.raises(NoSpace):
        lots.quote(2 + 9 / 60, 3)
    assert lots.hold(lots.sora, 2 + 10 / 60, 3)


def test_a_hold_that_ran_out_is_free_at_once(lots: Lots, hand: Hand) -> None:
    """By predicate: no sweeper has run."""
    first = [lots.hold(person) for person in (lots.sora, lots.ben)]
    hand.move(timedelta(minutes=10))
    second = lots.hold(lots.sora)
    assert second.space_id in {held.space_id for held in first}
    assert {fresh(held).state for held in first} == {State.EXPIRED}


def test_the_sweeper_lets_holds_go_that_ran_out(lots: Lots, hand: Hand) -> None:
    held = lots.hold(lots.sora)
    hand.move(timedelta(minutes=9, seconds=59))
    assert keep_reservations()["expired"] == 0
    hand.move(timedelta(seconds=1))
    assert keep_reservations()["expired"] == 1
    assert fresh(held).state == State.EXPIRED


def test_nobody_holds_more_than_three(lots: Lots) -> None:
    for n in range(3):
        lots.hold(lots.sora, 1 + 3 * n, 2 + 3 * n)
    with pytest.raises(TooManyHolds):
        lots.hold(lots.sora, 20, 21)
    assert lots.hold(lots.ben, 20, 21)


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        (-1, 1, InThePast), (3, 1, Invalid), (1, 1.2, Invalid), (1, 30, Invalid),
        (31 * 24, 31 * 24 + 1, Invalid),
    ],
)  # fmt: skip
def test_times_that_make_no_sense_are_refused(
    lots: Lots, start: float, end: float, problem: type[Problem]
) -> None:
    with pytest.raises(problem) as refused:
        lots.quote(start, end)
    assert set(refused.value.errors) <= {"starts_at", "ends_at"}


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"site": "nowhere"}, NotFound), ({"category": "ev"}, NotFound),
        ({"site": "alley", "category": "resident"}, NoSpace),
    ],
)  # fmt: skip
def test_places_that_cannot_be_booked_say_so(
    lots: Lots, asked: dict[str, Any], problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        lots.quote(**asked)


def test_without_a_policy_nothing_can_be_booked(lots: Lots) -> None:
    BookingPolicy.objects.filter(pool=lots.pool()).delete()
    with pytest.raises(NotBookable):
        lots.quote()


def test_no_more_can_be_booked_than_there_is(lots: Lots) -> None:
    with pytest.raises(Invalid):
        set_booking_policy(pool=lots.pool(), reservable=41)
    set_booking_policy(pool=lots.pool(), reservable=1)
    lots.book(lots.sora)
    with pytest.raises(NoSpace):
        lots.quote()


def test_a_discount_needs_its_proof(lots: Lots) -> None:
    """Anybody may ask what it would make of the price; booking by it takes a proof."""
    shown = make_quote(
        site="lot", category="general", starts_at=lots.at(1), ends_at=lots.at(3),
        discounts=["disabled"],
    )  # fmt: skip
    assert shown.quote.price == 1200
    with pytest.raises(NotEntitled):
        hold_space(person=lots.sora, token=shown.token)

    DiscountRight.objects.create(person=lots.sora, discount="disabled", created_at=lots.at(0))
    assert hold_space(person=lots.sora, token=shown.token)


def test_others_bookings_do_not_exist(lots: Lots) -> None:
    held = lots.hold(lots.sora)
    for ask in (cancel_reservation, start_stay, end_stay):
        with pytest.raises(NotFound):
            ask(person=lots.ben, code=held.code)
    with pytest.raises(NotFound):
        confirm_reservation(person=lots.ben, code=held.code, method="card")
    with pytest.raises(NotFound):
        cancel_reservation(person=lots.sora, code=uuid.uuid4())


# ---------------------------------------------------------------- pay


def test_paying_keeps_the_space_and_takes_nothing_yet(lots: Lots) -> None:
    booked = lots.book(lots.sora)
    assert booked.state == State.CONFIRMED
    assert paid(booked) == [("booking", "authorised", 6000, 0)]
    assert taken_by_provider() == 0


def test_confirming_twice_asks_for_the_money_once(lots: Lots) -> None:
    held = lots.hold(lots.sora)
    for key in ("a", "a", "b", None):
        confirm_reservation(person=lots.sora, code=held.code, method="card", key=key)
    assert LoopbackPayment.objects.count() == 1


def test_a_declined_payment_may_be_tried_by_other_means(lots: Lots) -> None:
    held = lots.hold(lots.sora)
    for _repeated in range(2):
        with pytest.raises(PaymentDeclined):
            confirm_reservation(person=lots.sora, code=held.code, method="declined", key="a")
    assert fresh(held).state == State.HELD

    confirm_reservation(person=lots.sora, code=held.code, method="card", key="b")
    assert fresh(held).state == State.CONFIRMED
    assert [row[1] for row in paid(held)] == ["declined", "authorised"]


@pytest.mark.parametrize("method", ["timeout", "away"])
def test_a_provider_that_does_not_answer_is_asked_again_under_the_same_key(
    lots: Lots, method: str
) -> None:
    held = lots.hold(lots.sora)
    with pytest.raises(Unavailable):
        confirm_reservation(person=lots.sora, code=held.code, method=method, key="a")
    assert fresh(held).state == State.HELD

    confirm_reservation(person=lots.sora, code=held.code, method=method, key="a")
    assert fresh(held).state == State.CONFIRMED
    assert [(row.amount, row.declined) for row in LoopbackPayment.objects.all()] == [(6000, False)]


def test_an_answer_that_was_lost_is_found_by_the_sweeper(lots: Lots, hand: Hand) -> None:
    held = lots.hold(lots.sora)
    with pytest.raises(Unavailable):
        confirm_reservation(person=lots.sora, code=held.code, method="timeout")
    hand.move(timedelta(seconds=61))
    keep_reservations()
    assert fresh(held).state == State.CONFIRMED
    assert paid(held) == [("booking", "authorised", 6000, 0)]


def test_money_set_aside_for_a_hold_that_ran_out_is_let_go(lots: Lots, hand: Hand) -> None:
    held = lots.hold(lots.sora)
    with pytest.raises(Unavailable):
        confirm_reservation(person=lots.sora, code=held.code, method="timeout")
    hand.move(timedelta(minutes=11))
    keep_reservations()
    work_off()
    assert fresh(held).state == State.EXPIRED
    assert paid(held) == [("booking", "voided", 6000, 0)]
    assert LoopbackPayment.objects.get().voided


def test_what_is_free_needs_no_payment(lots: Lots) -> None:
    """At night parking is free."""
    held = lots.hold(lots.sora, 11, 13)
    confirm_reservation(person=lots.sora, code=held.code)
    assert (fresh(held).state, paid(held)) == (State.CONFIRMED, [])


def test_where_payments_are_not_set_up_nothing_dear_is_booked(lots: Lots, settings: Any) -> None:
    held = lots.hold(lots.sora)
    settings.PAYMENTS = ""
    with pytest.raises(NoPayments):
        confirm_reservation(person=lots.sora, code=held.code, method="card")


def test_a_booking_that_costs_needs_means_of_payment(lots: Lots) -> None:
    held = lots.hold(lots.sora)
    with pytest.raises(Invalid) as refused:
        confirm_reservation(person=lots.sora, code=held.code)
    assert "payment_method" in refused.value.errors


# ---------------------------------------------------------------- cancel, come, leave


@pytest.mark.parametrize(("start", "fee"), [(2, 0), (0.5, 3000)])
def test_cancelling_is_free_in_time_and_costs_half_late(lots: Lots, start: float, fee: int) -> None:
    booked = lots.book(lots.sora, start, start + 2)
    assert cancel_reservation(person=lots.sora, code=booked.code)["fee"] == fee
    work_off()
    assert fresh(booked).state == State.CANCELLED
    assert taken_by_provider() == fee


def test_cancelling_twice_costs_once(lots: Lots) -> None:
    booked = lots.book(lots.sora, 0.5, 2.5)
    for key in ("a", "a", "b"):
        cancel_reservation(person=lots.sora, code=booked.code, key=key)
        work_off()
    assert taken_by_provider() == 3000


def test_a_cancelled_space_is_free_again(lots: Lots) -> None:
    booked = [lots.book(person) for person in (lots.sora, lots.ben)]
    cancel_reservation(person=lots.sora, code=booked[0].code)
    assert lots.hold(lots.sora).space_id == booked[0].space_id


def test_the_whole_way_of_a_booking(lots: Lots, hand: Hand) -> None:
    booked = lots.book(lots.sora)
    with pytest.raises(TooEarly):
        start_stay(person=lots.sora, code=booked.code)
    hand.move(timedelta(minutes=50))
    for _twice in range(2):
        start_stay(person=lots.sora, code=booked.code)
    assert fresh(booked).state == State.ACTIVE
    hand.move(timedelta(hours=1))
    for _twice in range(2):
        end_stay(person=lots.sora, code=booked.code)
    work_off()
    assert fresh(booked).state == State.COMPLETED
    assert paid(booked) == [("booking", "captured", 6000, 6000)]
    assert list(
        ReservationChange.objects.filter(reservation=booked).values_list("what", flat=True)
    ) == ["hold", "confirm", "start", "end"]


def test_nobody_comes_early_while_another_has_the_space(lots: Lots, hand: Hand) -> None:
    set_booking_policy(pool=lots.pool(), reservable=1)
    first, second = lots.book(lots.sora, 0, 1), lots.book(lots.ben, 1.25, 2)
    start_stay(person=lots.sora, code=first.code)
    hand.move(timedelta(hours=1, minutes=5))
    with pytest.raises(TooEarly):
        start_stay(person=lots.ben, code=second.code)
    end_stay(person=lots.sora, code=first.code)
    start_stay(person=lots.ben, code=second.code)
    assert fresh(second).during.lower == lots.at(0)


def test_what_is_over_cannot_be_cancelled_or_started(lots: Lots, hand: Hand) -> None:
    booked = lots.book(lots.sora, 0, 1)
    start_stay(person=lots.sora, code=booked.code)
    with pytest.raises(WrongState):
        cancel_reservation(person=lots.sora, code=booked.code)
    end_stay(person=lots.sora, code=booked.code)
    with pytest.raises(WrongState):
        start_stay(person=lots.sora, code=booked.code)


def test_whoever_does_not_come_pays_and_the_space_is_free(lots: Lots, hand: Hand) -> None:
    booked = lots.book(lots.sora, 0, 2)
    hand.move(timedelta(minutes=30))
    assert keep_reservations()["missed"] == 0
    hand.move(timedelta(seconds=1))
    assert keep_reservations()["missed"] == 1
    work_off()
    assert fresh(booked).state == State.NO_SHOW
    assert taken_by_provider() == 6000


def test_coming_when_the_booking_is_over_is_too_late(lots: Lots, hand: Hand) -> None:
    booked = lots.book(lots.sora, 0, 1)
    hand.move(timedelta(hours=1))
    with pytest.raises(InThePast):
        start_stay(person=lots.sora, code=booked.code)


# ---------------------------------------------------------------- longer


def extend(lots: Lots, booked: Reservation, end: float, **more: Any) -> None:
    token, _quote = quote_extension(person=lots.sora, code=booked.code, ends_at=lots.at(end))
    more = {"method": "card"} | more
    extend_reservation(person=lots.sora, code=booked.code, token=token, **more)


def test_staying_longer_costs_the_difference(lots: Lots, hand: Hand) -> None:
    booked = lots.book(lots.sora)
    extend(lots, booked, 4)
    assert fresh(booked).ends_at == lots.at(4)
    assert fresh(booked).price == 9000
    assert [row[0:3:2] for row in paid(booked)] == [("booking", 6000), ("extension", 3000)]


def test_extending_twice_by_one_key_pays_once(lots: Lots) -> None:
    booked = lots.book(lots.sora)
    token, _quote = quote_extension(person=lots.sora, code=booked.code, ends_at=lots.at(4))
    for key in ("a", "a", "b"):
        extend_reservation(person=lots.sora, code=booked.code, token=token, method="card", key=key)
    assert fresh(booked).price == 9000
    assert LoopbackPayment.objects.count() == 2


def test_two_extensions_are_two_payments(lots: Lots) -> None:
    booked = lots.book(lots.sora)
    extend(lots, booked, 4)
    extend(lots, booked, 5)
    assert [row[2] for row in paid(booked)] == [6000, 3000, 3000]


def test_an_extension_that_is_not_paid_is_taken_back(lots: Lots) -> None:
    booked = lots.book(lots.sora)
    with pytest.raises(PaymentDeclined):
        extend(lots, booked, 4, method="declined")
    after = fresh(booked)
    assert (after.ends_at, after.price, after.during) == (booked.ends_at, 6000, booked.during)


def test_an_extension_whose_answer_never_comes_is_taken_back(lots: Lots, hand: Hand) -> None:
    booked = lots.book(lots.sora)
    with pytest.raises(Unavailable):
        extend(lots, booked, 4, method="away")
    assert fresh(booked).ends_at == lots.at(4)
    hand.move(timedelta(seconds=61))
    keep_reservations()
    work_off()
    assert fresh(booked).ends_at == booked.ends_at
    assert [row[1] for row in paid(booked)] == ["authorised", "voided"]


def test_an_old_price_for_longer_does_not_fit_a_changed_booking(lots: Lots) -> None:
    booked = lots.book(lots.sora)
    token, _quote = quote_extension(person=lots.sora, code=booked.code, ends_at=lots.at(5))
    extend(lots, booked, 4)
    with pytest.raises(Conflict):
        extend_reservation(person=lots.sora, code=booked.code, token=token, method="card")


def test_whoever_stays_longer_moves_to_a_space_that_is_free_for_all_of_it(lots: Lots) -> None:
    mine = lots.book(lots.sora, 1, 2)
    lots.book(lots.ben, 3, 4)
    Reservation.objects.filter(person=lots.ben).update(space=mine.space)
    extend(lots, mine, 3.5)
    assert fresh(mine).space_id != mine.space_id


def test_longer_than_the_next_driver_allows_is_refused_with_the_latest_end(lots: Lots) -> None:
    mine = lots.book(lots.sora, 1, 2)
    for _each in range(2):
        lots.book(lots.ben, 3, 4)
    with pytest.raises(NoSpace) as refused:
        extend(lots, mine, 3.5)
    assert refused.value.extra["latest_end"] == lots.at(3) - timedelta(minutes=10)


def test_the_price_for_longer_belongs_to_its_booking(lots: Lots) -> None:
    one, other = lots.book(lots.sora, 1, 2), lots.book(lots.sora, 1, 2)
    token, _quote = quote_extension(person=lots.sora, code=one.code, ends_at=lots.at(3))
    with pytest.raises(TokenForged):
        extend_reservation(person=lots.sora, code=other.code, token=token, method="card")


@pytest.mark.parametrize("end", [2, 3, 40])
def test_an_end_that_is_no_extension_is_refused(lots: Lots, end: float) -> None:
    booked = lots.book(lots.sora)
    with pytest.raises(Invalid):
        quote_extension(person=lots.sora, code=booked.code, ends_at=lots.at(end))


# ---------------------------------------------------------------- too long


def park(lots: Lots, hand: Hand) -> Reservation:
    """Sora parks from now for an hour."""
    booked = lots.book(lots.sora, 0, 1)
    start_stay(person=lots.sora, code=booked.code)
    return booked


def test_staying_too_long_costs_what_it_would_have_cost(lots: Lots, hand: Hand) -> None:
    booked = park(lots, hand)
    hand.move(timedelta(hours=2))
    end_stay(person=lots.sora, code=booked.code)
    work_off()
    assert fresh(booked).overstayed
    assert paid(booked) == [
        ("booking", "captured", 3000, 3000),
        ("overstay", "captured", 3000, 3000),
    ]


def test_a_few_minutes_late_are_forgiven(lots: Lots, hand: Hand) -> None:
    booked = park(lots, hand)
    hand.move(timedelta(hours=1, minutes=5))
    end_stay(person=lots.sora, code=booked.code)
    work_off()
    assert not fresh(booked).overstayed
    assert taken_by_provider() == 3000


def test_a_car_that_stays_keeps_its_space_and_the_next_driver_gets_another(
    lots: Lots, hand: Hand
) -> None:
    staying = park(lots, hand)
    next_ = lots.book(lots.ben, 1.25, 2)
    Reservation.objects.filter(pk=next_.pk).update(space=staying.space)
    hand.move(timedelta(hours=1, minutes=1))
    keep_reservations()
    assert fresh(staying).overstayed
    assert fresh(next_).space_id != staying.space_id
    assert (fresh(next_).state, fresh(next_).moves) == (State.CONFIRMED, 1)
    with pytest.raises(NoSpace):
        lots.quote(1 / 60, 0.9)


def test_where_no_other_space_is_left_the_next_driver_pays_nothing(lots: Lots, hand: Hand) -> None:
    set_booking_policy(pool=lots.pool(), reservable=1)
    staying = park(lots, hand)
    next_ = lots.book(lots.ben, 1.25, 2)
    hand.move(timedelta(hours=1, minutes=1))
    keep_reservations()
    work_off()
    assert fresh(next_).state == State.CANCELLED
    assert taken_by_provider() == 0
    assert fresh(staying).during.upper == lots.at(0.5)


# ---------------------------------------------------------------- what others see


def test_spaces_kept_for_somebody_are_not_free(lots: Lots, hand: Hand) -> None:
    pools = [lots.pool().pk, lots.pool("yard").pk]

    def kept() -> dict[int, int]:
        return Reservation.objects.reserved_now(pools, lots.at(0))

    booked = lots.book(lots.sora, 0.5, 2)
    lots.hold(lots.ben, 5, 6)
    assert kept() == {}
    hand.move(timedelta(minutes=16))
    assert kept() == {pools[0]: 1}
    hand.move(timedelta(minutes=14))
    start_stay(person=lots.sora, code=booked.code)
    assert kept() == {}, "the car is there: sensors see it"


def test_a_hold_that_ran_out_keeps_nothing(lots: Lots, hand: Hand) -> None:
    lots.hold(lots.sora, 0, 1)
    pools = [lots.pool().pk]
    assert Reservation.objects.reserved_now(pools, lots.at(0)) == {pools[0]: 1}
    hand.move(timedelta(minutes=10))
    assert Reservation.objects.reserved_now(pools, lots.at(0)) == {}


def test_screens_do_not_show_a_kept_space_as_free(
    town: Town, hand: Hand, settings: Any, people: People
) -> None:
    """The lot's camera sees ten free spaces; one of them is waited for."""
    site = town.pool("lot").site
    tariff = define_tariff(code="free", names={}, rules={"bands": [{"code": "all", "price": 0}]})
    assign_tariff(site=site, tariff=tariff, first_on=date(2026, 11, 22))
    set_booking_policy(pool=town.pool("lot"), reservable=5)
    town.say(("lot.free", 10))
    start = clock.now() + timedelta(minutes=20)
    signed = make_quote(
        site="lot", category="general", starts_at=start, ends_at=start + timedelta(hours=1)
    )
    code = hold_space(person=people.sora, token=signed.token)["code"]
    confirm_reservation(person=people.sora, code=code)
    keep_reservations()
    assert town.row("lot")["free"] == 10

    hand.move(timedelta(minutes=6))
    town.say(("lot.free", 10))
    assert town.row("lot")["free"] == 9
    cancel_reservation(person=people.sora, code=code)
    keep_reservations()
    assert town.row("lot")["free"] == 10


# ---------------------------------------------------------------- refunds


def test_a_refund_is_given_once_and_never_more_than_was_taken(lots: Lots) -> None:
    booked = lots.book(lots.sora, 0, 1)
    start_stay(person=lots.sora, code=booked.code)
    end_stay(person=lots.sora, code=booked.code)
    work_off()
    payment = Payment.objects.get()
    for _twice in range(2):
        refund_payment(payment=payment, amount=1000, key="complaint")
    assert Payment.objects.get().refunded == 1000
    assert taken_by_provider() == 2000
    with pytest.raises(Conflict):
        refund_payment(payment=payment, amount=2001, key="more")
