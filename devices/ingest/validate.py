"""Which rows of a batch can be believed: one pass of array comparisons, no database.

The first reason found is the one given, in the order of the steps of `judge`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings

from devices.ingest.streams import Flags, Floats, Integers, Streams, scale
from devices.protocols.batch import Batch, Reason, Refused, Row

FUTURE_S = 120
KEPT = timedelta(days=settings.OBSERVATIONS_KEPT_DAYS)

_DETAILS: Mapping[Reason, str] = {
    Reason.UNKNOWN_DATASTREAM: "This gateway has no datastream {row.datastream!r}.",
    Reason.RETIRED: "The datastream {row.datastream!r} is retired.",
    Reason.NOT_A_NUMBER: "The result is not a finite number.",
    Reason.BELOW_RANGE: "The result {row.result:g} is less than this datastream can give.",
    Reason.ABOVE_RANGE: "The result {row.result:g} is more than this datastream can give.",
    Reason.IN_FUTURE: f"More than {FUTURE_S} s ahead of the city's clock.",
    Reason.TOO_OLD: f"Older than {KEPT.days} days.",
    Reason.CONFLICT: "Another row of this batch gives this instant another result.",
}


@dataclass(frozen=True)
class Good:
    """Believable rows in columns, sorted by datastream and time: the order the index likes.

    `position` points into the catalogue, `place` into the batch, `times_us` counts microseconds
    since 1970.
    """

    position: Integers
    ids: Integers
    times_us: Integers
    results: Floats
    place: Integers

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, wanted: Flags) -> "Good":
        return Good(
            self.position[wanted],
            self.ids[wanted],
            self.times_us[wanted],
            self.results[wanted],
            self.place[wanted],
        )


@dataclass(frozen=True)
class Verdict:
    good: Good
    repeated: int
    refused: list[Refused]


def judge(batch: Batch, streams: Streams, *, gateway_id: int, now: datetime) -> Verdict:
    """1. resolve codes · 2. bring units together · 3. compare results and times with their bounds
    · 4. sort · 5. take out what the batch itself says twice."""
    rows = batch.rows
    position = _resolve(rows, streams, gateway_id)
    known = np.where(position < 0, 0, position)
    times_us, results = _columns(rows)
    wrong_unit = _convert_units(rows, known, results, streams) if len(streams.ids) else {}
    reasons = _reasons(position, known, times_us, results, streams, now)
    refused = [_refuse(batch, i, reason, position, streams) for i, reason in reasons.items()]
    refused += [
        Refused(batch.places[i], Reason.WRONG_UNIT, text, as_raw(rows[i]))
        for i, text in wrong_unit.items()
        if i not in reasons
    ]
    good, again, clashing = _sorted_once(
        _keep(batch, position, times_us, results, streams, reasons.keys() | wrong_unit.keys())
    )
    places = {place: i for i, place in enumerate(batch.places)} if len(clashing) else {}
    refused += [
        _refuse(batch, places[int(place)], Reason.CONFLICT, position, streams) for place in clashing
    ]
    return Verdict(good, again, refused)


def _resolve(rows: Any, streams: Streams, gateway_id: int) -> Integers:
    own = streams.of_gateway.get(gateway_id, {})
    return np.array([own.get(row.datastream, -1) for row in rows], dtype=np.int64)


def _columns(rows: Any) -> tuple[Integers, Floats]:
    seconds = np.array([row.phenomenon_time.timestamp() for row in rows], dtype=np.float64)
    results = np.array([row.result for row in rows], dtype=np.float64)
    return np.rint(seconds * 1e6).astype(np.int64), results


def _convert_units(rows: Any, known: Integers, results: Floats, streams: Streams) -> dict[int, str]:
    """Convert, in place, results given in another unit; return the rows where that is no sense."""
    wrong: dict[int, str] = {}
    for i, row in enumerate(rows):
        if row.unit is None or row.unit == (unit := streams.units[known[i]]):
            continue
        try:
            factor, offset = scale(from_unit=row.unit, to_unit=unit)
            results[i] = results[i] * factor + offset
        except (KeyError, ValueError):
            wrong[i] = f"This datastream measures in {unit}, not in {row.unit[:20]}."
    return wrong


def _reasons(
    position: Integers,
    known: Integers,
    times_us: Integers,
    results: Floats,
    streams: Streams,
    now: datetime,
) -> dict[int, Reason]:
    now_us = int(now.timestamp() * 1e6)
    unknown = position < 0
    if not len(streams.ids):
        return dict.fromkeys(range(len(position)), Reason.UNKNOWN_DATASTREAM)
    checks = (
        (Reason.UNKNOWN_DATASTREAM, unknown),
        (Reason.RETIRED, streams.retired[known]),
        (Reason.NOT_A_NUMBER, ~np.isfinite(results)),
        (Reason.BELOW_RANGE, results < streams.low[known]),
        (Reason.ABOVE_RANGE, results > streams.high[known]),
        (Reason.IN_FUTURE, times_us > now_us + FUTURE_S * 1_000_000),
        (Reason.TOO_OLD, times_us < now_us - int(KEPT.total_seconds()) * 1_000_000),
    )
    found: dict[int, Reason] = {}
    for reason, hits in checks:
        for i in np.flatnonzero(hits):
            found.setdefault(int(i), reason)
    return found


def _refuse(batch: Batch, i: int, reason: Reason, position: Integers, streams: Streams) -> Refused:
    row = batch.rows[i]
    known = int(position[i])
    return Refused(
        batch.places[i],
        reason,
        _DETAILS[reason].format(row=row),
        as_raw(row),
        None if known < 0 else int(streams.ids[known]),
    )


def as_raw(row: Row) -> dict[str, Any]:
    """The row as its gateway wrote it, so that it can be judged again."""
    at = row.phenomenon_time.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raw: dict[str, Any] = {
        "datastream": row.datastream,
        "phenomenonTime": at,
        "result": row.result,
    }
    return raw if row.unit is None else raw | {"unit": row.unit}


def _keep(
    batch: Batch,
    position: Integers,
    times_us: Integers,
    results: Floats,
    streams: Streams,
    fallen: Any,
) -> Good:
    wanted = np.ones(len(position), dtype=np.bool_)
    wanted[list(fallen)] = False
    position = position[wanted]
    ids = streams.ids[position] if len(position) else position
    place = np.asarray(batch.places, dtype=np.int64)[wanted]
    return Good(position, ids, times_us[wanted], results[wanted], place)


def _sorted_once(good: Good) -> tuple[Good, int, Integers]:
    """Sorted rows, each instant of a datastream once; how often a row only repeats another; the
    places of rows that contradict an earlier one."""
    order = np.lexsort((good.place, good.times_us, good.ids))
    good = good.only(order)  # type: ignore[arg-type]  # an index does what a mask does
    if len(good) < 2:
        return good, 0, good.place[:0]
    same = np.zeros(len(good), dtype=np.bool_)
    same[1:] = (good.ids[1:] == good.ids[:-1]) & (good.times_us[1:] == good.times_us[:-1])
    if not same.any():
        return good, 0, good.place[:0]
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(good))))
    clashes = same & (good.results != good.results[first])
    return good.only(~same), int((same & ~clashes).sum()), good.place[clashes]
