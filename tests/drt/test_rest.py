"""Riding at the REST door, as an app does it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.base import clock
from apps.drt.models import Booking, Shift, VehiclePlan
from tests.drt.api import Api
from tests.drt.town import MINUTE, Rides, place
from tests.support.world import People

UNKNOWN = "00000000-0000-4000-8000-000000000000"
LISTED_IN = 12  # statements that a list of rides may take, however long it is


def end(number: int, name: str = "") -> dict[str, Any]:
    lon, lat = place(number)
    return {"lon": lon, "lat": lat, "name": name}


def ask(**more: Any) -> dict[str, Any]:
    return {"origin": end(0, "Home"), "destination": end(11, "Clinic"), "max_walk_m": 200} | more


def booked(api: Api, **more: Any) -> dict[str, Any]:
    offers = api("POST", "quotes", ask(**more)).json()["offers"]
    answer = api("POST", "bookings", {"offer": offers[0]["offer"]})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_anybody_may_ask_and_only_the_signed_in_may_book(rides: Rides) -> None:
    answer = Api()("POST", "quotes", ask())
    assert answer.status_code == 201
    (offer, *_others) = answer.json()["offers"]
    assert offer["fare"] == 1000
    assert offer["fare_lines"] == [{"component": "ride", "amount": 1000}]
    assert "soonest" in offer["kinds"]
    refused = Api()("POST", "bookings", {"offer": offer["offer"]})
    assert refused.status_code == 401
    assert not Booking.objects.exists()


def test_a_ride_is_booked_seen_listed_and_given_up(rides: Rides, people: People) -> None:
    sora = Api(people.sora)
    ride = booked(sora)
    assert (ride["state"], ride["origin_name"]) == ("confirmed", "Home")
    assert sora("GET", f"bookings/{ride['code']}").json() == ride
    assert [row["code"] for row in sora("GET", "bookings").json()["results"]] == [ride["code"]]
    why = sora("GET", f"bookings/{ride['code']}/decisions").json()
    assert why[0]["what"] == "booked"
    gone = sora("POST", f"bookings/{ride['code']}/cancel")
    assert gone.json() == {"code": ride["code"], "late": True}


def test_the_same_key_books_once(rides: Rides, people: People) -> None:
    sora = Api(people.sora)
    offer = sora("POST", "quotes", ask()).json()["offers"][0]["offer"]
    answers = [
        sora("POST", "bookings", {"offer": offer}, **{"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["code"] == answers[1].json()["code"]
    assert Booking.objects.count() == 1


BAD = [
    (ask(origin={"lon": 127.0, "lat": 37.0}), 422, "outside-service-area"),
    (ask(origin={"lon": 500, "lat": 37.0}), 400, "invalid"),
    (ask(depart_after="2026-11-22T16:30:00Z"), 422, "outside-service-hours"),
    (ask(depart_after="2026-11-22T01:00:00Z"), 400, "invalid"),
    (ask(depart_after="yesterday"), 400, "invalid"),
    (ask(party={"seats": 9}), 422, "party-too-large"),
    (ask(party={"seats": -1}), 400, "invalid"),
    (ask(party={"seats": 7}), 409, "no-ride"),
    (ask(service="nowhere"), 404, "not-found"),
    ({}, 400, "invalid"),
]


@pytest.mark.parametrize(("body", "status", "slug"), BAD)
def test_a_bad_question_gets_a_clear_answer(
    rides: Rides, body: dict[str, Any], status: int, slug: str
) -> None:
    answer = Api()("POST", "quotes", body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("offer", "status"), [("forged", 400), ("", 400)])
def test_it_refuses_what_is_no_offer(rides: Rides, people: People, offer: str, status: int) -> None:
    answer = Api(people.sora)("POST", "bookings", {"offer": offer})
    assert answer.status_code == status
    assert not Booking.objects.exists()


def test_an_offer_that_has_gone_brings_new_ones(rides: Rides, people: People) -> None:
    party = {"seats": 6}
    sora, ben = Api(people.sora), Api(people.ben)
    offer = sora("POST", "quotes", ask(party=party)).json()["offers"][0]["offer"]
    booked(ben, party=party)
    booked(ben, party=party)
    answer = sora("POST", "bookings", {"offer": offer})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/offer-gone")
    later = answer.json()["offers"][0]
    assert sora("POST", "bookings", {"offer": later["offer"]}).status_code == 201


def test_rides_of_others_do_not_exist(rides: Rides, people: People) -> None:
    ride = booked(Api(people.sora))
    for method, path in (("GET", ""), ("POST", "/cancel"), ("GET", "/decisions")):
        assert Api(people.ben)(method, f"bookings/{ride['code']}{path}").status_code == 404
    assert Api(people.ben)("GET", "bookings").json()["results"] == []


def test_the_service_area_says_where_and_when(rides: Rides) -> None:
    (area,) = Api()("GET", "service-area").json()
    assert area["zones"][0]["geometry"]["type"] == "MultiPolygon"
    assert area["hours"][0]["opens_at"] == "2026-11-21T21:00:00Z"
    assert area["zones"][0]["suspended"] is False


def test_the_nearest_stops_come_first(rides: Rides) -> None:
    lon, lat = place(7)
    found = Api()("GET", f"stops?near={lon},{lat}").json()
    assert found[0]["code"] == "s7"
    assert found[0]["distance_m"] < 1
    assert len(found) == 12
    assert Api()("GET", "stops?near=here").status_code == 400


def test_a_list_of_rides_takes_no_more_questions_for_more_rides(
    rides: Rides, people: People
) -> None:
    sora = Api(people.sora)
    for number in range(4):
        booked(sora, depart_after=clock.now() + 20 * number * MINUTE)
    with CaptureQueriesContext(connection) as asked:
        assert len(sora("GET", "bookings").json()["results"]) == 4
    assert len(asked) <= LISTED_IN


def test_a_driver_drives_a_shift_from_the_device(rides: Rides, people: People) -> None:
    shift = rides.shifts[0]
    Shift.objects.filter(pk=shift.pk).update(driver=rides.hire(people.park))
    Shift.objects.filter(pk=rides.shifts[1].pk).update(duty="cancelled")
    driver = Api(people.park)
    path = f"driver/shifts/{shift.code}"
    assert [row["code"] for row in driver("GET", "driver/shifts").json()] == [str(shift.code)]
    assert driver("POST", f"{path}/start").json()["duty"] == "active"
    ride = booked(Api(people.sora))
    shown = driver("GET", path).json()
    assert [stop["act"] for stop in shown["stops"]] == ["pickup", "dropoff"]
    assert shown["passengers"][0]["booking"] == ride["code"]
    seen = driver("POST", f"{path}/acknowledge", {"version": shown["version"]})
    assert seen.json()["acknowledged"] == shown["version"]
    fixes = [{"lon": 127.25, "lat": 37.43, "recorded_at": clock.now()}]
    assert driver("POST", f"{path}/positions", {"positions": fixes}).json()["stored"] == 1
    act = {"subject": ride["code"], "act": "boarded"}
    assert driver("POST", f"{path}/acts", act).status_code == 200
    assert Api(people.sora)("GET", f"bookings/{ride['code']}").json()["state"] == "onboard"


def test_nobody_touches_the_vehicle_of_another(rides: Rides, people: People) -> None:
    shift = rides.shifts[0]
    Shift.objects.filter(pk=shift.pk).update(driver=rides.hire(people.park))
    rides.hire(people.minjun, "D2")
    before = VehiclePlan.objects.get(shift=shift).version
    bodies: dict[str, Any] = {
        "start": None, "pause": None, "end": None, "breakdown": None,
        "acknowledge": {"version": 1}, "acts": {"subject": UNKNOWN, "act": "boarded"},
        "positions": {"positions": [{"lon": 1, "lat": 1, "recorded_at": clock.now()}]},
    }  # fmt: skip
    for person in (people.minjun, people.sora):
        for door, body in bodies.items():
            answer = Api(person)("POST", f"driver/shifts/{shift.code}/{door}", body)
            assert answer.json()["type"] == "/problems/not-your-vehicle", door
    assert Api(people.park)("POST", f"driver/shifts/{UNKNOWN}/start").status_code == 404
    assert Api()("POST", f"driver/shifts/{shift.code}/start").status_code == 401
    shift.refresh_from_db()
    assert (shift.duty, VehiclePlan.objects.get(shift=shift).version) == ("planned", before)
