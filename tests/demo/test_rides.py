"""Dalbit Call as seeded: enough stops near everybody, room for wheelchairs, hours that fit."""

from datetime import timedelta

from apps.base import clock
from apps.base.clock import Hand
from apps.drt.models import Driver, Service, Shift, ShiftPattern, TravelTable, Vehicle, VirtualStop
from citizen.demo.seed.drt import CLOSES_MIN, OPENS_MIN, SERVICE, seed_rides
from citizen.demo.world import rides as plan
from citizen.demo.world.town import Town
from tests.devices.conftest import found_city

DAY = timedelta(days=1)


def test_it_spreads_stops_over_the_town(town: Town) -> None:
    halts = plan.halts(town.stops)
    assert 38 <= len(halts) <= 60
    assert len({halt.code for halt in halts}) == len(halts)
    assert sum(halt.is_step_free for halt in halts) >= 20


def test_it_always_has_a_ramp_on_the_road() -> None:
    ramps = [van for van in plan.VANS if van.type == "ramp-van"]
    for minute in range(OPENS_MIN, CLOSES_MIN):
        assert any(0 <= minute - van.starts_min < 2 * plan.SHIFT_MIN for van in ramps)


def test_it_seeds_the_service_and_seeding_twice_changes_nothing(
    db: None, hand: Hand, town: Town
) -> None:
    found_city()
    for _ in range(2):
        seed_rides(town)
    service = Service.objects.get(code=SERVICE)
    assert VirtualStop.objects.filter(service=service).count() == len(plan.halts(town.stops))
    assert Vehicle.objects.count() == len(plan.VANS)
    assert Driver.objects.filter(person__user__isnull=False).count() == len(plan.DRIVERS)
    assert ShiftPattern.objects.filter(driver__isnull=False).count() == 2 * len(plan.VANS)
    assert TravelTable.objects.exists()
    running = Shift.objects.filter(starts_at__lte=clock.now(), ends_at__gt=clock.now())
    assert running.filter(driver__isnull=False).count() == len(plan.VANS)
    tomorrow = Shift.objects.filter(starts_at__gt=clock.now(), starts_at__lt=clock.now() + DAY)
    assert tomorrow.filter(driver__isnull=False).count() >= len(plan.VANS)
