"""Payloads as documented, and broken ones."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from devices.adapters.hrfco.adapter import read
from devices.adapters.pulled import NotUnderstood, Pulled

FIXTURES = Path(__file__).parent / "fixtures"
ASKED_AT = datetime(2021, 8, 25, 8, 0, tzinfo=UTC)


def payload(name: str) -> Pulled:
    return read((FIXTURES / f"{name}.json").read_bytes(), ASKED_AT)


def test_a_level_is_stamped_in_korean_time() -> None:
    (row,) = payload("levels").observations

    assert row == {
        "datastream": "hrfco-1018683.river_stage",
        "phenomenonTime": "2021-08-25T16:50:00+09:00",
        "result": 3.95,
    }


def test_rows_without_a_number_or_an_instant_are_named() -> None:
    assert {one.item for one in payload("levels").bad} == {"1018640", "1018680"}


def test_a_station_comes_with_its_place_and_thresholds() -> None:
    pulled = payload("stations")
    (station,) = pulled.announced

    assert station.kind == "water_station"
    assert station.facts["levels"] == {
        "attention": 3.9, "warning": 4.5, "alarm": 5.5, "serious": 6.0, "plan_flood": 7.0,
    }  # fmt: skip
    assert (round(station.facts["lon"], 4), round(station.facts["lat"], 4)) == (126.9589, 37.5175)


def test_degrees_that_are_none_and_thresholds_that_fall_are_named() -> None:
    assert {one.item for one in payload("stations").bad} == {"1018640", "1018641"}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"content": 3}', b'{"error": "key"}'])
def test_another_answer_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read(body, ASKED_AT)


@pytest.mark.parametrize("item", [None, 3, "x", {}, {"wlobscd": None}, {"wlobscd": "../1"}])
def test_no_item_whatever_breaks_the_others(item: object) -> None:
    good = {"wlobscd": "1", "ymdhm": "202108251650", "wl": "1.0"}

    pulled = read(msgspec.json.encode({"content": [item, good]}), ASKED_AT)

    assert (len(pulled.observations), len(pulled.bad)) == (1, 1)
