"""What every door makes of its bytes: a batch of rows, and the rows it could not read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_ROWS = 10_000

T = TypeVar("T")

AwareTime = Annotated[datetime, msgspec.Meta(tz=True)]


class Unreadable(ValueError):
    """The whole body is not a batch; the message says why."""


class Oversized(ValueError):
    """More than `MAX_ROWS` rows."""


class Reason(StrEnum):
    """Why a row is kept apart. Published in receipts and in the quarantine: never renamed."""

    MALFORMED = "malformed"
    NO_TIME_ZONE = "no_time_zone"
    NOT_A_NUMBER = "not_a_number"
    UNKNOWN_DATASTREAM = "unknown_datastream"
    FOREIGN_DATASTREAM = "foreign_datastream"
    RETIRED = "retired"
    WRONG_UNIT = "wrong_unit"
    BELOW_RANGE = "below_range"
    ABOVE_RANGE = "above_range"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    CONFLICT = "conflict"
    COUNTS_BACKWARDS = "counts_backwards"


class Row(msgspec.Struct, rename="camel", frozen=True):
    """One observation in the words of SensorThings; `unit` only if it is not the datastream's."""

    datastream: str
    phenomenon_time: AwareTime
    result: float | bool
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row kept apart: its place in the batch, why, and the row as it came."""

    i: int
    code: Reason
    detail: str
    raw: Any
    datastream_id: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Readable rows with their places in the body, and the others."""

    rows: Sequence[Row]
    places: Sequence[int]
    refused: Sequence[Refused] = field(default_factory=tuple)

    @property
    def received(self) -> int:
        return len(self.rows) + len(self.refused)


def observations_of(decoded: Any) -> list[Any]:
    """The rows of a decoded body, whatever it was decoded from."""
    values = decoded.get("observations") if isinstance(decoded, dict) else None
    if not isinstance(values, list):
        raise Unreadable("The body must be an object with a list named observations.")
    return no_more_than_allowed(values)


def no_more_than_allowed(rows: list[T]) -> list[T]:
    """The rows. Raises Oversized."""
    if len(rows) > MAX_ROWS:
        raise Oversized(f"{len(rows)} rows; at most {MAX_ROWS} at once.")
    return rows


def all_readable(rows: Sequence[Row]) -> Batch:
    return Batch(rows, range(len(rows)))


def read_rows(values: Sequence[Any]) -> Batch:
    """Judge decoded rows one by one; the way taken when not all of a body is well-formed."""
    rows: list[Row] = []
    places: list[int] = []
    refused: list[Refused] = []
    for i, value in enumerate(values):
        try:
            rows.append(msgspec.convert(value, Row))
            places.append(i)
        except msgspec.ValidationError as error:
            refused.append(Refused(i, _reason(str(error)), str(error), value))
    return Batch(rows, places, refused)


def _reason(error: str) -> Reason:
    if "timezone" in error:
        return Reason.NO_TIME_ZONE
    return Reason.NOT_A_NUMBER if "$.result" in error else Reason.MALFORMED
