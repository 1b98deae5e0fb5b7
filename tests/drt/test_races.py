"""Two at once, over two real connections: one wins, the other hears an honest word, and every
rider stands in exactly one plan."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import Person
from apps.base.clock import Hand
from apps.base.problems import Problem
from apps.drt.cache import fleet_of
from apps.drt.core.capacity import Capacity
from apps.drt.models import Booking, Shift
from apps.drt.services.bookings import book_ride
from apps.drt.services.driving import report_act
from apps.drt.services.giving_up import cancel_ride
from apps.drt.services.improving import Improver
from apps.drt.services.plans import commit_revision, fresh_plans
from apps.drt.services.quotes import make_quote
from apps.drt.services.shifts import report_breakdown, start_shift
from tests.conftest import NOON
from tests.drt.asking import book, wish
from tests.drt.test_bookings import carried
from tests.drt.town import MINUTE, Rides, open_service
from tests.parking.test_reservation_races import at_once
from tests.support.world import settle

State = Booking.State
TURNS = range(4)


@pytest.fixture
def town(hand: Hand, transactional_db: None) -> Rides:
    """Two vans, of which the first is on the road."""
    rides = open_service()
    for name in ("minjun", "park"):
        rides.add_van(driver=rides.hire(settle(name), name))
    start_shift(person=settle_again("minjun"), code=rides.shifts[0].code)
    return rides


def settle_again(name: str) -> Person:
    return Person.objects.get(user__email__startswith=name)


def test_the_last_seat_is_sold_once(town: Rides) -> None:
    """All want the same van's six seats; the other van is not on duty then."""
    Shift.objects.filter(pk=town.shifts[1].pk).delete()
    fleet_of("dalbit")
    riders = [settle(name) for name in ("sora", "ben", "jiwoo", "halmeoni")]
    offers = [make_quote(wish=wish(party=Capacity(seats=6))).offers[0].token for _ in riders]
    taken = at_once(*(_taking(*pair) for pair in zip(riders, offers, strict=True)))
    yes = [result["code"] for result in taken if not isinstance(result, Problem)]
    assert len(yes) == 1
    assert {one.slug for one in taken if isinstance(one, Problem)} == {"offer-gone"}
    assert carried() == yes


def test_one_offer_taken_twice_at_once_is_one_ride(town: Rides) -> None:
    sora, ben = settle("sora"), settle("ben")
    token = make_quote(wish=wish()).offers[0].token
    taken = at_once(_taking(sora, token), _taking(ben, token))
    assert [one.slug for one in taken if isinstance(one, Problem)] == ["offer-used"]
    assert len(carried()) == Booking.objects.count() == 1


@pytest.mark.parametrize("turn", TURNS)
def test_a_confirmation_and_an_improvement_both_stand_or_the_improvement_falls(
    town: Rides, turn: int
) -> None:
    people = [settle(name) for name in ("sora", "ben", "jiwoo")]
    for at, (person, ends) in enumerate(zip(people, ((0, 11), (3, 8), (1, 10)), strict=True)):
        book(person, *ends, depart_after=NOON + (20 + 7 * at + turn) * MINUTE)
    last = settle("halmeoni")
    token = make_quote(wish=wish(4, 7, depart_after=NOON + 30 * MINUTE)).offers[0].token
    at_once(_taking(last, token), Improver("dalbit").improve_once)
    _every_rider_stands_once()
    assert Booking.objects.count() == 4
    for booking in Booking.objects.all():
        assert booking.pickup_at
        assert booking.pickup_earliest_at <= booking.pickup_at <= booking.pickup_latest_at


def test_an_improvement_that_waited_for_a_confirmation_is_dropped(town: Rides) -> None:
    """The optimiser comes for the plan while somebody is being written into it."""
    booking = book(settle("sora"))
    fleet = fleet_of("dalbit")
    fleet.refresh()
    found = [plan.without(str(booking.code)) for plan in fleet.engine.plans if plan.ride_ids]
    token = make_quote(wish=wish(1, 10)).offers[0].token
    result = at_once(
        _taking(settle("ben"), token),
        lambda: commit_revision(fleet.supply, found, reason="improved", actor="test"),
    )
    fresh = fresh_plans(fleet.supply, list(fleet.supply.shifts), lock=False)
    assert isinstance(result[0], dict)
    if result[1] is False:
        assert len(carried()) == 2
    else:  # It was first: the confirmation found the plan as the optimiser had left it.
        assert carried() == [result[0]["code"]]
    assert all(set(one.plan.ride_ids) <= set(one.rides) for one in fresh)


@pytest.mark.parametrize("turn", TURNS)
def test_whoever_cancels_while_boarding_is_either_aboard_or_gone(town: Rides, turn: int) -> None:
    sora = settle("sora")
    booking = book(sora, turn, 11)
    _carried_by_the_first(town, booking)
    code = str(booking.code)
    taken = at_once(
        lambda: cancel_ride(person=sora, code=code),
        lambda: report_act(
            person=settle_again("minjun"), shift=town.shifts[0].code, subject=code, act="boarded"
        ),
    )
    booking.refresh_from_db()
    refused = [one.slug for one in taken if isinstance(one, Problem)]
    assert refused == ["ride-wrong-state"]
    assert booking.state == (
        State.ONBOARD if isinstance(taken[0], Problem) else State.CANCELLED_BY_RIDER
    )
    assert carried() == ([code] if booking.state == State.ONBOARD else [])


def test_whoever_cancels_while_the_van_breaks_down_is_not_rescued(town: Rides) -> None:
    sora = settle("sora")
    booking = book(sora)
    at_once(
        lambda: cancel_ride(person=sora, code=booking.code),
        lambda: report_breakdown(code=town.shifts[0].code, actor="staff:1"),
    )
    booking.refresh_from_db()
    if booking.state != State.CANCELLED_BY_RIDER:  # told to try again: the plan was changing
        cancel_ride(person=sora, code=booking.code)
        booking.refresh_from_db()
    assert booking.state == State.CANCELLED_BY_RIDER
    assert carried() == []


def _taking(person: Person, token: str) -> Callable[[], Any]:
    return lambda: book_ride(person=person, token=token)


def _carried_by_the_first(town: Rides, booking: Booking) -> None:
    assert booking.shift_id == town.shifts[0].pk


def _every_rider_stands_once() -> None:
    assert carried() == sorted(str(code) for code in Booking.objects.values_list("code", flat=True))
