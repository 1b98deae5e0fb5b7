"""Real bay sensors, half of which stand still: none of those is shown as the present."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.base.clock import Hand
from apps.parking.models import ParkingSite
from apps.parking.selectors import site_rows
from citizen.demo.melbourne import snapshot, trust
from citizen.demo.melbourne.snapshot import NoSnapshot, Sensor
from devices.models import Alarm
from tests.devices.conftest import found_city
from tests.support.samples import sample_path
from tests.support.world import sign_in_staff

ZONES = 12
MONTH = timedelta(days=30)


@pytest.fixture
def sensors(hand: Hand, db: None) -> list[Sensor]:
    """Some zones of the snapshot, on a clock that stands at its instant."""
    found = snapshot.read(sample_path("parking/melbourne_bays_snapshot.csv"))
    hand.set(snapshot.taken_at(found))
    found_city()
    zones = sorted({sensor.zone for sensor in found})[100 : 100 + ZONES]
    return [sensor for sensor in found if sensor.zone in zones]


def test_none_unchanged_for_a_month_is_counted_as_free(sensors: list[Sensor]) -> None:
    told = trust.show(sensors)

    at = snapshot.taken_at(sensors)
    lively = [one for one in sensors if at - one.changed_at <= MONTH]
    assert 0 < len(lively) < len(sensors), "both kinds are in it"
    assert told.trusted_free <= sum(not one.occupied for one in lively) < told.naive_free
    for row in site_rows(ParkingSite.objects.values_list("pk", flat=True)):
        assert row["free"] is None or 0 <= row["free"] <= row["capacity"]


def test_each_that_died_or_stands_still_is_on_the_staffs_list(sensors: list[Sensor]) -> None:
    trust.show(sensors)

    at = snapshot.taken_at(sensors)
    ill = {one.bay for one in sensors if at - one.changed_at > MONTH}
    listed = set(Alarm.objects.open().values_list("datastream__code", flat=True))
    assert ill <= listed

    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, User.objects.create_superuser("chief@dalbit.example"))
    page = client.get("/admin/devices/alarm/?kind__exact=silent").content.decode()
    assert "silent" in page
    assert "year" in page or "month" in page


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "kerbsideid;zone_number\n1;2\n"])
def test_another_file_is_no_snapshot(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text)

    with pytest.raises(NoSnapshot):
        snapshot.read(path)
