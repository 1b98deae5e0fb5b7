"""JSON bodies: `{"observations": [{"datastream", "phenomenonTime", "result", "unit"?}, …]}`."""

import json
from typing import Any

import msgspec

from devices.protocols.batch import (
    MAX_ROWS,
    Batch,
    Oversized,
    Row,
    Unreadable,
    all_readable,
    read_rows,
)


class Body(msgspec.Struct):
    observations: list[Row]


_decoder = msgspec.json.Decoder(Body)


def decode(body: bytes) -> Batch:
    """Read a body; rows that cannot be read are kept apart, the others taken.

    Raises:
        Unreadable: the body is no such object at all.
        Oversized: too many rows.
    """
    try:
        rows = _decoder.decode(body).observations
    except msgspec.DecodeError:
        return read_rows(_checked(_values(body)))
    return all_readable(_checked(rows))


def _values(body: bytes) -> list[Any]:
    # The standard library reads NaN and Infinity, which devices do send: those rows alone fall.
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    values = decoded.get("observations") if isinstance(decoded, dict) else None
    if not isinstance(values, list):
        raise Unreadable("The body must be an object with a list named observations.")
    return values


def _checked(rows: list[Any]) -> list[Any]:
    if len(rows) > MAX_ROWS:
        raise Oversized(f"{len(rows)} rows; at most {MAX_ROWS} at once.")
    return rows
