"""Batches of observations as bytes, each row of its own instant."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from apps.base import columns

ROWS = 1_000


def bodies(count: int, *, streams: int, rows: int = ROWS, before: datetime) -> Iterator[bytes]:
    """`count` JSON bodies: minute after minute through all streams, ending at `before`."""
    start = before - timedelta(seconds=count * rows // streams + 1)
    n = 0
    for _ in range(count):
        observations = []
        for _ in range(rows):
            at = start + timedelta(seconds=n // streams)
            observations.append(
                {
                    "datastream": f"s{n % streams}",
                    "phenomenonTime": at.isoformat().replace("+00:00", "Z"),
                    "result": round(n * 7919 % 10_007 / 97, 3),
                }
            )
            n += 1
        yield json.dumps({"observations": observations}).encode()


def copies(
    count: int, *, streams: list[int], rows: int = ROWS, before: datetime
) -> Iterator[bytes]:
    """The same rows as COPY BINARY frames of the table's columns."""
    start_us = int((before - timedelta(seconds=count * rows // len(streams) + 1)).timestamp() * 1e6)
    received = np.full(rows, int(datetime.now(UTC).timestamp() * 1e6))
    ids = np.array(streams)
    for batch in range(count):
        n = np.arange(batch * rows, (batch + 1) * rows)
        yield columns.copy_frames(
            columns.Integers(ids[n % len(streams)]),
            columns.Instants(start_us + n // len(streams) * 1_000_000),
            columns.Reals(n * 7919 % 10_007 / 97),
            columns.Instants(received),
        )
