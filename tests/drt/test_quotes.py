"""Offers: what a rider is told, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.base.problems import Problem
from apps.base.tokens import TokenExpired, TokenForged
from apps.drt.core.capacity import Capacity
from apps.drt.models import Booking, BookingRule, DispatchEvent, VehiclePlan, Zone
from apps.drt.services.claims import Quote, read_offer
from apps.drt.services.provisioning import touch_services
from apps.drt.services.quotes import make_quote
from tests.conftest import NOON
from tests.drt.asking import wish
from tests.drt.town import HOUR, MINUTE, Rides


def ask(**more: Any) -> Quote:
    return make_quote(wish=wish(**more))


def test_an_offer_promises_a_window_a_walk_and_a_fare(rides: Rides) -> None:
    (signed, *_others) = ask(origin=0, destination=11).offers
    claim = signed.claim
    assert (claim.pickup_stop, claim.dropoff_stop) == ("s0", "s11")
    assert NOON <= claim.pickup_earliest <= claim.pickup <= claim.pickup_latest
    assert claim.pickup_latest - claim.pickup_earliest <= timedelta(seconds=481)
    assert claim.dropoff <= claim.dropoff_latest
    assert claim.fare == 1000
    assert claim.walk_to_m == claim.walk_from_m == 0


def test_asking_changes_nothing(rides: Rides) -> None:
    before = list(VehiclePlan.objects.values_list("version", "stops"))
    ask()
    assert list(VehiclePlan.objects.values_list("version", "stops")) == before
    assert not Booking.objects.exists()
    assert not DispatchEvent.objects.exists()


def test_who_must_arrive_by_a_time_is_there_by_then(rides: Rides) -> None:
    by = NOON + 2 * HOUR
    claim = ask(depart_after=None, arrive_by=by).offers[0].claim
    assert by - timedelta(minutes=31) <= claim.dropoff <= by
    assert claim.dropoff_latest <= by


def test_one_may_ask_for_a_ride_in_two_weeks(rides: Rides) -> None:
    later = NOON + timedelta(days=13, hours=20)
    rides.add_van(starts_at=later - HOUR)
    claim = ask(depart_after=later).offers[0].claim
    assert claim.pickup >= later


def test_a_wheelchair_gets_a_stop_with_room_for_the_ramp_and_time_to_board(rides: Rides) -> None:
    party = Capacity(seats=1, wheelchair_bays=1)
    claim = ask(origin=6, destination=0, party=party, max_walk_m=1200).offers[0].claim
    assert claim.pickup_stop != "s6"
    assert claim.board_s == 150


def test_the_step_free_offer_avoids_the_stop_with_steps(rides: Rides) -> None:
    quote = ask(origin=5, destination=11, step_free=True, max_walk_m=1200)
    assert all(signed.claim.pickup_stop != "s5" for signed in quote.offers)


NOW = NOON
REFUSALS = [
    ("outside-service-area", {"origin": (127.10, 37.43)}),
    ("outside-service-hours", {"depart_after": NOW + 13 * HOUR}),
    ("invalid", {"depart_after": NOW - HOUR}),
    ("invalid", {"depart_after": NOW + timedelta(days=15)}),
    ("invalid", {"depart_after": None}),
    ("invalid", {"depart_after": NOW, "arrive_by": NOW + HOUR}),
    ("invalid", {"destination": 0}),
    ("invalid", {"party": Capacity(luggage=1)}),
    ("invalid", {"service": "", "depart_after": NOW - HOUR}),
    ("party-too-large", {"party": Capacity(seats=9)}),
    ("not-found", {"service": "nowhere"}),
    ("no-ride", {"party": Capacity(seats=7)}),
    ("no-ride", {"depart_after": NOW + 8 * HOUR}),
]


@pytest.mark.parametrize(("slug", "more"), REFUSALS)
def test_it_refuses_in_words_and_changes_nothing(
    rides: Rides, slug: str, more: dict[str, Any]
) -> None:
    with pytest.raises(Problem) as refused:
        ask(**more)
    assert refused.value.slug == slug
    assert not Booking.objects.exists()


def test_a_no_says_why_and_what_would_have_been_possible(rides: Rides) -> None:
    with pytest.raises(Problem) as refused:
        ask(party=Capacity(seats=7))
    extra = refused.value.extra
    assert extra["reason"] == "party_too_large"
    assert extra["lacking"] == ["seats"]
    assert extra["remedies"][0]["remedy"] == "smaller_party"
    assert extra["remedies"][0]["party"]["seats"] == 6


def test_it_refuses_rides_in_a_suspended_zone(rides: Rides) -> None:
    Zone.objects.update(suspended_from=NOON, suspended_because="Flood")
    touch_services()
    with pytest.raises(Problem, match="Flood") as refused:
        ask()
    assert refused.value.slug == "zone-suspended"


@pytest.mark.parametrize(
    ("rule", "ahead", "is_offered"),
    [
        ({"kind": 0}, timedelta(), True),
        ({"kind": 1, "notice_min": 60}, 59 * MINUTE, False),
        ({"kind": 1, "notice_min": 60}, 61 * MINUTE, True),
        ({"kind": 2, "last_day": 1, "last_time": "18:00"}, timedelta(hours=2), False),
    ],
)
def test_it_keeps_the_booking_rule(
    rides: Rides, rule: dict[str, Any], ahead: timedelta, is_offered: bool
) -> None:
    BookingRule.objects.update(**rule)
    touch_services()
    if is_offered:
        assert ask(depart_after=NOON + ahead).offers
    else:
        with pytest.raises(Problem) as refused:
            ask(depart_after=NOON + ahead)
        assert refused.value.slug == "notice-too-short"


def test_an_offer_ends_and_cannot_be_altered(rides: Rides, hand: Hand) -> None:
    token = ask().offers[0].token
    with pytest.raises(TokenForged):
        read_offer(token[:-2])
    hand.move(timedelta(minutes=5))
    with pytest.raises(TokenExpired):
        read_offer(token)


def test_an_idle_vehicle_does_not_leave_in_the_past(rides: Rides, hand: Hand) -> None:
    ask()
    hand.set(datetime(2026, 11, 22, 5, 0, tzinfo=UTC))
    claim = ask(origin=11, destination=0, depart_after=clock.now()).offers[0].claim
    assert (claim.pickup - clock.now()).total_seconds() > 200  # from the depot, a kilometre away
