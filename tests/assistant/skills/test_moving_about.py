"""Parking, rides and ways by conversation."""

from datetime import timedelta
from typing import Any

import pytest

from apps.base import clock, work
from apps.drt.models import Booking
from apps.notify.models import SavedPlace
from apps.parking.core.reservations import State
from apps.parking.models import CapacityPool, ParkingSite, Reservation
from apps.parking.services.booking_policies import set_booking_policy
from apps.parking.services.provisioning import PoolPlan, SitePlan, provision_site
from apps.parking.services.tariffs import assign_tariff, define_tariff
from tests.assistant.skills.conftest import Speaker
from tests.drt.town import Rides
from tests.parking.booking import RULES
from tests.support.world import settle

YARD = SitePlan(
    code="yard", names={"": "역 주차장", "en": "Station Yard"}, kind="lot",
    lon=127.2564,
    lat=37.4254,
    pools=(PoolPlan(total=10),),
)  # fmt: skip


@pytest.fixture
def yard(city: None, settings: Any) -> CapacityPool:
    settings.PAYMENTS = "loopback"
    provision_site(YARD)
    tariff = define_tariff(code="town", names={"en": "Town tariff"}, rules=RULES)
    site = ParkingSite.objects.get(code="yard")
    assign_tariff(site=site, tariff=tariff, first_on=clock.now().date())
    pool = CapacityPool.objects.get(site=site)
    set_booking_policy(pool=pool, reservable=2, cancel_free_min=60, late_fee_percent=50)
    return pool


def test_it_finds_parking_and_says_what_nobody_knows(sora: Speaker, yard: CapacityPool) -> None:
    said = sora.says("where can I park near Dalbit Station", "find_parking", place="Dalbit Station")
    assert "Station Yard: nobody knows" in said


def test_there_means_the_place_spoken_of_last(sora: Speaker, yard: CapacityPool) -> None:
    sora.says("a street light at Dalbit Station is broken", "file_complaint",
              place="Dalbit Station")  # fmt: skip
    said = sora.says("and where can I park there", "find_parking")
    assert "Parking near Dalbit Station" in said
    assert "Back to: Report something" in said
    assert "photo" in said


def test_it_books_a_space_and_pays_for_it_outside_of_the_talk(
    sora: Speaker, yard: CapacityPool
) -> None:
    sora.says("book parking at Dalbit Station from 2 to 4", "book_parking", place="Dalbit Station")
    assert "Station Yard: ₩6,000" in sora.text
    assert "A space is yours" in sora.press("Station Yard")
    held = Reservation.objects.get()
    assert held.state == State.HELD
    assert held.ends_at - held.starts_at == timedelta(hours=2)
    while work.sweep():
        pass
    held.refresh_from_db()
    assert held.state == State.CONFIRMED


def test_it_asks_how_long_and_takes_no_for_an_answer(sora: Speaker, yard: CapacityPool) -> None:
    sora.says("reserve a space at Dalbit Station at 3", "book_parking", place="Dalbit Station")
    assert "how long" in sora.text
    assert "Station Yard" in sora.says("two hours")
    assert "nothing is booked" in sora.says("no", "deny")
    assert not Reservation.objects.exists()


def test_it_cancels_after_saying_what_that_costs(sora: Speaker, yard: CapacityPool) -> None:
    sora.says("book parking at Dalbit Station from 2 to 4", "book_parking", place="Dalbit Station")
    sora.press("Station Yard")
    assert "costs nothing" in sora.says("cancel my parking", "cancel_parking")
    sora.says("yes", "affirm")
    assert Reservation.objects.get().state == State.CANCELLED
    assert "no parking space" in sora.says("cancel my parking", "cancel_parking")


def test_it_speaks_of_later(sora: Speaker, yard: CapacityPool) -> None:
    said = sora.says("will there be parking at Dalbit Station at six", "parking_forecast",
                     place="Dalbit Station")  # fmt: skip
    assert "today at 18:00" in said
    assert "Station Yard: nobody" in said


def test_a_ride_home_is_quoted_and_booked(sora: Speaker, rides: Rides) -> None:
    person = sora.conversation_person
    SavedPlace.objects.create(
        person=person, label="집", cell=1, coarse_cell=1, lon=127.2680, lat=37.4252,
        created_at=clock.now(),
    )  # fmt: skip
    sora.says("a street light at Dalbit Station is broken", "file_complaint",
              place="Dalbit Station")  # fmt: skip
    sora.send(choice="go:start_over")
    said = sora.says("book me a bus home at two", "book_ride")
    assert "From Dalbit Station to home" in said
    assert "₩" in said
    assert "Your ride is booked" in sora.says("yes", "affirm")
    ride = Booking.objects.get()
    assert ride.person == person
    assert ride.channel == "chat"
    assert "home" in sora.says("where is my bus", "track_ride")


def test_it_asks_for_what_a_ride_needs(sora: Speaker, rides: Rides) -> None:
    assert "picked up" in sora.says("book a ride", "book_ride")
    assert "want to go" in sora.says("at City Hall", place="City Hall")
    assert "When" in sora.says("to Dalbit Library", place="Dalbit Library")
    assert "City Hall to Dalbit Library" in sora.says("now")
    assert "nothing is booked" in sora.says("no", "deny")
    assert not Booking.objects.exists()


def test_everything_in_one_sentence_takes_two_turns(sora: Speaker, rides: Rides) -> None:
    text = "take two people from City Hall to Dalbit Library at one"
    sora.says(text, "book_ride")
    assert "City Hall to Dalbit Library" in sora.text
    sora.says("yes", "affirm")
    assert Booking.objects.get().seats + Booking.objects.get().wheelchair_bays == 2


def test_a_refused_ride_says_why_and_what_would_help(sora: Speaker, rides: Rides) -> None:
    said = sora.says("bus from City Hall to Dalbit Library at 11 pm", "book_ride")
    assert "Another time" in sora.labels
    assert "ride" in said
    assert not Booking.objects.exists()


def test_a_ride_is_cancelled_after_asking(sora: Speaker, rides: Rides) -> None:
    sora.says("take me from City Hall to Dalbit Library at one", "book_ride")
    sora.says("yes", "affirm")
    assert "Shall I cancel" in sora.says("cancel my ride", "cancel_ride")
    sora.says("yes", "affirm")
    assert Booking.objects.get().state == "cancelled_by_rider"


def test_a_stranger_on_the_web_is_asked_to_sign_in(sora: Speaker, rides: Rides) -> None:
    from apps.assistant.channels.registry import channels
    from tests.support.registries import registered

    with registered(channels, "web", "tests.assistant.umbrella.channel"):
        ben = Speaker(identity="ben", channel="web")
        ben.says("take me from City Hall to Dalbit Library at one", "book_ride")
        assert "sign in" in ben.says("yes", "affirm")
        assert not Booking.objects.exists()
        ben.acquaint(settle("ben"))  # the chat goes on with whoever signed in
        assert "Your ride is booked" in ben.press("I am signed in: book it")
    assert Booking.objects.get().person == settle("ben")


def test_no_way_has_been_spoken_of(sora: Speaker) -> None:
    assert "no way yet" in sora.says("why this way", "explain_way")


def test_what_is_said_out_of_turn_is_noted_and_the_question_stays(
    sora: Speaker, rides: Rides
) -> None:
    sora.says("I need a ride", "book_ride")
    assert sora.says("two people").startswith("I have noted that. | Where shall you be picked up")
    assert sora.conversation.slots["people"] == 2


def test_places_are_called_as_the_new_language_calls_them(
    sora: Speaker, yard: CapacityPool
) -> None:
    sora.language = "ko"
    sora.says("달빛역 근처 주차장 알려 주세요", "find_parking", place="달빛역")
    assert "달빛역" in sora.text
    said = sora.says("And where can I park there now, please?", "find_parking")
    assert "Parking near Dalbit Station" in said
