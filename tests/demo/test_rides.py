"""Dalbit Call as seeded: enough stops near everybody, room for wheelchairs, hours that fit."""

from apps.base.clock import Hand
from apps.drt.models import Driver, Service, ShiftPattern, TravelTable, Vehicle, VirtualStop
from citizen.demo.seed.drt import CLOSES_MIN, OPENS_MIN, SERVICE, seed_rides
from citizen.demo.world import rides as plan
from citizen.demo.world.town import Town
from tests.devices.conftest import found_city


def test_it_spreads_stops_over_the_town(town: Town) -> None:
    halts = plan.halts(town.stops)
    assert 38 <= len(halts) <= 60
    assert len({halt.code for halt in halts}) == len(halts)
    assert sum(halt.is_step_free for halt in halts) >= 20


def test_it_always_has_a_ramp_on_the_road() -> None:
    ramps = [van for van in plan.VANS if van.type == "ramp-van"]
    for minute in range(OPENS_MIN, CLOSES_MIN):
        assert any(van.starts_min <= minute < van.ends_min for van in ramps)


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
    assert ShiftPattern.objects.filter(driver__isnull=False).count() == len(plan.VANS)
    assert TravelTable.objects.exists()
