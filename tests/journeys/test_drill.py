"""A drill from its first reading to its report: a recorded flood goes through the same code as any
other, to a stub of the outside world, and the report says how far ahead each word was."""

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.cache import cache

from apps.alerts.models import Alert, Policy
from apps.base import clock, work
from apps.base.clock import Hand
from apps.base.hot import close_pool
from apps.city.models import District, metres_of, the_city
from apps.hazards.models import Assessment
from apps.notify.models import Chunk
from apps.notify.process import Sender
from citizen.demo.floods import recording, station
from citizen.demo.floods.playing import play, report_of
from citizen.demo.peers.certificates import make_account, make_certificate
from citizen.demo.peers.fcm import FcmPeer
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows
from tests.devices.conftest import found_city
from tests.notify.conftest import register
from tests.support.samples import sample_path

HOURS = 24
PAST_H = 24 * 420


@pytest.mark.samples
@pytest.mark.django_db(transaction=True)
def test_a_recorded_flood_is_told_as_it_comes_and_pushed_once(
    hand: Hand, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is observed is told whatever any model says; learning one would take minutes."""
    monkeypatch.setattr(station, "_learn", lambda _past: None)
    hours = recording.read(sample_path("alerts/rain_discharge_hourly_L0123003_2004_2008.csv.gz"))
    first, last = recording.around_peak(hours, before=None, length=HOURS)
    past, flood = hours[first - PAST_H : first], hours[first:last]
    hand.set(flood[0].at - timedelta(minutes=2))
    began = clock.now()
    taken: dict[str, int] = {}
    set_up_town(past)

    def wait_for(at: datetime) -> None:
        hand.set(at)

    def say(rows: list[dict[str, Any]]) -> None:
        accept(read_rows(rows), known_as(station.GATEWAY))
        while work.sweep():
            pass
        if not taken and Chunk.objects.waiting().filter(transport="fcm").exists():
            taken.update(asyncio.run(pushed(tmp_path, settings)))

    play(flood, wait_for=wait_for, say=say)

    assert set(Assessment.objects.values_list("source", flat=True)) == {"hazards.level"}
    report = report_of(flood, began)
    assert re.search(r"attention .* hazards\.level +0\.0 h ahead", report), report
    assert re.search(r"alarm .* alert +0\.0 h ahead", report), report
    alert = Alert.objects.get()
    assert (alert.kind, alert.status) == ("flood", "Actual")
    assert taken["ok-phone"] == 1


def set_up_town(past: list[recording.Hour]) -> None:
    """A city with one phone near the gauge, and a policy agreed on beforehand."""
    found_city()
    centre = the_city().centre
    box = Polygon.from_bbox((centre.x - 0.05, centre.y - 0.05, centre.x + 0.05, centre.y + 0.05))
    area = MultiPolygon(box, srid=4326)
    District.objects.create(
        code="all", names={"": "강변동", "en": "Riverside"}, reference="1", level=8, geom=area,
        geom_m=metres_of(area, srid=the_city().srid),
    )  # fmt: skip
    station.provision(past, lon=centre.x, lat=centre.y)
    register(at=(centre.x, centre.y), address="ok-phone")
    Policy.objects.create(
        name="Drill", kind="flood", severity_from="Severe", certainty_from="Observed",
        agreed_by="drill",
    )  # fmt: skip


async def pushed(folder: Path, settings: Any) -> dict[str, int]:
    """What Google's door has taken once the sender has sent all there is."""
    cache.clear()
    peer = FcmPeer()
    certificate = make_certificate(folder)
    await peer.server.start(certificate)
    settings.FCM_URL, settings.FCM_CA_FILE = peer.url, str(certificate[0])
    settings.FCM_ACCOUNT_FILE = str(make_account(folder, token_uri=peer.token_uri))
    try:
        await Sender().run_dry()
    finally:
        await peer.server.stop()
        await close_pool()
    return dict(peer.taken)
