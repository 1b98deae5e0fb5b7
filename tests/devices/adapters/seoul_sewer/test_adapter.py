"""Payloads as documented, and broken ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.adapters.pulled import NotUnderstood, Pulled
from devices.adapters.seoul_sewer.adapter import read

FIXTURES = Path(__file__).parent / "fixtures"
ASKED_AT = datetime(2021, 8, 25, 8, 0, tzinfo=UTC)


def payload(name: str) -> Pulled:
    return read((FIXTURES / f"{name}.json").read_bytes(), ASKED_AT)


def test_a_drain_pipe_tells_its_depth_in_korean_time() -> None:
    (row,) = payload("sewers").observations

    assert row["datastream"] == "seoul-sewer-22-0001.water_depth"
    assert (row["phenomenonTime"], row["result"]) == ("2021-08-25T16:50:00+09:00", 0.42)


def test_a_line_that_is_down_is_no_zero() -> None:
    reasons = {one.item: one.reason for one in payload("sewers").bad}

    assert "line is down" in reasons["22-0002"]
    assert "22-0003" in reasons


def test_rain_comes_in_ten_minutes() -> None:
    pulled = payload("rain")

    assert pulled.observations[0]["result"] == 7.5
    assert pulled.announced[0].facts["kind"] == "rain"


def test_the_services_own_words_are_kept() -> None:
    refused = b'{"RESULT": {"CODE": "ERROR-300", "MESSAGE": "required value missing"}}'

    with pytest.raises(NotUnderstood, match="ERROR-300"):
        read(refused, ASKED_AT)
