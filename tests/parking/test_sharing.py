"""Residents lend their bays, take them back, and earn."""

from datetime import date, timedelta
from typing import Any

import pytest

from apps.accounts import services as accounts
from apps.base import clock
from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid, NotAllowed, NotFound
from apps.parking.models import Reservation, SharedOffer
from apps.parking.services.cancelling import cancel_reservation
from apps.parking.services.openings import bookable_spans
from apps.parking.services.quotes import NoSpace, make_quote
from apps.parking.services.reservations import hold_space
from apps.parking.services.sharing import (
    AlreadyLent,
    BayInUse,
    assign_bay,
    change_offer,
    lend_bay,
    own_offer,
    recall_bay,
    withdraw_offer,
)
from apps.parking.services.staying import end_stay, start_stay
from tests.parking.booking import Lots, fresh, taken_by_provider, work_off
from tests.support.world import settle

State = Reservation.State
TODAY = date(2026, 11, 22)
HERE: dict[str, Any] = {"site": "alley", "category": "resident"}


@pytest.fixture
def owner(lots: Lots) -> Any:
    """Jiwoo has the first bay of the alley."""
    jiwoo = settle("jiwoo")
    assign_bay(person=jiwoo, bay=lots.bay(1), first_on=TODAY)
    return jiwoo


def lend(owner: Any, bay: int = 1, **terms: Any) -> SharedOffer:
    """From noon to ten in the evening every day, 600 won per half hour."""
    usual: dict[str, Any] = {
        "first_on": TODAY, "rule": "FREQ=DAILY", "opens": "12:00", "lasts_min": 600,
        "step_price": 600,
    }  # fmt: skip
    code = lend_bay(person=owner, bay=f"alley-{bay}", **(usual | terms))["code"]
    return own_offer(owner, code)


def second_bay(lots: Lots, **terms: Any) -> SharedOffer:
    minjun = settle("minjun")
    assign_bay(person=minjun, bay=lots.bay(2), first_on=TODAY)
    return lend(minjun, 2, **terms)


def test_a_lent_bay_can_be_booked_while_it_is_open(lots: Lots, owner: Any) -> None:
    lend(owner)
    booked = lots.book(lots.sora, **HERE)
    assert booked.space.bay == lots.bay(1)
    assert booked.price == 2400


@pytest.mark.parametrize(("start", "end"), [(8, 10), (9, 11), (11, 12), (23, 25)])
def test_outside_its_hours_it_cannot_be_booked(
    lots: Lots, owner: Any, start: float, end: float
) -> None:
    """It closes at ten; the ten minutes until the owner comes home belong to the booking."""
    lend(owner)
    with pytest.raises(NoSpace):
        lots.quote(start, end, **HERE)


def test_two_people_do_not_get_one_bay(lots: Lots, owner: Any) -> None:
    lend(owner)
    lots.hold(lots.sora, **HERE)
    with pytest.raises(NoSpace):
        lots.quote(**HERE)


def test_the_cheapest_bay_comes_first(lots: Lots, owner: Any) -> None:
    lend(owner)
    cheap = second_bay(lots, step_price=100)
    assert lots.hold(lots.sora, **HERE).offer == cheap
    assert lots.hold(lots.ben, **HERE).price == 2400


def test_only_who_has_a_bay_lends_it(lots: Lots, owner: Any) -> None:
    with pytest.raises(NotAllowed):
        lend(lots.ben)
    with pytest.raises(Conflict):
        assign_bay(person=lots.ben, bay=lots.bay(1), first_on=TODAY)


def test_a_bay_is_lent_once(lots: Lots, owner: Any) -> None:
    lend(owner)
    with pytest.raises(AlreadyLent):
        lend(owner)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"rule": "FREQ=HOURLY"}, "rule"), ({"opens": "noon"}, "opens"),
        ({"lasts_min": 0}, "lasts_min"), ({"step_min": 0}, "step_min"),
        ({"min_stay_min": 90, "max_stay_min": 60}, "max_stay_min"),
    ],
)  # fmt: skip
def test_terms_that_make_no_sense_are_refused_by_name(
    lots: Lots, owner: Any, terms: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        lend(owner, **terms)
    assert set(refused.value.errors) == {field}


def test_stays_keep_within_what_the_owner_lends(lots: Lots, owner: Any) -> None:
    lend(owner, min_stay_min=60, max_stay_min=120)
    lots.quote(1, 3, **HERE)
    for end in (1.75, 3.25):
        with pytest.raises(Invalid):
            lots.quote(1, end, **HERE)


def test_what_is_left_is_the_offer_less_recalls_less_bookings(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    lots.book(lots.sora, 2, 3, **HERE)
    recall_bay(person=owner, code=offer.code, starts_at=lots.at(5), ends_at=lots.at(6))
    now = clock.now()
    spans = bookable_spans(offer, now, now + timedelta(hours=12), now=now)
    assert spans == [
        (lots.at(0), lots.at(2)),
        (lots.at(3) + timedelta(minutes=10), lots.at(5)),
        (lots.at(6), lots.at(10)),
    ]


def test_blackouts_and_the_end_of_a_right_close_the_bay(lots: Lots, owner: Any) -> None:
    offer = lend(owner, blackout_on=[date(2026, 11, 23)])
    offer.right.valid_to_on = date(2026, 11, 24)
    now = clock.now()
    spans = bookable_spans(offer, now, now + timedelta(days=5), now=now)
    assert [opens.day for opens, _closes in spans] == [22, 24]


def test_a_recalled_bay_cannot_be_booked(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    token = lots.quote(**HERE)
    recall_bay(person=owner, code=offer.code, starts_at=lots.at(2), ends_at=lots.at(4))
    with pytest.raises(NoSpace):
        lots.quote(**HERE)
    with pytest.raises(NoSpace):
        hold_space(person=lots.sora, token=token)


def test_whoever_booked_a_recalled_bay_gets_another(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    booked = lots.book(lots.sora, **HERE)
    other = second_bay(lots, step_price=900)
    done = recall_bay(person=owner, code=offer.code, starts_at=lots.at(2), ends_at=lots.at(4))
    assert done == {"moved": 1, "cancelled": 0}
    moved = fresh(booked)
    assert (moved.space.bay, moved.offer, moved.price) == (lots.bay(2), other, 2400)


def test_where_no_other_bay_is_left_they_pay_nothing(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    booked = lots.book(lots.sora, 0.75, 2, **HERE)
    done = recall_bay(person=owner, code=offer.code, starts_at=lots.at(1), ends_at=lots.at(4))
    work_off()
    assert done == {"moved": 0, "cancelled": 1}
    assert fresh(booked).state == State.CANCELLED
    assert taken_by_provider() == 0


def test_a_recall_by_the_same_key_happens_once(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    for _twice in range(2):
        recall_bay(person=owner, code=offer.code, starts_at=lots.at(2), ends_at=lots.at(4), key="k")
    assert offer.recalls.count() == 1


def test_nobody_is_driven_off_the_bay(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    booked = lots.book(lots.sora, 0, 2, **HERE)
    start_stay(person=lots.sora, code=booked.code)
    with pytest.raises(BayInUse) as refused:
        recall_bay(person=owner, code=offer.code, starts_at=lots.at(1), ends_at=lots.at(4))
    assert refused.value.extra["free_at"] == lots.at(2) + timedelta(minutes=10)


@pytest.mark.parametrize(("start", "end"), [(0.4, 2), (2, 1), (1, 24 * 100)])
def test_recalls_that_make_no_sense_are_refused(
    lots: Lots, owner: Any, start: float, end: float
) -> None:
    offer = lend(owner)
    with pytest.raises(Invalid):
        recall_bay(person=owner, code=offer.code, starts_at=lots.at(start), ends_at=lots.at(end))


def test_others_offers_do_not_exist(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    with pytest.raises(NotFound):
        own_offer(lots.ben, offer.code)
    with pytest.raises(NotFound):
        recall_bay(person=lots.ben, code=offer.code, starts_at=lots.at(2), ends_at=lots.at(4))


def test_new_terms_are_for_bookings_to_come(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    booked = lots.book(lots.sora, **HERE)
    change_offer(person=owner, code=offer.code, step_price=1000)
    assert fresh(booked).price == 2400
    assert make_quote(starts_at=lots.at(4), ends_at=lots.at(5), **HERE).quote.price == 2000
    with pytest.raises(Invalid):
        change_offer(person=owner, code=offer.code, opens="25:00")


def test_a_withdrawn_offer_honours_its_bookings(lots: Lots, owner: Any) -> None:
    offer = lend(owner)
    booked = lots.book(lots.sora, **HERE)
    withdraw_offer(person=owner, code=offer.code)
    with pytest.raises(NoSpace):
        lots.quote(5, 6, **HERE)
    assert fresh(booked).state == State.CONFIRMED
    assert lend(owner).code != offer.code


def test_renters_do_not_learn_whose_bay_it_is(lots: Lots, owner: Any) -> None:
    lend(owner)
    lots.book(lots.sora, **HERE)
    told = str(accounts.export_person(person=lots.sora).content)
    assert str(owner.code) not in told
    assert owner.display_name not in told


def test_what_parking_keeps_of_a_person_is_handed_out_and_let_go(
    lots: Lots, owner: Any, hand: Hand
) -> None:
    offer = lend(owner)
    stayed = lots.book(lots.sora, 0, 1, **HERE)
    start_stay(person=lots.sora, code=stayed.code)
    end_stay(person=lots.sora, code=stayed.code)
    coming = lots.book(lots.sora, 2, 3, **HERE)
    given_up = lots.hold(lots.sora, 4, 5, **HERE)
    cancel_reservation(person=lots.sora, code=given_up.code)
    work_off()

    exported = accounts.export_person(person=owner).content.decode()
    assert "FREQ=DAILY" in exported
    assert "capture" in exported
    parts = accounts.erase_person(person=lots.sora)
    work_off()

    assert parts["parking"]["kept"] == 2
    assert not Reservation.objects.filter(pk=given_up.pk).exists()
    assert fresh(coming).state == State.CANCELLED
    assert fresh(stayed).plate == ""
    accounts.erase_person(person=owner)
    offer.refresh_from_db()
    assert offer.withdrawn_at is not None
