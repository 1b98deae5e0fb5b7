"""Sites over REST and the nearest ones over the lean door."""

import asyncio
from typing import Any

import pytest
from django.test import Client

from apps.base.clock import Hand
from apps.base.hot import close_pool
from apps.parking.services.provisioning import PoolPlan, SitePlan, provision_site, retire_site
from citizen.asgi import application
from tests.parking.conftest import Town, set_up
from tests.support.asgi import Answer, call

SITES = "/api/v1/parking/sites"
HERE = {"lat": 37.4305, "lon": 127.2605}


def test_the_list_shows_what_is_free(town: Town, client: Client) -> None:
    town.say(("lot.free", 12))

    rows = {row["id"]: row for row in client.get(SITES).json()["results"]}

    assert set(rows) == {"garage", "lot", "street"}
    assert (rows["lot"]["free"], rows["lot"]["quality"]) == (12, "live")
    assert (rows["garage"]["free"], rows["garage"]["quality"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "street"}, {"street"}),
        ({"category": "accessible"}, {"garage"}),
        ({"bbox": "127.26,37.43,127.27,37.44"}, {"garage", "street"}),
        ({"bbox": "127.26,37.43,127.27,37.44", "kind": "garage"}, {"garage"}),
    ],
)
def test_the_list_is_filtered(
    town: Town, client: Client, query: dict[str, str], found: set[str]
) -> None:
    assert {row["id"] for row in client.get(SITES, query).json()["results"]} == found


@pytest.mark.parametrize(
    "query",
    [{"bbox": "1,2,3"}, {"bbox": "a,b,c,d"}, {"bbox": "5,0,4,1"}, {"bbox": "0,0,999,1"},
     {"kind": "ship"}, {"category": "boats"}],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(
    town: Town, client: Client, query: dict[str, str]
) -> None:
    answer = client.get(SITES, query)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] in query


def test_the_list_asks_two_questions_whatever_its_length(
    town: Town, client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        client.get(SITES)
    for n in range(10):
        pools = (PoolPlan(total=5), PoolPlan(total=1, category="ev"))
        plan = SitePlan(code=f"more-{n}", names={}, kind="lot", lon=127.25, lat=37.43, pools=pools)
        provision_site(plan)
    with django_assert_num_queries(2):
        assert len(client.get(SITES).json()["results"]) == 13


def test_pages_follow_one_another(town: Town, client: Client) -> None:
    first = client.get(SITES, {"page_size": 2}).json()
    second = client.get(first["next"]).json()

    assert [len(first["results"]), len(second["results"])] == [2, 1]
    assert second["next"] is None


def test_one_site_is_found_by_its_code(town: Town, client: Client) -> None:
    assert client.get(f"{SITES}/lot").json()["capacity"] == 40
    assert client.get(f"{SITES}/nowhere").status_code == 404


def test_a_retired_site_is_gone(town: Town, client: Client) -> None:
    retire_site(site=town.pool("lot").site)

    assert client.get(f"{SITES}/lot").status_code == 404
    assert len(client.get(SITES).json()["results"]) == 2


# ---------------------------------------------------------------- nearby


@pytest.fixture
def open_town(hand: Hand, transactional_db: None) -> Town:
    return set_up()


def nearby(**query: Any) -> Answer:
    async def ask() -> Answer:
        try:
            return await call(application, "GET", "/api/v1/parking/nearby", query=query)
        finally:
            await close_pool()

    return asyncio.run(ask())


def test_the_nearest_come_first_with_their_distance(open_town: Town) -> None:
    open_town.say(("bay.0", 0))

    sites = nearby(**HERE).json()["sites"]

    assert [site["id"] for site in sites] == ["street", "garage", "lot"]
    assert (sites[0]["free"], sites[0]["distance_m"]) == (1, 0)
    assert sites[1]["distance_m"] == pytest.approx(71, abs=2)
    assert [site["id"] for site in nearby(**HERE, limit=1).json()["sites"]] == ["street"]
    assert [s["id"] for s in nearby(**HERE, category="accessible").json()["sites"]] == ["garage"]
    assert [site["id"] for site in nearby(**HERE, max_m=100).json()["sites"]] == [
        "street",
        "garage",
    ]


@pytest.mark.parametrize(
    "query",
    [{}, {"lat": 1}, {"lat": 91, "lon": 0}, {"lat": "x", "lon": 0}, {"lat": "nan", "lon": 0},
     HERE | {"limit": 0}, HERE | {"limit": 51}, HERE | {"category": "boats"}, HERE | {"max_m": -1},
     HERE | {"colour": "red"}],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(query: dict[str, Any]) -> None:
    answer = nearby(**query)

    assert answer.status == 400
    assert answer.json()["type"] == "/problems/invalid"
