"""The dispatcher's round: plans get better, the world is followed, promises stand."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.gis.geos import Point
from django.db import transaction

from apps.base import clock
from apps.base.clock import Hand
from apps.city.models import Obstruction
from apps.city.services.obstructions import Facts, close_reference, open_obstruction
from apps.drt.cache import fleet_of
from apps.drt.core.plans import VehiclePlan as CorePlan
from apps.drt.models import Booking, DispatchEvent, Shift, TravelTable, VehiclePlan
from apps.drt.process import Dispatcher
from apps.drt.services import provisioning as supply
from apps.drt.services.giving_up import cancel_ride
from apps.drt.services.improving import Improver
from apps.drt.services.obstructions import follow_obstructions, replan_around
from apps.drt.services.own_data import erase_rides, export_rides
from apps.drt.services.plans import commit_revision
from apps.drt.services.rebalancing import rebalance_idle
from apps.drt.services.retention import ride_traces
from apps.drt.services.rosters import roll_out_shifts
from apps.drt.services.shifts import start_shift
from apps.drt.services.travel import CUT_OFF_S, places_of, straight_line_s
from tests.drt.asking import book
from tests.drt.test_bookings import carried
from tests.drt.town import HOUR, MINUTE, Rides
from tests.support.world import People

State = Booking.State


ENDS = ((0, 11), (3, 8), (1, 10), (4, 7))


def plan_with(shift: Shift) -> list[str]:
    return [stop["id"] for stop in VehiclePlan.objects.get(shift=shift).stops]


def crowd(people: People) -> list[Booking]:
    riders = (people.sora, people.ben, people.minjun, people.jiwoo)
    return [
        book(person, *pair, depart_after=clock.now() + (20 + 7 * at) * MINUTE)
        for at, (person, pair) in enumerate(zip(riders, ENDS, strict=True))
    ]


def test_a_round_improves_plans_and_breaks_no_promise(rides: Rides, people: People) -> None:
    bookings = crowd(people)
    dispatcher = Dispatcher("dalbit")
    for _round in range(6):
        dispatcher.tick()
    assert carried() == sorted(str(booking.code) for booking in bookings)
    for booking in Booking.objects.all():
        assert booking.pickup_at
        assert booking.pickup_earliest_at <= booking.pickup_at <= booking.pickup_latest_at
        assert booking.late_s == 0


def test_the_same_plans_are_improved_in_the_same_way(rides: Rides, people: People) -> None:
    """Whoever starts anew, as after kill -9, does what the other would have done."""
    crowd(people)
    results = []
    for _process in range(2):
        point = transaction.savepoint()
        improver = Improver("dalbit")
        for _search in range(6):
            improver.improve_once()
        rows = VehiclePlan.objects.order_by("pk").values_list("version", "stops")
        results.append(list(rows))
        transaction.savepoint_rollback(point)
    assert results[0] == results[1]


def test_an_improvement_on_an_older_version_is_dropped(rides: Rides, people: People) -> None:
    """Somebody cancels while the search runs: its result must not bring the ride back."""
    booking = book(people.sora)
    fleet = fleet_of("dalbit")
    fleet.refresh()
    plan = next(plan for plan in fleet.engine.plans if plan.ride_ids)
    stale = CorePlan(plan.vehicle, plan.stops, plan.version + 1, 0, plan.standing)
    cancel_ride(person=people.sora, code=booking.code)
    assert not commit_revision(fleet.supply, [stale], reason="improved", actor="test")
    assert carried() == []


def test_a_closed_street_makes_the_ways_new_and_moves_the_stop(
    rides: Rides, people: People
) -> None:
    booking = book(people.sora)
    assert not follow_obstructions("dalbit")
    tables = TravelTable.objects.count()
    facts = Facts(kind=Obstruction.Kind.FLOOD, geom=Point(127.25, 37.435, srid=4326))
    open_obstruction(source="test", reference="1", facts=facts, actor="test", confirmed=True)
    assert follow_obstructions("dalbit")
    assert TravelTable.objects.count() == tables + 1
    assert not follow_obstructions("dalbit")
    close_reference(source="test", reference="1", actor="test")
    assert follow_obstructions("dalbit")
    booking.refresh_from_db()
    assert booking.pickup_stop.code == "s0"  # straight lines know no floods


def test_what_came_in_the_way_while_dispatch_was_away_counts_at_its_start(
    rides: Rides, hand: Hand
) -> None:
    Dispatcher("dalbit").tick()
    before = TravelTable.objects.count()
    road_works = Facts(
        kind=Obstruction.Kind.CLOSURE, geom=Point(127.25, 37.435, srid=4326),
        valid_from=clock.now() + HOUR, valid_to=clock.now() + 2 * HOUR,
    )  # fmt: skip
    open_obstruction(source="test", reference="2", facts=road_works, actor="test", confirmed=True)
    seen = []
    for _hour in range(4):
        Dispatcher("dalbit").tick()
        Dispatcher("dalbit").tick()
        seen.append(TravelTable.objects.count() - before)
        hand.move(HOUR)
    assert seen == [0, 1, 2, 2]  # not before it holds, when it begins, when it is over


def test_advance_bookings_of_another_day_are_improved_too(rides: Rides, people: People) -> None:
    """Two vans of the day after tomorrow, each with a ride where the other passes."""
    start = clock.now() + 44 * HOUR
    shifts = [rides.add_van(starts_at=start, hours=8) for _van in range(2)]
    supply.touch_services()
    for person, ends in zip(
        (people.sora, people.ben, people.minjun, people.jiwoo), ENDS, strict=True
    ):
        book(person, *ends, depart_after=start + 30 * MINUTE)
    apart = {str(shift.code): plan_with(shift) for shift in shifts}
    improver = Improver("dalbit")
    assert sum(improver.improve_once() for _search in range(8)) > 0
    assert {str(shift.code): plan_with(shift) for shift in shifts} != apart


def test_nobody_is_left_at_a_stop_that_no_vehicle_reaches(
    rides: Rides, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = book(people.sora)
    names = list(places_of(rides.service))

    def ways(points: list[tuple[float, float]]) -> object:
        time_s = straight_line_s(points)
        at = names.index("stop:s0")
        time_s[at, :] = time_s[:, at] = CUT_OFF_S
        time_s[at, at] = 0
        return time_s, "with s0 under water"

    monkeypatch.setattr("apps.drt.services.travel.driving_s", ways)
    assert replan_around("dalbit") == 1
    booking.refresh_from_db()
    assert booking.pickup_stop.code in ("s1", "s4")
    assert booking.change_reason == "obstruction"
    plan = VehiclePlan.objects.get(shift=booking.shift)
    assert plan.stops[0]["place"] == f"stop:{booking.pickup_stop.code}"


def test_idle_vehicles_wait_where_people_used_to_ask(
    rides: Rides, people: People, hand: Hand
) -> None:
    for week in range(3):
        hand.set(datetime(2026, 11, 1 + 7 * week, 2, 50, tzinfo=clock.now().tzinfo))
        for shift in rides.shifts:
            Shift.objects.filter(pk=shift.pk).update(
                starts_at=clock.now() - HOUR, ends_at=clock.now() + 6 * HOUR
            )
        supply.touch_services()
        for person in (people.sora, people.ben, people.minjun):
            booking = book(person, 11, 0, depart_after=clock.now() + 15 * MINUTE)
            cancel_ride(person=person, code=booking.code)
    hand.set(datetime(2026, 11, 22, 3, 0, tzinfo=clock.now().tzinfo))
    shift = rides.shifts[0]
    Shift.objects.filter(pk=shift.pk).update(
        driver=rides.hire(people.park), starts_at=clock.now() - HOUR, ends_at=clock.now() + HOUR
    )
    supply.touch_services()
    start_shift(person=people.park, code=shift.code)
    assert rebalance_idle("dalbit") == 1
    assert rides.plan().wait_at == rides.stop(11)
    assert rebalance_idle("dalbit") == 0
    assert DispatchEvent.objects.filter(kind="rebalanced").count() == 1


def test_shifts_are_made_two_weeks_ahead_and_driven_by_the_rules_of_rest(
    rides: Rides, people: People
) -> None:
    rides.hire(people.park, "D1")
    rides.hire(people.minjun, "D2")
    for code, starts, ends in (("early", 360, 840), ("late", 840, 1320)):
        vehicle = rides.add_van(starts_at=clock.now() - 30 * HOUR, hours=1).vehicle
        plan = supply.PatternPlan(
            code=code, vehicle=vehicle.code, calendar="daily", starts_min=starts, ends_min=ends,
            break_from_min=starts + 180, break_by_min=starts + 300, break_lasts_min=30,
        )  # fmt: skip
        supply.provision_pattern(rides.service, plan)
    made = roll_out_shifts("dalbit")
    assert made >= 28
    assert roll_out_shifts("dalbit") == 0
    driven = Shift.objects.filter(pattern__isnull=False, driver__isnull=False)
    assert driven.count() >= 20
    for person in (people.park, people.minjun):
        mine = list(driven.filter(driver__person=person).order_by("starts_at"))
        for first, second in pairwise(mine):
            assert second.starts_at - first.ends_at >= timedelta(hours=11)
    assert all(shift.breaks.count() == 1 for shift in driven[:3])


def test_a_ride_is_exported_and_its_traces_go(rides: Rides, people: People, hand: Hand) -> None:
    booking = book(people.sora, origin_name="Home")
    assert export_rides(people.sora).data["rides"][0]["origin_name"] == "Home"
    cancel_ride(person=people.sora, code=booking.code)
    assert ride_traces() == 0
    hand.move(timedelta(days=31))
    assert ride_traces() == 1
    booking.refresh_from_db()
    assert (booking.origin_geom, booking.origin_name) == (None, "")


def test_erasing_a_person_calls_off_what_is_to_come(rides: Rides, people: People) -> None:
    booking = book(people.sora)
    erased = erase_rides(people.sora)
    assert erased.kept == 1
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED_BY_RIDER
    assert booking.origin_geom is None
    assert carried() == []


def test_places_that_came_since_get_their_ways(rides: Rides) -> None:
    plan = supply.StopPlan(code="new", names={"en": "New"}, lon=127.256, lat=37.434)
    supply.provision_stop(rides.service, plan)
    Dispatcher("dalbit").tick()
    table = TravelTable.objects.first()
    assert table
    assert "stop:new" in table.places
