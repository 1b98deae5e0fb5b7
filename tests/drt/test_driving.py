"""What drivers report, and what follows: riders told, plans changed, screens up to date."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from apps.base import clock, live
from apps.base.clock import Hand
from apps.base.problems import Problem
from apps.drt.models import (
    Booking,
    Driver,
    Shift,
    StopVisit,
    Vehicle,
    VehiclePlan,
    VehiclePosition,
)
from apps.drt.process import Dispatcher
from apps.drt.services.driving import Fix, report_act, report_positions
from apps.drt.services.following import follow_vehicles
from apps.drt.services.provisioning import BreakPlan, open_shift
from apps.drt.services.rescue import rescue_seeking
from apps.drt.services.shifts import (
    acknowledge_plan,
    end_shift,
    pause_shift,
    report_breakdown,
    start_shift,
)
from apps.notify.models import Telling
from tests.drt.asking import book
from tests.drt.town import MINUTE, Rides, place
from tests.support.world import People

State = Booking.State


class Road:
    """Two vans under way; Park drives the first, Minjun's namesake the second."""

    def __init__(self, rides: Rides, people: People, hand: Hand) -> None:
        self.rides, self.people, self.hand = rides, people, hand
        self.drivers = [people.park, people.minjun]
        for shift, person, number in zip(rides.shifts, self.drivers, ("D1", "D2"), strict=True):
            Shift.objects.filter(pk=shift.pk).update(driver=rides.hire(person, number))

    def start(self, number: int = 0) -> None:
        start_shift(person=self.drivers[number], code=self.rides.shifts[number].code)

    def act(self, booking: Booking, act: str, **more: Any) -> Any:
        booking.refresh_from_db()
        assert booking.shift_id
        shift = Shift.objects.select_related("driver__person").get(pk=booking.shift_id)
        assert shift.driver
        driver = more.pop("person", shift.driver.person)
        return report_act(
            person=driver, shift=shift.code, subject=str(booking.code), act=act, **more
        )

    def told(self) -> list[str]:
        return [telling.data["what"] for telling in Telling.objects.order_by("pk")]


@pytest.fixture
def road(rides: Rides, people: People, hand: Hand) -> Road:
    return Road(rides, people, hand)


def fresh(booking: Booking) -> Booking:
    booking.refresh_from_db()
    return booking


def test_a_ride_from_the_first_move_to_the_last(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    road.hand.move(5 * MINUTE)
    follow_vehicles("dalbit")
    assert fresh(booking).state == State.APPROACHING
    assert booking.shift
    assert booking.shift.plan.locked == 1
    road.act(booking, "arrived")
    assert fresh(booking).state == State.ARRIVED
    road.act(booking, "boarded")
    assert fresh(booking).state == State.ONBOARD
    assert booking.boarded_at == clock.now()
    road.hand.move(10 * MINUTE)
    road.act(booking, "alighted")
    assert fresh(booking).state == State.COMPLETED
    plan = VehiclePlan.objects.get(shift=booking.shift)
    assert (plan.stops, plan.standing_place) == ([], "stop:s11")
    assert road.told() == ["approaching", "arrived"]
    visits = StopVisit.objects.values_list("act", "place")
    assert list(visits) == [("pickup", "stop:s0"), ("dropoff", "stop:s11")]


def test_what_is_reported_twice_happens_once(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    for _twice in range(2):
        road.act(booking, "boarded", at=clock.now(), key="b1")
        road.act(booking, "boarded", at=clock.now())
    assert StopVisit.objects.count() == 1
    assert fresh(booking).state == State.ONBOARD


def test_a_driver_acts_on_no_other_vehicle(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    assert booking.shift
    assert booking.shift.driver
    stranger = next(p for p in road.drivers if p != booking.shift.driver.person)
    before = VehiclePlan.objects.get(shift=booking.shift).version
    with pytest.raises(Problem) as refused:
        road.act(booking, "boarded", person=stranger)
    assert refused.value.slug == "not-your-vehicle"
    with pytest.raises(Problem) as refused:
        road.act(booking, "boarded", person=road.people.ben)
    assert refused.value.slug == "not-your-vehicle"
    assert fresh(booking).state == State.CONFIRMED
    assert VehiclePlan.objects.get(shift=booking.shift).version == before


@pytest.mark.parametrize(
    ("act", "slug"),
    [("alighted", "ride-wrong-state"), ("no_show", "ride-wrong-state"), ("dance", "invalid")],
)
def test_it_refuses_what_cannot_have_happened(road: Road, act: str, slug: str) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    with pytest.raises(Problem) as refused:
        road.act(booking, act)
    assert refused.value.slug in (slug, "not-the-next-stop")
    assert fresh(booking).state == State.CONFIRMED


def test_a_time_from_tomorrow_is_refused(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    with pytest.raises(Problem) as refused:
        road.act(booking, "arrived", at=clock.now() + timedelta(hours=1))
    assert refused.value.slug == "invalid"


def test_the_driver_waits_before_going_on_without_a_rider(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    road.hand.move(10 * MINUTE)
    road.act(booking, "arrived")
    with pytest.raises(Problem) as refused:
        road.act(booking, "no_show")
    assert refused.value.slug == "ride-too-early"
    road.hand.move(4 * MINUTE)
    road.act(booking, "no_show")
    assert fresh(booking).state == State.NO_SHOW
    assert VehiclePlan.objects.get(shift=booking.shift).stops == []
    assert road.told()[-1] == "no_show"


def test_a_break_of_the_vehicle_gives_everybody_another(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    first = booking.shift
    assert first
    report_breakdown(code=first.code, actor="test")
    assert fresh(booking).state == State.SEEKING
    assert rescue_seeking("dalbit") == 1
    assert fresh(booking).state == State.CONFIRMED
    assert booking.shift != first
    assert booking.late_s == 0
    assert road.told() == ["seeking", "replanned"]
    assert Vehicle.objects.get(pk=first.vehicle_id).broken_since == clock.now()


def resting(name: str) -> dict[str, str]:
    at = clock.now().isoformat()
    return {"id": name, "act": "break", "place": "depot:depot", "at": at, "latest_at": at}


def test_a_break_that_has_begun_is_not_planned_again(road: Road) -> None:
    now, vehicle = clock.now(), road.rides.vans[0]
    Shift.objects.filter(pk=road.rides.shifts[0].pk).delete()
    rest = BreakPlan(earliest_at=now, latest_at=now + 60 * MINUTE, lasts_s=1800)
    shift = open_shift(
        vehicle=vehicle, starts_at=now - MINUTE, ends_at=now + 300 * MINUTE, breaks=[rest],
        driver=Driver.objects.get(person=road.drivers[0]),
    )  # fmt: skip
    start_shift(person=road.drivers[0], code=shift.code)
    name = f"break:{shift.breaks.get().pk}"
    VehiclePlan.objects.filter(shift=shift).update(**VehiclePlan.touched(), stops=[resting(name)])
    report_act(person=road.drivers[0], shift=shift.code, subject=name, act="break")
    dispatcher = Dispatcher("dalbit")
    book(road.people.sora, depart_after=now + 40 * MINUTE)
    for _round in range(4):
        dispatcher.tick()
    acts = [stop["act"] for plan in VehiclePlan.objects.all() for stop in plan.stops]
    assert sorted(acts) == ["dropoff", "pickup"]


def test_a_break_left_over_in_a_plan_stops_nobody(road: Road) -> None:
    """Written by whoever did not know yet that it had begun."""
    road.start()
    plan = road.rides.plan()
    stray = [resting("break:0")]
    VehiclePlan.objects.filter(pk=plan.pk).update(**VehiclePlan.touched(), stops=stray)
    booking = book(road.people.sora)
    assert fresh(booking).state == State.CONFIRMED


def test_who_was_aboard_is_fetched_where_the_vehicle_stands(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    road.act(booking, "boarded")
    shift, promised_by = fresh(booking).shift, booking.dropoff_latest_at
    assert shift
    assert shift.driver
    lon, lat = place(2)
    report_positions(
        person=shift.driver.person, shift=shift.code, fixes=[Fix(lon, lat, clock.now())]
    )
    report_breakdown(code=shift.code, actor="test")
    rescue_seeking("dalbit")
    assert fresh(booking).pickup_stop.code == "s2"
    assert booking.state == State.CONFIRMED
    assert booking.boarded_at is None
    assert booking.dropoff_at
    assert booking.dropoff_at <= booking.dropoff_latest_at == promised_by


def test_who_is_rescued_too_late_for_the_promise_is_told_how_late(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    road.act(booking, "boarded")
    promised_by = fresh(booking).dropoff_latest_at
    road.hand.move(promised_by - clock.now() - 2 * MINUTE)
    assert booking.shift
    report_breakdown(code=booking.shift.code, actor="test")
    assert rescue_seeking("dalbit") == 1
    assert fresh(booking).dropoff_latest_at == promised_by
    assert booking.dropoff_at
    assert booking.dropoff_at > promised_by
    assert booking.late_s >= (booking.dropoff_at - promised_by).total_seconds() - 1


def test_without_another_vehicle_a_ride_goes_on_being_sought_and_is_called_off_at_last(
    road: Road,
) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    for shift in road.rides.shifts:
        report_breakdown(code=shift.code, actor="test")
    assert rescue_seeking("dalbit") == 0
    assert fresh(booking).state == State.SEEKING
    road.hand.move(timedelta(hours=3))
    rescue_seeking("dalbit")
    assert fresh(booking).state == State.CANCELLED_BY_OPERATOR
    assert road.told()[-1] == "called_off"


def test_a_vehicle_in_traffic_tells_riders_that_it_is_late(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    road.hand.move(8 * MINUTE)
    follow_vehicles("dalbit")
    planned = fresh(booking).pickup_at
    shift = booking.shift
    assert planned
    assert shift
    assert shift.driver
    road.hand.move(15 * MINUTE)
    lon, lat = place(5)  # it has not left the depot
    report_positions(
        person=shift.driver.person, shift=shift.code, fixes=[Fix(lon, lat, clock.now())]
    )
    follow_vehicles("dalbit")
    assert fresh(booking).pickup_at is not None
    assert booking.pickup_at > planned + 5 * MINUTE  # type: ignore[operator]
    assert booking.late_s > 60
    assert booking.change_reason == "traffic"
    assert "late" in road.told()


def test_a_queue_of_positions_is_taken_in_once_and_the_newest_counts(road: Road) -> None:
    road.start()
    shift, driver = road.rides.shifts[0], road.drivers[0]
    fixes = [Fix(127.25 + n / 1000, 37.43, clock.now() - n * MINUTE) for n in range(5)]
    done = report_positions(person=driver, shift=shift.code, fixes=fixes)
    assert done == {"stored": 5, "passed_over": 0}
    again = report_positions(person=driver, shift=shift.code, fixes=fixes[1:])
    assert again == {"stored": 0, "passed_over": 4}
    assert VehiclePosition.objects.count() == 5
    vehicle = Vehicle.objects.get(pk=shift.vehicle_id)
    assert vehicle.seen_geom
    assert (vehicle.seen_geom.x, vehicle.seen_at) == (127.25, clock.now())


def test_a_driver_confirms_the_plan_seen_and_not_one_to_come(road: Road) -> None:
    road.start()
    plan = road.rides.plan()
    acknowledge_plan(person=road.drivers[0], code=road.rides.shifts[0].code, version=plan.version)
    assert road.rides.plan().acknowledged_version == plan.version
    with pytest.raises(Problem):
        acknowledge_plan(person=road.drivers[0], code=road.rides.shifts[0].code, version=999)


def test_nobody_ends_a_shift_with_riders_left(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    shift = booking.shift
    assert shift
    assert shift.driver
    pause_shift(person=shift.driver.person, code=shift.code)
    with pytest.raises(Problem) as refused:
        end_shift(person=shift.driver.person, code=shift.code)
    assert refused.value.slug == "riders-left"


def test_it_refuses_a_shift_nobody_knows(road: Road) -> None:
    with pytest.raises(Problem) as refused:
        start_shift(person=road.drivers[0], code=uuid.uuid4())
    assert refused.value.slug == "not-found"


def test_a_riders_screen_shows_the_vehicle_once_it_is_coming(road: Road) -> None:
    road.start()
    road.start(1)
    booking = book(road.people.sora)
    topic = f"drt.booking:{booking.code}"
    shift = booking.shift
    assert shift
    assert shift.driver
    fix = Fix(127.255, 37.433, clock.now())
    report_positions(person=shift.driver.person, shift=shift.code, fixes=[fix])
    (row,) = live.snapshot(topic).rows
    assert "lon" not in row["vehicle"]
    road.act(booking, "arrived")
    (row,) = live.snapshot(topic).rows
    assert (row["vehicle"]["lon"], row["state"]) == (127.255, "arrived")
