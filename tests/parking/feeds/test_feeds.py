"""What other systems read of our car parks: in their words, and never an old number."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from apps.base.clock import Hand
from apps.parking.models import ParkingSite
from apps.parking.services.availability import age_states
from apps.parking.services.tariffs import assign_tariff, define_tariff
from devices.services.health import judge_health
from tests.parking.conftest import Town

RULES = {
    "bands": [
        {"code": "day", "price": 300, "step_min": 10, "start": "09:00", "end": "20:00"},
        {"code": "night", "price": 0, "step_min": 60, "start": "20:00", "end": "09:00"},
    ],
    "free_first_min": 20,
    "day_cap": 12_000,
}
PRK = "{http://datex2.eu/schema/3/parking}"
FAC = "{http://datex2.eu/schema/3/facilities}"


@pytest.fixture
def busy(town: Town) -> Town:
    town.say(("lot.free", 12), ("garage.accessible", 3), ("bay.0", 1), ("bay.1", 0))
    tariff = define_tariff(code="lot-fee", names={"ko": "공영", "en": "Public"}, rules=RULES)
    lot = ParkingSite.objects.get(code="lot")
    assign_tariff(site=lot, tariff=tariff, first_on=lot.created_at.date() - timedelta(days=2))
    return town


def get(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def parkapi(client: Client, code: str) -> Any:
    items = get(client, "/parkapi/v3/parking-sites")["items"]
    return next(item for item in items if item["original_uid"] == code)


def ngsi(client: Client, urn: str, **query: Any) -> Any:
    return get(client, f"/ngsi-ld/v1/entities/urn:ngsi-ld:{urn}", **query)


# ---------------------------------------------------------------- ParkAPI


def test_parkapi_tells_what_is_free_in_its_fields(busy: Town, client: Client) -> None:
    lot = parkapi(client, "lot")

    assert (lot["type"], lot["capacity"], lot["has_realtime_data"]) == (
        "OFF_STREET_PARKING_GROUND", 40, True,
    )  # fmt: skip
    assert (lot["realtime_capacity"], lot["realtime_free_capacity"]) == (40, 12)
    assert (lot["has_fee"], lot["realtime_opening_status"]) == (True, "OPEN")
    garage = parkapi(client, "garage")
    assert (garage["capacity_disabled"], garage["realtime_free_capacity_disabled"]) == (4, 3)
    assert garage["max_height"] == 210
    assert "realtime_free_capacity" not in garage, "its gates have said nothing"


def test_a_number_that_is_old_is_told_nowhere(busy: Town, client: Client, hand: Hand) -> None:
    hand.move(timedelta(hours=2))
    judge_health()
    age_states()

    assert not parkapi(client, "lot")["has_realtime_data"]
    assert "realtime_free_capacity" not in parkapi(client, "lot")
    assert "availableSpotNumber" not in ngsi(client, "OffStreetParking:lot")
    spots = get(client, "/parkapi/v3/parking-spots")["items"]
    assert {spot["realtime_status"] for spot in spots} == {"UNKNOWN"}
    status = etree.fromstring(client.get("/datex2/parking/status.xml").content)
    assert status.findall(f".//{PRK}numberOfVacantSpaces") == []
    places = get(client, "/apds/v4/places")["data"]
    assert "spacesVacant" not in str(places)


def test_parkapi_tells_bays_one_by_one(busy: Town, client: Client) -> None:
    spots = {s["original_uid"]: s for s in get(client, "/parkapi/v3/parking-spots")["items"]}

    assert spots["mill-0"]["realtime_status"] == "TAKEN"
    assert spots["mill-1"]["realtime_status"] == "AVAILABLE"
    assert spots["mill-2"]["realtime_status"] == "UNKNOWN"
    site = get(client, f"/parkapi/v3/parking-sites/{spots['mill-0']['parking_site_id']}")
    assert site["original_uid"] == "street"


def test_parkapi_pages_follow_one_another(busy: Town, client: Client) -> None:
    found, path = [], "/parkapi/v3/parking-sites?limit=1"
    while path:
        page = client.get(path).json()
        assert page["total_count"] == 3
        found += [item["original_uid"] for item in page["items"]]
        path = page.get("next_path", "")
    assert found == ["garage", "lot", "street"]


def test_parkapi_looks_around_a_place(busy: Town, client: Client) -> None:
    near = get(client, "/parkapi/v3/parking-sites", lat=37.428, lon=127.255, radius=100)

    assert [item["original_uid"] for item in near["items"]] == ["lot"]


# ---------------------------------------------------------------- NGSI-LD


def test_ngsi_tells_the_number_with_its_instant_and_how_it_is_known(
    busy: Town, client: Client
) -> None:
    lot = ngsi(client, "OffStreetParking:lot")

    assert lot["availableSpotNumber"]["value"] == 12
    assert lot["availableSpotNumber"]["observedAt"].endswith("Z")
    assert lot["occupancy"]["value"] == pytest.approx(0.7)
    assert lot["location"]["value"]["coordinates"] == [127.255, 37.428]
    assert "feeCharged" in lot["category"]["value"]


def test_ngsi_tells_bays_with_their_device_and_site(busy: Town, client: Client) -> None:
    bay = ngsi(client, "ParkingSpot:mill-0")

    assert (bay["status"]["value"], bay["category"]["value"]) == ("occupied", ["onStreet"])
    assert bay["refParkingSite"]["object"] == "urn:ngsi-ld:OnStreetParking:street"
    assert bay["refDevice"]["object"] == ["urn:ngsi-ld:Device:parking-box"]


def test_ngsi_lists_by_type_and_in_the_simple_form(busy: Town, client: Client) -> None:
    answer = client.get(
        "/ngsi-ld/v1/entities",
        {"type": "OnStreetParking,ParkingSpot", "options": "keyValues", "count": "true"},
    )

    assert answer.headers["NGSILD-Results-Count"] == "4"
    assert [one["type"] for one in answer.json()] == ["OnStreetParking"] + 3 * ["ParkingSpot"]
    assert answer.json()[0]["totalSpotNumber"] == 3
    later = client.get("/ngsi-ld/v1/entities", {"offset": 4, "limit": 10}).json()
    assert [one["name"]["value"] for one in later] == ["mill-1", "mill-2"]


def test_ngsi_gives_its_context_as_was_asked(busy: Town, client: Client) -> None:
    path = "/ngsi-ld/v1/entities/urn:ngsi-ld:OffStreetParking:lot"
    linked = client.get(path, headers={"Accept": "application/ld+json"}).json()
    plain = client.get(path)

    assert linked["@context"]
    assert "@context" not in plain.json()
    assert "json-ld#context" in plain.headers["Link"]


# ---------------------------------------------------------------- APDS


def test_apds_leads_from_a_place_to_its_price(busy: Town, client: Client) -> None:
    places = {place["aliases"][0]: place for place in get(client, "/apds/v4/places")["data"]}
    rights = {one["id"]: one for one in get(client, "/apds/v4/rights/specifications")["data"]}
    rates = {one["id"]: one for one in get(client, "/apds/v4/rates")["data"]}

    right = rights[places["lot"]["rightSpecifications"][0]["id"]]
    assert right["hierarchyElements"][0]["id"] == places["lot"]["id"]
    rate = rates[right["rateEligibility"][0]["rate"]["id"]]
    day = rate["rateLineCollections"][0]
    assert day["applicableCurrency"] == "KRW"
    assert day["rateLines"][-1] == {
        "sequence": 2, "incrementPeriod": "PT10M", "value": 300.0,
        "rateLineType": "incrementingRate",
    }  # fmt: skip
    assert day["rateLines"][0]["durationEnd"] == "PT20M"
    assert rate["maximumFee"] == 12_000
    assert places["lot"]["occupancyLevel"]["spacesByCategory"][0]["spacesVacant"] == 12


# ---------------------------------------------------------------- DATEX II


def test_datex_tells_the_status_of_each_site_of_its_table(busy: Town, client: Client) -> None:
    status = etree.fromstring(client.get("/datex2/parking/status.xml").content)
    table = etree.fromstring(client.get("/datex2/parking/table.xml").content)

    places = {one.get("id"): one for one in table.iter(f"{PRK}hierarchyElementGeneral")}
    states = {
        one.find(f"{FAC}reference").get("id"): one
        for one in status.iter(f"{PRK}parkingStatusInformation")
    }
    assert set(places) == set(states) == {"garage", "lot", "street"}
    assert places["lot"].findtext(f"{PRK}supply/{PRK}quantity") == "40"
    lot = states["lot"].find(f"{PRK}occupancy")
    assert lot.findtext(f"{PRK}numberOfVacantSpaces") == "12"
    assert lot.findtext(f"{PRK}numberOfOccupiedSpaces") == "28"
    assert states["lot"].findtext(f"{PRK}status") == "spacesAvailable"
    assert states["garage"].findtext(f"{PRK}status") == "unknown"


def test_datex_elements_come_in_the_order_of_their_types(busy: Town, client: Client) -> None:
    status = etree.fromstring(client.get("/datex2/parking/status.xml").content)
    table = etree.fromstring(client.get("/datex2/parking/table.xml").content)

    state = next(one for one in status if one.find(f"{PRK}occupancy") is not None)
    assert names_within(state) == "reference lastUpdated openingStatus occupancy status"
    place = next(table.iter(f"{PRK}hierarchyElementGeneral"))
    assert names_within(place) == "name locationReference layer type supply"


def names_within(element: etree._Element) -> str:
    return " ".join(etree.QName(child).localname for child in element)


# ---------------------------------------------------------------- all of them

PATHS = [
    "/parkapi/v3/sources", "/parkapi/v3/parking-sites", "/parkapi/v3/parking-spots",
    "/apds/v4/places", "/apds/v4/rates", "/apds/v4/rights/specifications", "/ngsi-ld/v1/types",
    "/ngsi-ld/v1/entities", "/datex2/parking/status.xml", "/datex2/parking/table.xml",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_who_polls_is_told_when_nothing_has_changed(
    busy: Town, client: Client, hand: Hand, path: str
) -> None:
    first = client.get(path)
    hand.move(timedelta(seconds=1))
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert client.post(path).status_code == 405


def test_a_change_is_a_new_answer(busy: Town, client: Client, hand: Hand) -> None:
    first = client.get("/parkapi/v3/parking-sites")
    hand.move(timedelta(seconds=5))
    busy.say(("lot.free", 11))
    again = client.get(
        "/parkapi/v3/parking-sites", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert again.status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/parkapi/v3/parking-sites/5", 404), ("/parkapi/v3/parking-spots/5", 404),
        ("/parkapi/v3/parking-sites?limit=0", 400), ("/parkapi/v3/parking-sites?start=x", 400),
        ("/parkapi/v3/parking-sites?lat=95&lon=0", 400), ("/ngsi-ld/v1/entities?type=Lamp", 400),
        ("/ngsi-ld/v1/entities/urn:ngsi-ld:OnStreetParking:lot", 404),
        ("/ngsi-ld/v1/entities/lot", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_or_makes_no_sense(
    busy: Town, client: Client, path: str, status: int
) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
def test_any_number_of_sites_is_read_with_the_same_questions(
    busy: Town, client: Client, django_assert_max_num_queries: Any, path: str
) -> None:
    with django_assert_max_num_queries(9):
        client.get(path)
