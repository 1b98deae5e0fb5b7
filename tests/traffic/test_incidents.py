"""Incidents: told of, cleared, taken over from what stands in the city's way, published."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from google.transit import gtfs_realtime_pb2 as pb
from lxml import etree

from apps.base import clock, live
from apps.base.problems import Conflict, Invalid
from apps.city.services.obstructions import Facts as Obstacle
from apps.city.services.obstructions import close_reference, open_obstruction
from apps.traffic.models import Incident, Link
from apps.traffic.services.incidents import (
    Facts,
    clear_incident,
    follow_obstructions,
    report_incident,
)
from tests.traffic.conftest import LAT, LON

Links = dict[str, Link]
SIT = "{http://datex2.eu/schema/3/situation}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def happen(reference: str = "1", **facts: Any) -> Incident:
    told: dict[str, Any] = {
        "kind": "accident", "severity": 3, "geom": Point(LON + 0.001, LAT, srid=4326),
    }  # fmt: skip
    return report_incident(
        source="test",
        reference=reference,
        actor="test",
        facts=Facts(**(told | facts)),
    )


def test_it_lies_on_the_nearest_link(links: Links) -> None:
    assert happen().link in (links["1>3"], links["3>1"])
    off_road = happen("2", geom=Point(LON + 0.002, LAT + 0.001, srid=4326))
    assert off_road.link is None


def test_the_same_reference_brings_it_up_to_date_and_opens_it_anew(links: Links) -> None:
    first = happen()
    assert happen(severity=4).pk == first.pk
    over = clear_incident(incident=first, actor="staff:1")
    assert over.cleared_at == clock.now()
    with pytest.raises(Conflict):
        clear_incident(incident=first, actor="staff:1")
    assert happen().cleared_at is None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "dragon"}, "kind"),
        ({"severity": 5}, "severity"),
        ({"geom": Point(0, 0, srid=4326)}, "geom"),
        ({"expected_until": clock.now() - timedelta(days=400)}, "expected_until"),
    ],
)
def test_facts_that_cannot_be_change_nothing(
    links: Links, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        happen(**facts)
    assert field in refused.value.errors
    assert not Incident.objects.exists()


def flood(depth_m: float) -> None:
    open_obstruction(
        source="hazards", reference="gauge-7", actor="test", confirmed=True,
        facts=Obstacle(kind="flood", geom=Point(LON + 0.001, LAT, srid=4326), depth_m=depth_m),
    )  # fmt: skip


def test_what_stands_on_a_road_is_an_incident_until_it_is_over(links: Links) -> None:
    flood(0.1)
    assert follow_obstructions() == 1
    (found,) = Incident.objects.all()
    assert (found.kind, found.severity) == ("flood", 2)
    assert follow_obstructions() == 0
    flood(0.5)
    assert follow_obstructions() == 1
    found.refresh_from_db()
    assert found.severity == 4
    close_reference(source="hazards", reference="gauge-7", actor="test")
    assert follow_obstructions() == 1
    found.refresh_from_db()
    assert found.cleared_at is not None


def test_people_ask_what_is_near_the_nearest_first(links: Links, client: Client) -> None:
    happen("far", geom=Point(LON + 0.008, LAT, srid=4326))
    happen("near")
    here: dict[str, str | int] = {"lon": str(LON), "lat": str(LAT)}
    found = client.get("/api/v1/traffic/incidents/near", here).json()
    assert [row["distance_m"] < 200 for row in found] == [True, False]
    close = client.get("/api/v1/traffic/incidents/near", here | {"radius_m": 200}).json()
    assert len(close) == 1
    assert len(client.get("/api/v1/traffic/incidents").json()) == 2
    assert client.get("/api/v1/traffic/incidents/near", {"lon": 999}).status_code == 400


def test_screens_get_deltas_that_make_the_snapshot(links: Links) -> None:
    happen("1")
    before = live.snapshot("traffic.incidents:all")
    happen("2")
    clear_incident(incident=Incident.objects.get(reference="1"), actor="test")
    changed = live.snapshot("traffic.incidents:all", since=before.horizon).rows
    rows = {row["id"]: row for row in [*before.rows, *changed]}
    left = {key: row for key, row in rows.items() if not row.get("gone")}
    assert left == {row["id"]: row for row in live.snapshot("traffic.incidents:all").rows}


def test_riders_get_gtfs_alerts(links: Links, client: Client) -> None:
    happen(severity=4, description="Two cars")
    feed = pb.FeedMessage.FromString(client.get("/gtfs-rt/alerts.pb").content)
    (entity,) = feed.entity
    assert entity.alert.effect == pb.Alert.DETOUR
    languages = {line.language: line.text for line in entity.alert.header_text.translation}
    assert {"en", "ko"} <= languages.keys()


def test_datex_publishes_the_situation(links: Links, client: Client) -> None:
    row = happen(kind="road_works")
    text = client.get("/datex2/traffic/situations.xml").content.decode()
    assert str(row.code) in text
    assert "sit:MaintenanceWorks" in text


@pytest.mark.parametrize(
    ("kind", "record", "details"),
    [
        ("signals", "EquipmentOrSystemFault",
         {"equipmentOrSystemFaultType": "outOfService",
          "faultyEquipmentOrSystemType": "trafficSignals"}),
        ("closure", "RoadOrCarriagewayOrLaneManagement",
         {"complianceOption": "mandatory", "roadOrCarriagewayOrLaneManagementType": "roadClosed"}),
        ("ice", "WeatherRelatedRoadConditions", {"weatherRelatedRoadConditionType": "ice"}),
    ],
)  # fmt: skip
def test_datex_says_what_a_kind_of_record_must_say(
    links: Links, client: Client, kind: str, record: str, details: dict[str, str]
) -> None:
    happen(kind=kind)
    root = etree.fromstring(client.get("/datex2/traffic/situations.xml").content)
    (told,) = root.iter(f"{SIT}situationRecord")
    assert told.get(f"{XSI}type") == f"sit:{record}"
    place = told.find(f"{SIT}locationReference")
    after = {etree.QName(one).localname: one.text for one in place.itersiblings()}
    assert list(after.items()) == list(details.items())
