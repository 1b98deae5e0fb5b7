"""Payloads as documented, and broken ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.adapters.ea_flood.adapter import read
from devices.adapters.pulled import NotUnderstood, Pulled

FIXTURES = Path(__file__).parent / "fixtures"
ASKED_AT = datetime(2021, 8, 25, 17, 0, tzinfo=UTC)
STREAM = "ea-1491TH-level-stage-i-15-min-mASD.river_stage"


def payload(name: str) -> Pulled:
    return read((FIXTURES / f"{name}.json").read_bytes(), ASKED_AT)


def test_stations_and_readings_name_the_same_stream() -> None:
    stations, readings = payload("stations"), payload("readings")

    assert [s.code for t in stations.things for s in t.datastreams] == [STREAM]
    assert [row["datastream"] for row in readings.observations] == [STREAM]


def test_a_station_west_of_greenwich_stays_there() -> None:
    (station,) = payload("stations").announced

    assert station.facts["lon"] == -1.740083
    assert station.facts["levels"] == {"attention": 0.42}


def test_two_values_where_one_is_meant_are_none() -> None:
    assert [one.item for one in payload("stations").bad] == ["E2"]
    assert [one.item for one in payload("readings").bad] == ["r2", "r3"]


def test_another_answer_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        read(b'{"items": 4}', ASKED_AT)
