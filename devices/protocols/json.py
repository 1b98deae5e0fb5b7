"""JSON bodies: `{"observations": [{"datastream", "phenomenonTime", "result", "unit"?}, …]}`."""

import json
from typing import Any

import msgspec

from devices.protocols.batch import (
    Batch,
    Row,
    Unreadable,
    all_readable,
    no_more_than_allowed,
    observations_of,
    read_rows,
)


class Body(msgspec.Struct):
    observations: list[Row]


CONTENT_TYPE = "application/json"

_decoder = msgspec.json.Decoder(Body)


def decode(body: bytes) -> Batch:
    """Read a body; rows that cannot be read are kept apart, the others taken.

    Raises:
        Unreadable: the body is no such object at all.
        Oversized: too many rows.
    """
    try:
        return all_readable(no_more_than_allowed(_decoder.decode(body).observations))
    except msgspec.DecodeError:
        return read_rows(observations_of(_leniently(body)))


def _leniently(body: bytes) -> Any:
    # The standard library reads NaN and Infinity, which devices do send: those rows alone fall.
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
