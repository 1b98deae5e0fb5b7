"""Links and how they flow: cut from the map, fused from all that sees them, forecast, published."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from lxml import etree

from apps.base import clock, live
from apps.base.clock import Hand
from apps.city.models import the_city
from apps.traffic.core.fusion import Source, speed_of_loop
from apps.traffic.models import Link, LinkSample, LinkSensor, LinkSlot, LinkState
from apps.traffic.selectors.links import FREELY, slowdowns
from apps.traffic.services.forecasts import keep_slot, look_ahead, train_speeds
from apps.traffic.services.links import NamedLink, build_links, take_ids
from apps.traffic.services.sensing import attach_sensor, define_properties
from apps.traffic.services.speeds import Probe, Seen, age_links, note_probes, note_seen
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows
from devices.services.gateways import create_gateway
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing
from tests.traffic.conftest import LAT, LON, town

Links = dict[str, Link]
COM = "{http://datex2.eu/schema/3/common}"
ROA = "{http://datex2.eu/schema/3/roadTrafficData}"


def state(link: Link) -> LinkState:
    return LinkState.objects.select_related("link").get(link=link)


def see(link: Link, speed_mps: float, source: Source = Source.DETECTOR, ago_s: float = 0) -> int:
    at = clock.now() - timedelta(seconds=ago_s)
    return note_seen(seen=[Seen(link.pk, at, source, speed_mps, 10)])


def test_streets_are_cut_at_junctions_one_link_a_direction(links: Links) -> None:
    assert sorted(links) == ["1>2", "1>3", "1>4", "1>5", "2>1", "3>1", "4>1", "4>3", "5>1"]
    codes = [link.code for link in links.values()]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 10 and code.isdecimal() for code in codes)
    assert links["1>3"].names == {"": "동서로"}
    assert links["1>3"].length_m == pytest.approx(353, rel=0.02)


def test_cutting_again_keeps_ids_and_retires_what_is_gone(links: Links) -> None:
    before = dict(Link.objects.values_list("key", "code"))
    assert build_links(elements=town()) == len(links)
    assert dict(Link.objects.values_list("key", "code")) == before
    build_links(elements=[e for e in town() if getattr(e, "id", 0) != 12])
    assert not Link.objects.get(pk=links["4>3"].pk).in_use


def test_the_national_ids_are_taken_over_by_place(links: Links) -> None:
    east = links["1>3"]
    named = NamedLink("2000000101", "2000000001", "2000000003", (LON, LAT), (LON + 0.004, LAT))
    far = NamedLink("2000000102", "2000000001", "2000000003", (LON + 1, LAT), (LON + 2, LAT))
    assert take_ids(named=[named, far]) == {"matched": 1, "unmatched": 1}
    east.refresh_from_db()
    assert (east.code, east.start.osm_id) == ("2000000101", 1)


def test_a_file_of_national_ids_is_taken_row_by_row(links: Links, tmp_path: Path) -> None:
    head = "link_id,f_node,t_node,start_lon,start_lat,end_lon,end_lat"
    good = f"2000000101,2000000001,2000000003,{LON},{LAT},{LON + 0.004},{LAT}"
    bad = f"20,2000000001,2000000003,{LON},{LAT},{LON},{LAT}"
    file = tmp_path / "ids.csv"
    file.write_text("\n".join([head, bad, good]))
    out, err = StringIO(), StringIO()
    call_command("import_link_ids", str(file), stdout=out, stderr=err)
    assert out.getvalue().startswith("1 links")
    assert "line 2: ids have ten digits" in err.getvalue()
    assert Link.objects.filter(code="2000000101").exists()
    file.write_text("a,b\n")
    with pytest.raises(CommandError):
        call_command("import_link_ids", str(file))


def test_what_was_seen_makes_speed_and_level(links: Links) -> None:
    east = links["1>3"]
    assert see(east, 4.0) == 1
    found = state(east)
    assert found.speed_mps == pytest.approx(4.0)
    assert found.level == "congested"
    assert found.sources == ["detector"]


def test_many_sources_count_by_how_sure_they_are(links: Links) -> None:
    east = links["1>3"]
    see(east, 10.0)
    see(east, 4.0, Source.PROBE, ago_s=500)
    speed = state(east).speed_mps
    assert speed is not None
    assert 7.0 < speed < 10.0


@pytest.mark.parametrize(("speed_mps", "ago_s"), [(-1.0, 0), (90.0, 0), (9.0, 700), (9.0, -60)])
def test_what_cannot_be_is_passed_over(links: Links, speed_mps: float, ago_s: float) -> None:
    assert see(links["1>3"], speed_mps, ago_s=ago_s) == 0
    assert not LinkState.objects.exists()


def test_a_link_not_seen_for_long_is_not_known(links: Links, hand: Hand) -> None:
    see(links["1>3"], 4.0)
    hand.move(timedelta(minutes=11))
    assert age_links() == 1
    assert state(links["1>3"]).level == "unknown"
    assert state(links["1>3"]).speed_mps is None


def test_vehicles_tell_of_the_link_they_drive_along(links: Links) -> None:
    east = Probe(LON + 0.002, LAT + 0.00003, clock.now(), 6.0, 88.0)
    west = Probe(LON + 0.002, LAT, clock.now(), 9.0, 271.0)
    nowhere = Probe(LON + 0.002, LAT + 0.002, clock.now(), 9.0, 0.0)
    assert note_probes(probes=[east, west, nowhere]) == 2
    assert state(links["1>3"]).speed_mps == pytest.approx(6.0)
    assert state(links["3>1"]).speed_mps == pytest.approx(9.0)
    assert note_probes(probes=[]) == 0


@pytest.fixture
def sensors(links: Links) -> Any:
    define_properties()
    gateway, _key = create_gateway(code="loops", names={"en": "Loops"}, actor="test")
    plans = tuple(
        DatastreamPlan(code=f"d1:{name}", observed_property=f"traffic_{name}")
        for name in ("speed", "count", "occupancy")
    )
    thing = provision_thing(
        gateway=gateway, plan=ThingPlan(code="d1", names={"en": "D1"}, datastreams=plans)
    )
    for stream in thing.datastreams.all():
        attach_sensor(datastream=stream, link=links["1>3"], source=Source.DETECTOR)
    return gateway


def tell(gateway: Any, **values: float) -> None:
    at = clock.now().isoformat()
    rows = [
        {"datastream": f"d1:{name}", "phenomenonTime": at, "result": value}
        for name, value in values.items()
    ]
    accept(read_rows(rows), known_as(gateway.code))


def test_detectors_speak_through_the_devices_door(sensors: Any, links: Links) -> None:
    tell(sensors, speed=18.0, count=12)
    assert state(links["1>3"]).speed_mps == pytest.approx(5.0)
    assert LinkSample.objects.get().vehicles_n == 12


def test_a_single_loop_gives_a_speed_by_its_occupancy(sensors: Any, links: Links) -> None:
    tell(sensors, count=10, occupancy=20.0)
    assert state(links["1>3"]).speed_mps == pytest.approx(10 * 6.5 / (0.2 * 60))
    assert speed_of_loop(30, 0.02, 60, free_mps=12.0) == 12.0
    assert speed_of_loop(0, 0.5, 60, free_mps=12.0) is None
    LinkSensor.objects.all().delete()


def test_screens_get_deltas_that_make_the_snapshot(links: Links) -> None:
    see(links["1>3"], 12.0)
    before = live.snapshot("traffic.links:all")
    see(links["1>3"], 3.0)
    see(links["3>1"], 3.0)
    changed = live.snapshot("traffic.links:all", since=before.horizon).rows
    rows = {row["id"]: row for row in [*before.rows, *changed]}
    assert rows == {row["id"]: row for row in live.snapshot("traffic.links:all").rows}


def test_slow_links_slow_ways_now_and_as_forecast(links: Links) -> None:
    east = links["1>3"]
    assert slowdowns() == FREELY
    see(east, east.free_mps / 2)
    assert slowdowns().by_nodes == {(1, 3): pytest.approx(2.0)}
    LinkState.objects.filter(pk=east.pk).update(ahead_mps=[5.0, east.free_mps / 4, 2.0])
    in_half_an_hour = slowdowns(at=clock.now() + timedelta(minutes=30))
    assert in_half_an_hour.by_nodes == {(1, 3): pytest.approx(4.0)}
    assert slowdowns(at=clock.now() + timedelta(hours=3)) == FREELY


def test_without_history_the_forecast_is_persistence(links: Links) -> None:
    see(links["1>3"], 7.0)
    assert look_ahead() == 1
    assert state(links["1>3"]).ahead_mps == pytest.approx([7.0, 7.0, 7.0])


def test_it_learns_the_usual_day_and_looks_ahead_by_it(links: Links, hand: Hand) -> None:
    """Every day the street is slow from nine; at a quarter to nine it says so."""
    east = links["1>3"]
    morning = clock.now().astimezone(the_city().zone).replace(hour=8, minute=45, second=0)
    midnight = morning.replace(hour=0, minute=0, microsecond=0)
    rows = [
        LinkSlot(
            link=east, at=midnight - timedelta(days=day) + timedelta(minutes=5 * slot),
            speed_mps=4.0 if 108 <= slot < 120 else 11.0,
        )
        for day in range(1, 9) for slot in range(288)
    ]  # fmt: skip
    LinkSlot.objects.bulk_create(rows)
    assert train_speeds() is not None
    hand.set(morning)
    see(east, 11.0)
    look_ahead()
    ahead = state(east).ahead_mps
    assert ahead[1] < 7.5
    assert ahead[0] < 8.5


def test_slots_are_kept_once(links: Links, hand: Hand) -> None:
    see(links["1>3"], 7.0)
    hand.move(timedelta(minutes=5))
    assert keep_slot() == 1
    assert keep_slot() == 0
    assert LinkSlot.objects.get().speed_mps == pytest.approx(7.0)


# ---------------------------------------------------------------- doors


def test_the_map_asks_for_links_in_a_box_with_an_etag(links: Links, client: Client) -> None:
    see(links["1>3"], 4.0)
    path = "/api/v1/traffic/links"
    first = client.get(path)
    (feature,) = first.json()["features"]
    assert feature["id"] == links["1>3"].code
    assert feature["properties"]["level"] == "congested"
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(path, {"bbox": "0,0,1,1"}).json()["features"] == []
    bad = client.get(path, {"bbox": "1,2,3"})
    assert bad.status_code == 400
    assert "bbox" in bad.content.decode()


FEEDS = (
    "/datex2/traffic/sites.xml", "/datex2/traffic/measured.xml", "/datex2/traffic/situations.xml",
    "/its/v1/trafficInfo", "/its/v1/eventInfo", "/spat/v1/spat.json", "/gtfs-rt/alerts.pb",
)  # fmt: skip


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_answers_once_and_then_304(links: Links, client: Client, path: str) -> None:
    see(links["1>3"], 4.0)
    first = client.get(path)
    assert first.status_code == 200
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(path).status_code == 405


def test_its_shaped_json_has_ten_digit_ids_and_ages(
    links: Links, client: Client, hand: Hand
) -> None:
    see(links["1>3"], 5.0)
    hand.move(timedelta(seconds=3))
    body = client.get("/its/v1/trafficInfo").json()["body"]
    (item,) = body["items"]
    assert item["linkId"] == links["1>3"].code
    assert (item["speed"], item["ageS"]) == ("18.0", 3.0)
    assert len(item["startNodeId"]) == len(item["createdDate"]) - 4 == 10


def test_datex_measures_each_link_with_its_instant(links: Links, client: Client) -> None:
    see(links["1>3"], 5.0)
    root = etree.fromstring(client.get("/datex2/traffic/measured.xml").content)
    (measured,) = root.iter(f"{ROA}siteMeasurements")
    told = [etree.QName(one).localname for one in measured]
    assert told == ["measurementSiteReference", "physicalQuantity", "measurementTimeDefault"]
    assert measured[0].get("id") == links["1>3"].code
    assert measured.findtext(f".//{COM}speed") == "18.0"
    assert measured.findtext(f".//{ROA}timeValue") is not None
