"""The city over REST, with committed query counts."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from rest_framework.test import APIClient

from apps.city.models import ImportRun, Obstruction
from apps.city.services.obstructions import Facts, close_obstruction, open_obstruction

CITY = "/api/v1/city"


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def flood(corner: ImportRun) -> Obstruction:
    return open_obstruction(
        source="gauges",
        reference="1",
        facts=Facts(kind="flood", geom=Point(127.262, 37.43, srid=4326), depth_m=0.4),
        actor="gauges",
    )


def test_it_says_which_city_this_is(corner: ImportRun, api: APIClient) -> None:
    said = api.get(CITY).json()
    assert said["names"]["en"] == "Dalbit"
    assert said["bounds"] == pytest.approx([127.2590, 37.4270, 127.2650, 37.4330])
    assert said["centre"] == pytest.approx({"lat": 37.43, "lon": 127.262})
    assert (said["time_zone"], said["languages"]) == ("Asia/Seoul", ["ko", "en"])


@pytest.mark.django_db
def test_without_a_city_it_is_unavailable(api: APIClient) -> None:
    answer = api.get(CITY)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_it_says_what_kind_of_day_a_date_is(corner: ImportRun, api: APIClient) -> None:
    assert api.get(f"{CITY}/days/2026-12-25").json()["kind"] == "holiday"
    assert api.get(f"{CITY}/days/2026-13-45").status_code == 400
    assert api.get(f"{CITY}/days/christmas").status_code == 400


@pytest.mark.parametrize(
    ("path", "queries"),
    [("", 1), ("/places", 1), ("/districts", 1), ("/obstructions", 1), ("/places/n6", 1)],
)
def test_each_answer_costs_as_many_queries_as_agreed(
    flood: Obstruction, api: APIClient, django_assert_num_queries: Any, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        assert api.get(CITY + path).status_code == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"kind": "library"}, {"중앙도서관"}),
        ({"bbox": "127.2627,37.4306,127.2637,37.4314"}, {"달빛초등학교"}),
        ({"kind": "library", "bbox": "127.2627,37.4306,127.2637,37.4314"}, set()),
        ({"district": "r202", "kind": "school"}, {"달빛초등학교"}),
        ({"district": "nowhere"}, set()),
    ],
)
def test_places_are_filtered(
    corner: ImportRun, api: APIClient, query: dict[str, str], names: set[str]
) -> None:
    results = api.get(f"{CITY}/places", query).json()["results"]
    assert {place["names"].get("") for place in results} == names


def test_a_place_tells_what_somebody_going_there_asks(corner: ImportRun, api: APIClient) -> None:
    place = api.get(f"{CITY}/places/n6").json()
    assert place["details"]["opening_hours"] == "Tu-Su 09:00-18:00"
    assert (place["address"], place["district"]) == ("달빛로 12", "r202")
    assert (place["lat"], place["lon"]) == pytest.approx((37.4303, 127.2605))
    assert api.get(f"{CITY}/places/n0").status_code == 404


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "2,0,1,0", "0,0,1,91", "nan,0,1,1"])
@pytest.mark.parametrize("path", ["/places", "/obstructions"])
def test_a_box_that_cannot_be_is_refused(
    corner: ImportRun, api: APIClient, path: str, box: str
) -> None:
    answer = api.get(CITY + path, {"bbox": box})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["bbox"]


def test_districts_are_geojson(corner: ImportRun, api: APIClient) -> None:
    said = api.get(f"{CITY}/districts").json()
    assert said["type"] == "FeatureCollection"
    (district,) = said["features"]
    assert (district["id"], district["geometry"]["type"]) == ("r202", "MultiPolygon")
    assert district["properties"]["names"]["en"] == "Dalbit-dong"


def test_obstructions_show_facts_and_not_who_told_them(flood: Obstruction, api: APIClient) -> None:
    (shown,) = api.get(f"{CITY}/obstructions").json()["results"]
    assert shown["id"] == str(flood.code)
    assert (shown["kind"], shown["depth_m"], shown["state"]) == ("flood", 0.4, "reported")
    assert shown["geometry"]["type"] == "Point"
    assert not {"source", "reference", "photo"} & set(shown)


def test_only_what_is_in_the_way_is_listed(flood: Obstruction, api: APIClient) -> None:
    far = {"bbox": "127.0,37.0,127.1,37.1"}
    assert api.get(f"{CITY}/obstructions", far).json()["results"] == []
    assert api.get(f"{CITY}/obstructions", {"kind": "ice"}).json()["results"] == []
    close_obstruction(code=flood.code, actor="park")
    assert api.get(f"{CITY}/obstructions").json()["results"] == []
