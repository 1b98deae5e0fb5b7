"""Bytes into batches: the same rows in JSON and in CBOR, and what is broken."""

import json as stdlib_json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols import cbor, json
from devices.protocols.batch import Batch, Oversized, Unreadable

AT = datetime(2026, 11, 22, 3, 0, 0, 250_000, tzinfo=UTC)
ROW = {"datastream": "a", "phenomenonTime": "2026-11-22T03:00:00.25Z", "result": 1.5}
CODECS: list[tuple[Callable[[Any], bytes], Callable[[bytes], Batch]]] = [
    (lambda value: stdlib_json.dumps(value).encode(), json.decode),
    (cbor2.dumps, cbor.decode),
]


@pytest.mark.parametrize(("encode", "decode"), CODECS)
def test_rows_are_read_as_they_are(encode: Any, decode: Any) -> None:
    rows = [ROW, ROW | {"result": 3}, ROW | {"result": True}, ROW | {"unit": "cm", "more": [1]}]

    batch = decode(encode({"observations": rows}))

    assert [row.result for row in batch.rows] == [1.5, 3, True, 1.5]
    assert {row.phenomenon_time for row in batch.rows} == {AT}
    assert [row.unit for row in batch.rows] == [None, None, None, "cm"]
    assert not batch.refused


@pytest.mark.parametrize(("encode", "decode"), CODECS)
def test_a_bad_row_is_kept_apart_with_its_place(encode: Any, decode: Any) -> None:
    batch = decode(encode({"observations": [ROW, ROW | {"result": "high"}, 7, ROW]}))

    assert list(batch.places) == [0, 3]
    assert [(one.i, str(one.code)) for one in batch.refused] == [
        (1, "not_a_number"),
        (2, "malformed"),
    ]
    assert batch.received == 4


@pytest.mark.parametrize(("encode", "decode"), CODECS)
def test_too_many_rows_are_oversized(encode: Any, decode: Any) -> None:
    with pytest.raises(Oversized):
        decode(encode({"observations": [ROW] * 10_001}))
    with pytest.raises(Oversized):
        decode(encode({"observations": [1] * 10_001}))


@pytest.mark.parametrize(("encode", "decode"), CODECS)
@pytest.mark.parametrize("body", [None, [], 3, "x", {}, {"observations": None}])
def test_another_form_is_unreadable(encode: Any, decode: Any, body: Any) -> None:
    with pytest.raises(Unreadable):
        decode(encode(body))


def test_cbor_knows_instants_and_nan() -> None:
    rows = [ROW | {"phenomenonTime": AT}, ROW | {"result": float("nan")}]

    batch = cbor.decode(cbor2.dumps({"observations": rows}))

    assert batch.rows[0].phenomenon_time == AT
    assert batch.rows[1].result != batch.rows[1].result


@given(st.binary(max_size=200))
def test_no_bytes_break_a_codec(body: bytes) -> None:
    for decode in (json.decode, cbor.decode):
        try:
            decode(body)
        except Unreadable:
            continue
