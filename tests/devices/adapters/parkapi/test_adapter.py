"""ParkAPI v3 answers, as documented and broken, into things, sites and counts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adapters.parkapi.adapter import read
from devices.adapters.pulled import NotUnderstood, Pulled

FIXTURES = Path(__file__).parent / "fixtures"
ASKED_AT = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)


def payload(name: str) -> Pulled:
    return read((FIXTURES / f"{name}.json").read_bytes(), ASKED_AT)


def counts(pulled: Pulled) -> dict[str, int]:
    return {row["datastream"]: row["result"] for row in pulled.observations}


def test_a_site_comes_with_its_facts_and_a_stream_for_each_kind_of_space() -> None:
    pulled = payload("sites")
    site = pulled.announced[0]

    assert site.code == "parkapi-7-rathaus-1"
    assert site.facts["pools"] == {"accessible": 4, "general": 116}
    assert (site.facts["max_height_m"], site.facts["covered"]) == (2.05, True)
    assert [stream.code for stream in pulled.things[0].datastreams] == [
        "parkapi-7-rathaus-1.accessible", "parkapi-7-rathaus-1.general",
    ]  # fmt: skip
    assert counts(pulled)["parkapi-7-rathaus-1.general"] == 30
    assert counts(pulled)["parkapi-7-rathaus-1.accessible"] == 3
    assert pulled.observations[0]["phenomenonTime"] == "2026-11-22T03:00:00+00:00"


def test_without_realtime_data_there_is_a_place_and_no_number() -> None:
    street = payload("sites").announced[1]

    assert street.facts["pools"] == {"general": 20}
    assert street.facts["feeds"] == {}
    assert street.code.startswith("parkapi-7-"), "whatever its uid looks like"


def test_without_an_instant_the_moment_of_asking_counts() -> None:
    pulled = payload("sites")
    (row,) = [row for row in pulled.observations if row["datastream"].startswith("parkapi-7-markt")]

    assert row["phenomenonTime"] == ASKED_AT.isoformat()
    assert row["result"] == 0
    assert pulled.announced[2].facts["pools"] == {"general": 50}, "chargers told of only in all"


def test_bad_items_are_named_and_the_good_stand() -> None:
    pulled = payload("broken_rows")

    assert {one.item: one.reason for one in pulled.bad} == {
        "over": "397 free of 116 spaces cannot be.",
        "below": "realtime_free_capacity is less than nothing.",
        "nowhere": "lat is missing.",
        "half": "capacity is no whole number.",
        "naive": "realtime_data_updated_at has no time zone.",
        "nameless": "name is missing.",
        "spaceless": "The capacity is missing.",
        "special": "The special spaces are more than the capacity.",
        "8": "This is no parking site.",
    }
    assert [thing.code for thing in pulled.things] == ["parkapi-7-good"]


def test_a_page_names_the_next() -> None:
    assert payload("first_page").following == "/v3/parking-sites?start=1"
    assert payload("last_page").following == ""


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"items": 5}', b'{"sites": []}'])
def test_what_is_no_such_answer_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read(body, ASKED_AT)


@given(st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes) -> None:
    try:
        read(body, ASKED_AT)
    except NotUnderstood:
        return
