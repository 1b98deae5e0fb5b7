"""The published standards: GTFS-Flex, GTFS-Realtime and GOFS, judged by other code than wrote
them."""

import csv
import io
import json
import zipfile
from datetime import time, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from google.transit import gtfs_realtime_pb2 as pb
from pytest_django import DjangoAssertNumQueries

from apps.base import clock
from apps.base.clock import Hand
from apps.drt.core.capacity import Capacity
from apps.drt.core.lifecycle import Duty
from apps.drt.models import Booking, BookingRule, Calendar, Vehicle, Zone
from apps.drt.services import provisioning as supply
from apps.drt.services.quotes import make_quote
from tests.drt.asking import book, wish
from tests.drt.flex_rules import faults
from tests.drt.town import Rides, place
from tests.support.world import People

FLEX = "/gtfs/flex.zip"


def flex(client: Client) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(client.get(FLEX).content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def table(client: Client, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(flex(client)[name], newline="")))


def gofs(client: Client, name: str, language: str = "en") -> Any:
    answer = client.get(f"/gofs/1/{language}/{name}.json")
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


# ---------------------------------------------------------------- GTFS-Flex


def test_it_writes_a_flex_feed_without_a_fault(client: Client, rides: Rides) -> None:
    answer = client.get(FLEX)
    assert answer["Content-Type"] == "application/zip"
    assert faults(answer.content) == []


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        (BookingRule.Kind.REAL_TIME, {"notice_min": 30}),
        (BookingRule.Kind.SAME_DAY, {"notice_min": 30, "notice_max_min": 600}),
        (BookingRule.Kind.PRIOR_DAYS, {"last_day": 1, "last_time": time(17), "notice_min": 5}),
    ],
)
def test_it_writes_every_kind_of_booking_rule(
    client: Client, rides: Rides, kind: int, terms: dict[str, Any]
) -> None:
    """Columns that a kind forbids stay empty even where a row holds something."""
    supply.provision_booking_rule(
        supply.BookingRulePlan(code="now", names={"en": "Rule"}, kind=kind, **terms)
    )
    assert faults(client.get(FLEX).content) == []


def test_the_checker_sees_a_broken_feed(client: Client, rides: Rides) -> None:
    """A judge that never says no proves nothing."""
    texts = flex(client)
    texts["stop_times.txt"] = texts["stop_times.txt"].replace("06:00:00", "23:59:00")
    texts["booking_rules.txt"] = texts["booking_rules.txt"].replace("now,0", "then,0")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    found = " ".join(faults(buffer.getvalue()))
    assert "later last" in found
    assert "no such booking rule" in found


def test_it_lets_people_ride_within_one_zone(client: Client, rides: Rides) -> None:
    up, down = table(client, "stop_times.txt")
    assert up["location_group_id"] == down["location_group_id"] == "group:old-town"
    assert (up["pickup_type"], up["drop_off_type"]) == ("2", "1")
    assert (down["pickup_type"], down["drop_off_type"]) == ("1", "2")
    assert up["start_pickup_drop_off_window"] == "06:00:00"
    assert down["end_pickup_drop_off_window"] == "22:30:00"


def test_it_says_which_stops_board_wheelchairs(client: Client, rides: Rides) -> None:
    boarding = {row["stop_id"]: row["wheelchair_boarding"] for row in table(client, "stops.txt")}
    assert (boarding["s0"], boarding["s5"]) == ("1", "2")


def test_it_writes_holidays_out(client: Client, rides: Rides) -> None:
    Calendar.objects.update(on_holidays=False)
    days = {row["date"]: row["exception_type"] for row in table(client, "calendar_dates.txt")}
    assert days["20261225"] == "2"
    assert "20261224" not in days


def test_it_names_stops_in_further_languages(client: Client, rides: Rides) -> None:
    said = {
        (row["record_id"], row["language"]): row["translation"]
        for row in table(client, "translations.txt")
        if row["table_name"] == "stops"
    }
    names = {row["stop_id"]: row["stop_name"] for row in table(client, "stops.txt")}
    assert {names["s3"], said["s3", "en"]} == {"3번 정류장", "Stop 3"}


def test_it_leaves_a_suspended_zone_out(client: Client, rides: Rides) -> None:
    Zone.objects.update(suspended_from=clock.now() - timedelta(hours=1))
    assert json.loads(flex(client)["locations.geojson"])["features"] == []


def test_it_sends_an_edition_once(client: Client, rides: Rides) -> None:
    first = client.get(FLEX)
    again = client.get(FLEX, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    supply.retire_stop(stop=rides.stop(3))
    changed = client.get(FLEX, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "s3" not in {row["stop_id"] for row in table(client, "stops.txt")}


# ---------------------------------------------------------------- GOFS

ENVELOPE = {"last_updated", "ttl", "version", "data"}
# File → (the list's name, fields that each entry must have), from the reference.
GOFS_FILES = {
    "service_brands": ("service_brands", {"brand_id", "brand_name"}),
    "vehicle_types": ("vehicle_types", {"vehicle_type_id", "max_capacity", "wheelchair_boarding"}),
    "operating_rules": (
        "operating_rules",
        {"from_zone_id", "to_zone_id", "start_pickup_window", "end_pickup_window",
         "end_dropoff_window", "calendars", "brand_id"},
    ),
    "calendars": ("calendars", {"calendar_id", "days", "start_date", "end_date"}),
    "fares": ("fares", {"fare_id", "currency"}),
    "booking_rules": ("booking_rules", {"from_zone_ids", "to_zone_ids", "booking_type"}),
}  # fmt: skip


def test_it_lists_every_gofs_file_in_every_language(client: Client, rides: Rides) -> None:
    directory = client.get("/gofs/1/gofs.json").json()
    assert set(directory) == ENVELOPE
    for language, told in directory["data"].items():
        names = {feed["name"] for feed in told["feeds"]}
        assert names == {*GOFS_FILES, "system_information", "zones", "wait_time",
                         "realtime_booking"}  # fmt: skip
        for feed in told["feeds"]:
            assert feed["url"].endswith(f"/gofs/1/{language}/{feed['name']}.json")


@pytest.mark.parametrize("name", GOFS_FILES)
def test_it_writes_every_field_that_gofs_requires(client: Client, rides: Rides, name: str) -> None:
    key, required = GOFS_FILES[name]
    entries = gofs(client, name)[key]
    assert entries
    for entry in entries:
        assert required <= set(entry)


def test_it_ties_gofs_files_together(client: Client, rides: Rides) -> None:
    rule = gofs(client, "operating_rules")["operating_rules"][0]
    zones = {feature["zone_id"] for feature in gofs(client, "zones")["zones"]["features"]}
    assert {rule["from_zone_id"], rule["to_zone_id"]} <= zones
    assert rule["brand_id"] in {
        b["brand_id"] for b in gofs(client, "service_brands")["service_brands"]
    }
    assert set(rule["calendars"]) <= {
        c["calendar_id"] for c in gofs(client, "calendars")["calendars"]
    }
    assert rule["fare_id"] in {fare["fare_id"] for fare in gofs(client, "fares")["fares"]}


def test_it_writes_the_price_of_getting_on_as_the_first_riders(
    client: Client, rides: Rides
) -> None:
    fare = gofs(client, "fares")["fares"][0]
    assert fare["rider"] == [
        {"interval": 1, "start": 0, "end": 1, "amount": 1000},
        {"interval": 1, "start": 1, "amount": 500},
    ]


def test_it_speaks_gofs_in_korean(client: Client, rides: Rides) -> None:
    brand = gofs(client, "service_brands", "ko")["service_brands"][0]
    assert brand["brand_name"] == "달빛콜"


@pytest.mark.parametrize("path", ["en/prices", "xx/zones"])
def test_it_knows_no_other_gofs_file(client: Client, rides: Rides, path: str) -> None:
    assert client.get(f"/gofs/1/{path}.json").status_code == 404


def test_it_sends_a_gofs_edition_once(client: Client, rides: Rides, hand: Hand) -> None:
    first = client.get("/gofs/1/en/zones.json")
    hand.move(timedelta(minutes=5))
    again = client.get("/gofs/1/en/zones.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


WAIT = "/gofs/1/en/wait_time.json"


def asked(origin: int = 0, destination: int | None = 11, **more: Any) -> dict[str, Any]:
    lon, lat = place(origin)
    query = {"pickup_lat": lat, "pickup_lon": lon} | more
    if destination is None:
        return query
    lon, lat = place(destination)
    return query | {"drop_off_lat": lat, "drop_off_lon": lon}


def test_it_tells_the_wait_that_the_engine_would_offer(client: Client, rides: Rides) -> None:
    (told,) = client.get(WAIT, asked()).json()["data"]["wait_times"]
    offer = make_quote(wish=wish(max_walk_m=None)).offers[0].claim
    assert told["brand_id"] == "dalbit"
    assert told["wait_time"] == (offer.pickup - clock.now()).total_seconds()
    assert client.get(WAIT, asked(destination=None)).json()["data"]["wait_times"]
    assert not Booking.objects.exists()


def test_the_wait_grows_where_a_van_is_taken(client: Client, rides: Rides, people: People) -> None:
    def wait_s() -> int:
        return int(client.get(WAIT, asked()).json()["data"]["wait_times"][0]["wait_time"])

    before = wait_s()
    party = Capacity(seats=6)
    for person in (people.sora, people.jiwoo):
        book(person, 8, 3, party=party)
    assert wait_s() > before


def test_it_offers_a_ride_with_a_link_that_keeps_the_places(client: Client, rides: Rides) -> None:
    answer = client.get("/gofs/1/en/realtime_booking.json", asked())
    (told,) = answer.json()["data"]["realtime_booking"]
    assert told["travel_cost"] == 1000
    assert told["travel_time"] > 0
    assert "pickup_lat=" in told["booking_detail"]["web_uri"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"pickup_lat": 37.5, "pickup_lon": 127.9}, 0),
        (asked(brand_id="another"), 0),
        (asked(brand_id="dalbit,another"), 1),
    ],
)
def test_it_knows_no_wait_where_there_is_no_ride(
    client: Client, rides: Rides, query: dict[str, Any], found: int
) -> None:
    assert len(client.get(WAIT, query).json()["data"]["wait_times"]) == found


@pytest.mark.parametrize("query", [{}, {"pickup_lat": "x", "pickup_lon": 1}, asked(pickup_lat=95)])
def test_it_refuses_what_is_no_place(client: Client, rides: Rides, query: dict[str, Any]) -> None:
    answer = client.get(WAIT, query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "pickup_lat"


# ---------------------------------------------------------------- GTFS-Realtime


def decoded(client: Client, name: str) -> pb.FeedMessage:
    answer = client.get(f"/gtfs-rt/{name}.pb")
    assert answer["Content-Type"] == "application/x-protobuf"
    feed = pb.FeedMessage()
    feed.ParseFromString(answer.content)
    assert feed.IsInitialized()
    assert feed.header.gtfs_realtime_version == "2.0"
    return feed


def send_out(rides: Rides, number: int = 0) -> Vehicle:
    """The van is on the road and was just seen."""
    shift = rides.shifts[number]
    shift.duty = Duty.ACTIVE
    shift.save(update_fields=["duty"])
    van = rides.vans[number]
    van.seen_geom, van.seen_at = Point(127.256, 37.43, srid=4326), clock.now()
    van.bearing_deg, van.speed_mps = 90.0, 8.5
    van.save()
    return van


def test_it_publishes_where_vehicles_are(client: Client, rides: Rides) -> None:
    send_out(rides)
    (entity,) = decoded(client, "vehicle-positions").entity
    seen = entity.vehicle
    assert seen.vehicle.id == "van-1"
    assert seen.vehicle.wheelchair_accessible == pb.VehicleDescriptor.WHEELCHAIR_ACCESSIBLE
    assert seen.position.latitude == pytest.approx(37.43, abs=1e-5)
    assert seen.position.longitude == pytest.approx(127.256, abs=1e-5)
    assert seen.position.speed == pytest.approx(8.5)
    assert seen.occupancy_status == pb.VehiclePosition.EMPTY
    assert seen.trip.schedule_relationship == pb.TripDescriptor.NEW
    assert seen.timestamp == int(clock.now().timestamp())


def test_it_publishes_plans_as_new_trips(client: Client, rides: Rides, people: People) -> None:
    booking = book(people.sora)
    assert booking.shift
    send_out(rides, next(n for n, s in enumerate(rides.shifts) if s.pk == booking.shift_id))
    (entity,) = decoded(client, "trip-updates").entity
    update = entity.trip_update
    assert update.trip.schedule_relationship == pb.TripDescriptor.NEW
    assert update.trip.trip_id == str(booking.shift.code)
    assert [time.stop_id for time in update.stop_time_update] == ["s0", "s11"]
    first, last = update.stop_time_update
    assert booking.pickup_at is not None
    assert first.arrival.time == int(booking.pickup_at.timestamp())
    assert first.departure.time > first.arrival.time
    assert first.departure_occupancy_status == pb.VehiclePosition.MANY_SEATS_AVAILABLE
    assert last.departure_occupancy_status == pb.VehiclePosition.EMPTY


def test_it_publishes_no_stale_position(client: Client, rides: Rides, hand: Hand) -> None:
    send_out(rides)
    hand.move(timedelta(minutes=6))
    assert not decoded(client, "vehicle-positions").entity


def test_it_publishes_no_vehicle_off_duty(client: Client, rides: Rides) -> None:
    van = send_out(rides)
    rides.shifts[0].duty = Duty.ENDED
    rides.shifts[0].save(update_fields=["duty"])
    assert van.seen_geom is not None
    assert not decoded(client, "vehicle-positions").entity


def test_it_asks_the_same_few_questions_for_any_fleet(
    client: Client, rides: Rides, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send_out(rides, 0)
    send_out(rides, 1)
    with django_assert_max_num_queries(6):
        assert len(decoded(client, "vehicle-positions").entity) == 2


def test_it_publishes_an_unchanged_feed_once(client: Client, rides: Rides, hand: Hand) -> None:
    send_out(rides)
    first = client.get("/gtfs-rt/vehicle-positions.pb")
    hand.move(timedelta(seconds=5))
    again = client.get("/gtfs-rt/vehicle-positions.pb", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
