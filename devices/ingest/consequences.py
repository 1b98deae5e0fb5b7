"""Hands new observations to the receivers; one that fails leaves a backlog row, not a lost
batch."""

import logging
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import OperationalError, transaction

from apps.base import columns, work
from devices.events import Arrivals, Receiver, receivers
from devices.ingest.streams import scale

BACKLOG = "devices.receive_again"
_ROWS_PER_WORK = 2_000
logger = logging.getLogger(__name__)

_AGAIN = """
SELECT o.datastream_id, (extract(epoch FROM o.phenomenon_at) * 1000000)::bigint, o.result,
       p.code, d.unit, p.unit, o.received_at
FROM unnest(%s::integer[], %s::timestamptz[]) AS wanted (datastream_id, phenomenon_at)
JOIN devices_observation o USING (datastream_id, phenomenon_at)
JOIN devices_datastream d ON d.id = o.datastream_id
JOIN devices_observedproperty p ON p.id = d.observed_property_id
ORDER BY 1, 2
"""


def follow(arrivals: Arrivals) -> None:
    """Call every receiver whose properties have arrived, inside the caller's transaction."""
    for name, receiver in receivers.items():
        theirs = arrivals.of(receiver.properties)
        if len(theirs):
            _call(name, receiver, theirs)


def _call(name: str, receiver: Receiver, arrivals: Arrivals) -> None:
    try:
        with transaction.atomic():
            receiver.take(arrivals)
    except OperationalError:
        raise  # A deadlock or a lost connection: the whole batch is tried again.
    except Exception:
        logger.exception("receiver %s failed on %d observations", name, len(arrivals))
        _put_aside(name, arrivals)


def _put_aside(name: str, arrivals: Arrivals) -> None:
    for start in range(0, len(arrivals), _ROWS_PER_WORK):
        part = slice(start, start + _ROWS_PER_WORK)
        work.enqueue(
            BACKLOG,
            {
                "receiver": name,
                "datastreams": arrivals.datastream_ids[part].tolist(),
                "times_us": arrivals.times_us[part].tolist(),
            },
        )


def receive_again(payload: Mapping[str, Any]) -> None:
    """Work handler: give a receiver what it failed on, read from the table."""
    receiver = receivers.load(payload["receiver"])
    arrivals = _read(payload["datastreams"], payload["times_us"])
    if arrivals is not None:
        receiver.take(arrivals)


def _read(datastream_ids: list[int], times_us: list[int]) -> Arrivals | None:
    with columns.cursor() as cursor:
        cursor.execute(
            _AGAIN,
            [columns.Integers(np.array(datastream_ids)), columns.Instants(np.array(times_us))],
        )
        rows = cursor.fetchall()
    return _as_arrivals(rows) if rows else None


def _as_arrivals(rows: list[tuple[Any, ...]]) -> Arrivals:
    ids, times, results, codes, units, wanted, received = zip(*rows, strict=True)
    scales = np.array([scale(from_unit=a, to_unit=b) for a, b in zip(units, wanted, strict=True)])
    kinds = tuple(sorted(set(codes)))
    return Arrivals(
        datastream_ids=np.array(ids, dtype=np.int64),
        times_us=np.array(times, dtype=np.int64),
        values=np.array(results) * scales[:, 0] + scales[:, 1],
        kinds=kinds,
        kind=np.array([kinds.index(code) for code in codes]),
        received_at=max(received),
    )
