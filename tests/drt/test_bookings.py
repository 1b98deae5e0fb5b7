"""Taking an offer, and giving a ride up."""

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.base.problems import NotFound, Problem
from apps.drt.core.capacity import Capacity
from apps.drt.models import Booking, DispatchEvent, VehiclePlan, Zone
from apps.drt.selectors.rides import own_booking
from apps.drt.services.bookings import book_ride
from apps.drt.services.claims import OfferUsed
from apps.drt.services.giving_up import call_off_ride, cancel_ride
from apps.drt.services.provisioning import touch_services
from apps.drt.services.quotes import make_quote
from apps.notify.models import Telling
from tests.drt.asking import book, wish
from tests.drt.town import MINUTE, Rides
from tests.support.world import People

State = Booking.State


def carried() -> list[str]:
    """Who stands in some plan, each once."""
    return sorted(
        stop["id"]
        for plan in VehiclePlan.objects.all()
        for stop in plan.stops
        if stop["act"] == "dropoff"
    )


def test_a_booking_stands_in_a_plan_with_its_times(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    assert booking.state == State.CONFIRMED
    assert carried() == [str(booking.code)]
    assert booking.pickup_at is not None
    assert booking.dropoff_at is not None
    assert booking.pickup_earliest_at <= booking.pickup_at <= booking.pickup_latest_at
    assert booking.pickup_at < booking.dropoff_at <= booking.dropoff_latest_at
    assert booking.eta_spread_s >= 30


def test_it_is_written_down_why_this_vehicle(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    event = DispatchEvent.objects.get(booking=booking)
    assert event.kind == "booked"
    assert event.detail["added_driving_s"] > 0
    assert event.detail["runner_up_s"] is not None
    assert event.plan_version == VehiclePlan.objects.get(shift=booking.shift).version


def test_the_same_command_again_books_once(rides: Rides, people: People) -> None:
    token = make_quote(wish=wish()).offers[0].token
    first = book_ride(person=people.sora, token=token, key="k1")
    assert book_ride(person=people.sora, token=token, key="k1") == first
    assert Booking.objects.count() == 1


def test_an_offer_is_taken_once(rides: Rides, people: People) -> None:
    token = make_quote(wish=wish()).offers[0].token
    book_ride(person=people.sora, token=token)
    with pytest.raises(OfferUsed):
        book_ride(person=people.ben, token=token)
    assert Booking.objects.count() == 1


def test_two_strangers_share_and_keep_their_promises(rides: Rides, people: People) -> None:
    first = book(people.sora, 0, 11)
    second = book(people.ben, 1, 10)
    for booking in (first, second):
        booking.refresh_from_db()
        assert booking.pickup_at
        assert booking.dropoff_at
        assert booking.pickup_at <= booking.pickup_latest_at
        assert booking.dropoff_at <= booking.dropoff_latest_at
    assert carried() == sorted([str(first.code), str(second.code)])
    assert second.change_reason == ""  # to whoever joins, the joining is no change


def test_a_promise_that_no_longer_fits_gets_an_honest_no_and_new_offers(
    rides: Rides, people: People
) -> None:
    everybody = Capacity(seats=6)
    token = make_quote(wish=wish(party=everybody)).offers[0].token
    book(people.ben, party=everybody)
    book(people.jiwoo, party=everybody)
    before = list(VehiclePlan.objects.order_by("pk").values("version", "stops"))
    with pytest.raises(Problem) as refused:
        book_ride(person=people.sora, token=token, key="k")
    assert (refused.value.slug, refused.value.status) == ("offer-gone", 409)
    for offer in refused.value.extra["offers"]:
        assert offer["pickup_from"] > clock.now()
    assert list(VehiclePlan.objects.order_by("pk").values("version", "stops")) == before
    assert not Booking.objects.filter(person=people.sora).exists()


def test_another_vehicle_that_keeps_the_promise_will_do(rides: Rides, people: People) -> None:
    everybody = Capacity(seats=6)
    token = make_quote(wish=wish(party=everybody)).offers[0].token
    first = book(people.ben, party=everybody)
    second = book_ride(person=people.sora, token=token)
    assert Booking.objects.get(code=second["code"]).shift_id != first.shift_id


def test_it_refuses_an_offer_from_before_the_zone_was_closed(rides: Rides, people: People) -> None:
    token = make_quote(wish=wish()).offers[0].token
    Zone.objects.update(suspended_from=clock.now())
    touch_services()
    with pytest.raises(Problem) as refused:
        book_ride(person=people.sora, token=token)
    assert refused.value.slug == "zone-suspended"
    assert not Booking.objects.exists()


def test_cancelling_frees_the_seat_and_twice_is_once(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    assert cancel_ride(person=people.sora, code=booking.code)["late"] is True
    cancel_ride(person=people.sora, code=booking.code)
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED_BY_RIDER
    assert booking.closed_at == clock.now()
    assert carried() == []


def test_cancelling_long_before_is_not_late(rides: Rides, people: People, hand: Hand) -> None:
    booking = book(people.sora, depart_after=clock.now() + 60 * MINUTE)
    assert cancel_ride(person=people.sora, code=booking.code)["late"] is False


def test_nobody_sees_or_cancels_the_ride_of_another(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    with pytest.raises(NotFound):
        own_booking(people.ben, booking.code)
    with pytest.raises(NotFound):
        cancel_ride(person=people.ben, code=booking.code)
    assert carried() == [str(booking.code)]


def test_a_rider_is_told_when_the_operator_calls_a_ride_off(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    call_off_ride(code=booking.code, actor="staff:1")
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED_BY_OPERATOR
    told = Telling.objects.get()
    assert told.data["what"] == "called_off"
    assert set(told.contents) == {"ko", "en"}
