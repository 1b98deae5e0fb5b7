"""The demo's drivers and riders at the real doors: they start, drive, stop, board, and arrive."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.base import clock
from apps.base.clock import Hand
from apps.drt.core.capacity import Capacity
from apps.drt.core.simulation.demand import Trip
from apps.drt.models import Booking, VehiclePosition
from apps.drt.services.following import follow_vehicles
from apps.drt.services.provisioning import touch_services
from apps.drt.services.travel import places_of
from citizen.demo.movement.phones import Phone, Said, session_token
from citizen.demo.movement.riders import Riders
from citizen.demo.movement.vans import Van, Way, factor_of, straight
from citizen.demo.world.plane import to_plane
from tests.drt.town import Rides, place
from tests.support.world import People


class InProcess(Phone):
    """The same calls, without a socket."""

    def __init__(self, token: str) -> None:
        super().__init__("http://testserver", token)
        self._client = Client(headers={"X-Session-Token": token})

    def _call(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        if method == "GET":
            answer = self._client.get(path)
        else:
            answer = self._client.post(path, body, content_type="application/json", headers=headers)
        if answer.status_code >= 400:
            raise Said(answer.status_code, answer.json())
        return answer.json()


def driven(rides: Rides, people: People) -> Van:
    assert people.minjun.user
    rides.shifts[0].driver = rides.hire(people.minjun)
    rides.shifts[0].save()
    phone = InProcess(session_token(people.minjun.user))
    return Van(phone, straight, places_of(rides.service), seed=1, noise=0.0)


def riders(rides: Rides, people: People) -> Riders:
    assert people.sora.user
    noon_s = 12 * 3600.0
    trip = Trip(
        "t", noon_s, noon_s, None, to_plane(*place(0)), to_plane(*place(11)), Capacity(seats=1)
    )
    midnight = clock.now() - timedelta(seconds=noon_s)
    return Riders([InProcess(session_token(people.sora.user))], (trip,), midnight)


def test_a_driver_brings_a_rider_there(rides: Rides, people: People, hand: Hand) -> None:
    rides.shifts[1].delete()
    touch_services()
    van, wishes = driven(rides, people), riders(rides, people)
    van.tick(clock.now())
    wishes.tick(clock.now())
    (answer,) = wishes.answers
    booking = Booking.objects.get(code=answer.booking)
    for _ in range(1200):
        hand.move(timedelta(seconds=3))
        follow_vehicles("dalbit")
        van.tick(clock.now())
        booking.refresh_from_db()
        if booking.state == Booking.State.COMPLETED:
            break
    assert booking.state == Booking.State.COMPLETED
    assert VehiclePosition.objects.count() > 20
    assert booking.boarded_at is not None
    assert booking.boarded_at <= booking.pickup_latest_at


def test_a_refused_wish_is_noted(rides: Rides, people: People) -> None:
    wishes = riders(rides, people)
    rides.service.zones.update(suspended_from=clock.now())
    wishes.tick(clock.now())
    assert wishes.answers[0].booking == ""
    assert wishes.answers[0].problem


def test_a_way_is_driven_point_by_point() -> None:
    way = Way(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), (0.0, 10.0, 30.0))
    assert way.at(5.0) == (0.5, 0.0)
    assert way.at(20.0) == (1.0, 0.5)
    assert way.at(99.0) == (1.0, 1.0)
    assert way.stretched(2.0).at(10.0) == (0.5, 0.0)
    assert way.metres(20.0) == pytest.approx(1.5 * 111_195, rel=0.01)


def test_streets_vary_round_what_is_expected() -> None:
    factors = [factor_of(1, "v", leg, 0.2) for leg in range(2000)]
    assert sum(factors) / len(factors) == pytest.approx(1.0, abs=0.02)
