"""Areas, fleets and shifts, from plans that may come again."""

import pytest
from django.contrib.gis.geos import Polygon
from django.db import DatabaseError, connection, transaction

from apps.base import clock
from apps.base.problems import Conflict, Invalid
from apps.drt.models import DispatchEvent, Service, TravelTable, VirtualStop, Zone
from apps.drt.services import provisioning as supply
from tests.drt.town import HOUR, Rides


def test_the_same_plan_again_changes_nothing_but_what_it_says(rides: Rides) -> None:
    plan = supply.StopPlan(code="s0", names={"en": "Gate"}, lon=127.25, lat=37.435)
    supply.provision_stop(rides.service, plan)
    assert VirtualStop.objects.count() == 12
    assert VirtualStop.objects.get(code="s0").names == {"en": "Gate"}


def test_every_change_of_supply_is_seen_by_whoever_remembers_it(rides: Rides) -> None:
    before = Service.objects.get().version
    rides.add_van()
    assert Service.objects.get().version > before


def test_it_refuses_an_area_that_crosses_itself(rides: Rides) -> None:
    bow = Polygon(((127.2, 37.4), (127.3, 37.5), (127.3, 37.4), (127.2, 37.5), (127.2, 37.4)))
    with pytest.raises(Invalid):
        supply.provision_zone(rides.service, supply.ZonePlan(code="bow", names={}, geom=bow))
    assert not Zone.objects.filter(code="bow").exists()


def test_no_vehicle_is_on_two_shifts_at_once(rides: Rides) -> None:
    with pytest.raises(Conflict):
        supply.open_shift(vehicle=rides.vans[0], starts_at=clock.now(), ends_at=clock.now() + HOUR)


def test_it_refuses_a_vehicle_type_without_room(rides: Rides) -> None:
    plan = supply.VehicleTypePlan(code="empty", names={}, layouts=({"seats": 0},))
    with pytest.raises(Invalid):
        supply.provision_vehicle_type(plan)


def test_a_travel_table_knows_every_place_by_name(rides: Rides) -> None:
    table = TravelTable.objects.first()
    assert table is not None
    assert table.places[0] == "stop:s0"
    assert table.places[-1] == "depot:depot"
    assert len(table.times) == 4 * 13 * 13


def test_the_dispatch_log_cannot_be_edited(rides: Rides) -> None:
    event = DispatchEvent.objects.create(
        at=clock.now(), kind="test", service=rides.service, actor="test"
    )
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        DispatchEvent.objects.filter(pk=event.pk).update(kind="other")
    assert connection.is_usable()
