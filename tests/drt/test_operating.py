"""What the operator does by hand: areas held shut, rides kept on a vehicle or moved."""

import pytest

from apps.base.problems import Conflict
from apps.drt.cache import fleet_of
from apps.drt.core.budget import Iterations
from apps.drt.core.capacity import Capacity
from apps.drt.core.improving import improve
from apps.drt.models import Booking, DispatchEvent, VehiclePlan, Zone
from apps.drt.services.operating import (
    DoesNotFit,
    Lacking,
    fits_for,
    move_ride,
    pin_ride,
    resume_zone,
    suspend_zone,
)
from apps.drt.services.quotes import make_quote
from apps.drt.services.refusals import ZoneSuspended
from tests.drt.asking import book, wish
from tests.drt.town import Rides
from tests.support.world import People


def other_shift(booking: Booking, rides: Rides) -> str:
    return next(str(s.code) for s in rides.shifts if s.pk != booking.shift_id)


def test_a_suspended_zone_takes_no_rides_until_resumed(rides: Rides, people: People) -> None:
    book(people.sora)
    zone = Zone.objects.get()
    assert suspend_zone(zone=zone, because="Flood", actor="chief") == 1
    with pytest.raises(ZoneSuspended):
        make_quote(wish=wish())
    resume_zone(zone=zone, actor="chief")
    assert make_quote(wish=wish()).offers
    kinds = list(DispatchEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["zone_suspended", "zone_resumed"]


def test_it_moves_a_ride_and_keeps_it_there(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    target = other_shift(booking, rides)
    move_ride(code=booking.code, shift_code=target, actor="chief")
    booking.refresh_from_db()
    assert str(booking.shift.code) == target  # type: ignore[union-attr]
    assert booking.pinned
    carried = {
        str(plan.shift.code): [stop["id"] for stop in plan.stops]
        for plan in VehiclePlan.objects.select_related("shift")
    }
    assert carried[target] == [str(booking.code)] * 2
    assert sum(map(len, carried.values())) == 2
    assert booking.pickup_at is not None
    assert booking.pickup_at <= booking.pickup_latest_at


def test_the_optimiser_leaves_a_pinned_ride_where_it_is(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    move_ride(code=booking.code, shift_code=other_shift(booking, rides), actor="chief")
    fleet = fleet_of("dalbit")
    with fleet.lock:
        fleet.refresh()
        found = improve(
            plans=fleet.engine.plans, rides=fleet.rides.values(), travel=fleet.supply.ways.times,
            budget=Iterations(300), seed=1,
        )  # fmt: skip
    assert not found.changed
    assert fleet.rides[str(booking.code)].vehicles == frozenset({other_shift_of(booking)})


def other_shift_of(booking: Booking) -> str:
    return str(Booking.objects.get(pk=booking.pk).shift.code)  # type: ignore[union-attr]


def test_it_lets_go_of_a_pinned_ride(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    pin_ride(code=booking.code, pinned=True, actor="chief")
    pin_ride(code=booking.code, pinned=False, actor="chief")
    booking.refresh_from_db()
    assert not booking.pinned


def test_it_says_of_every_vehicle_whether_a_ride_fits(rides: Rides, people: People) -> None:
    booking = book(people.sora, party=Capacity(seats=5))
    rides.add_type("tiny", seats=1)
    rides.add_van(type_="tiny")
    fits = {fit.shift.vehicle.code: fit for fit in fits_for(code=booking.code)}
    current = next(code for code, fit in fits.items() if fit.is_current)
    free = next(code for code in ("van-1", "van-2") if code != current)
    assert fits[current].lacking is None
    assert fits[free].lacking is None
    assert (fits[free].added_s or 0) > 0
    assert fits["van-3"].lacking == Lacking.ROOM
    assert all(fit.sentence for fit in fits.values())


def test_it_refuses_what_does_not_fit_and_changes_nothing(rides: Rides, people: People) -> None:
    booking = book(people.sora, party=Capacity(seats=5))
    rides.add_type("tiny", seats=1)
    tiny = rides.add_van(type_="tiny")
    before = VehiclePlan.objects.get(shift=booking.shift).version
    with pytest.raises(DoesNotFit) as refusal:
        move_ride(code=booking.code, shift_code=tiny.code, actor="chief")
    assert refusal.value.extra["why"] == "room"
    booking.refresh_from_db()
    assert not booking.pinned
    assert VehiclePlan.objects.get(shift=booking.shift).version == before


def test_it_moves_nobody_who_is_aboard(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    Booking.objects.filter(pk=booking.pk).update(
        state=Booking.State.ONBOARD, boarded_at=booking.pickup_at
    )
    with pytest.raises(Conflict):
        move_ride(code=booking.code, shift_code=other_shift(booking, rides), actor="chief")
