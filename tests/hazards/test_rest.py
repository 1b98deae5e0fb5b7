"""What citizens see of gauges."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.base import live
from apps.base.clock import Hand
from apps.hazards.models import Station
from tests.hazards.conftest import Valley

BASE = "/api/v1/hazards"


def get(path: str, **query: Any) -> Any:
    return Client().get(f"{BASE}{path}", query)


def test_gauges_come_with_what_they_say(valley: Valley) -> None:
    valley.say(("stage.bridge", 1.95))

    rows = {row["id"]: row for row in get("/stations").json()["results"]}

    assert rows["BRIDGE"]["value"] == 1.95
    assert (rows["BRIDGE"]["flag"], rows["BRIDGE"]["level"]) == ("good", "attention")
    assert rows["MILL"]["flag"] == "missing"


def test_a_list_of_gauges_costs_the_same_however_many(
    valley: Valley, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        get("/stations")


def test_the_nearest_come_first(valley: Valley) -> None:
    answer = get("/stations/nearby", lat=37.43, lon=127.26, limit=2, kind="stage").json()

    assert [row["kind"] for row in answer] == ["stage", "stage"]
    assert answer[0]["distance_m"] <= answer[1]["distance_m"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/stations/nearby", {}),
        ("/stations/nearby", {"lat": "x", "lon": 1}),
        ("/stations/nearby", {"lat": 99, "lon": 1}),
        ("/stations/nearby", {"lat": 37, "lon": 127, "limit": 0}),
        ("/stations/nearby", {"lat": 37, "lon": 127, "kind": "lava"}),
        ("/stations", {"bbox": "1,2,3"}),
        ("/stations/BRIDGE/readings", {"hours": 99999}),
    ],
)
def test_what_cannot_be_asked_is_explained(
    valley: Valley, path: str, query: dict[str, Any]
) -> None:
    answer = get(path, **query)

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_readings_come_oldest_first(valley: Valley, hand: Hand) -> None:
    for value in (1.0, 1.1, 1.2):
        valley.say(("stage.bridge", value))
        hand.move(timedelta(minutes=10))

    answer = get("/stations/BRIDGE/readings", hours=1).json()

    assert [reading["value"] for reading in answer["readings"]] == [1.0, 1.1, 1.2]
    assert answer["unit"] == "m"


def test_no_forecast_is_told_as_none(valley: Valley) -> None:
    assert get("/stations/BRIDGE/forecast").status_code == 404
    assert get("/stations/NOWHERE").status_code == 404
    assert get("/inundation").json() == {"type": "FeatureCollection", "features": []}


def test_a_snapshot_and_its_deltas_are_a_fresh_snapshot(valley: Valley, hand: Hand) -> None:
    before = live.snapshot("hazards.stations:all")
    valley.say(("stage.bridge", 2.0), ("rain.east", 1.0))
    changed = live.snapshot("hazards.stations:all", since=before.horizon)
    rows = {row["id"]: row for row in before.rows} | {row["id"]: row for row in changed.rows}

    assert rows == {row["id"]: row for row in live.snapshot("hazards.stations:all").rows}
    assert {row["id"] for row in changed.rows} >= {"BRIDGE", "RAIN-EAST"}


def test_a_retired_gauge_is_gone(valley: Valley) -> None:
    Station.objects.filter(code="MILL").update(retired_at="2026-11-01T00:00Z")

    assert get("/stations/MILL").status_code == 404
