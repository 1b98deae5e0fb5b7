"""Rows into the table: each step one statement, whatever the size of the batch.

Two batches may carry the same rows at once; the later waits for the earlier's commit and then
finds duplicates. The order by datastream and time keeps them from waiting for each other in turn.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from apps.base import columns
from devices.ingest.streams import Flags, Floats
from devices.ingest.validate import Good

COPY_FROM_ROWS = 2_000

_STORE = """
stored AS (
    INSERT INTO devices_observation (datastream_id, phenomenon_at, result, received_at)
    SELECT datastream_id, phenomenon_at, result, %s::timestamptz FROM given
    ON CONFLICT DO NOTHING
    RETURNING datastream_id, phenomenon_at, result, received_at
), forward AS (
    INSERT INTO devices_lastobservation AS last
           (datastream_id, phenomenon_at, result, received_at, changed_at)
    SELECT DISTINCT ON (datastream_id)
           datastream_id, phenomenon_at, result, received_at, received_at
    FROM stored ORDER BY datastream_id, phenomenon_at DESC
    ON CONFLICT (datastream_id) DO UPDATE
    SET phenomenon_at = excluded.phenomenon_at, result = excluded.result,
        received_at = excluded.received_at,
        changed_at = CASE WHEN last.result = excluded.result THEN last.changed_at
                          ELSE excluded.changed_at END
    WHERE last.phenomenon_at < excluded.phenomenon_at
), noted AS (
    INSERT INTO devices_hourtosum (hour_at, datastream_ids)
    SELECT date_trunc('hour', phenomenon_at, 'UTC') AS hour_at, array_agg(DISTINCT datastream_id)
    FROM stored GROUP BY hour_at
)
SELECT i FROM given WHERE NOT EXISTS (
    SELECT FROM stored
    WHERE stored.datastream_id = given.datastream_id
      AND stored.phenomenon_at = given.phenomenon_at
)
"""
_GIVEN = (
    "unnest(%s::integer[], %s::timestamptz[], %s::double precision[], %s::integer[])"
    " AS given (datastream_id, phenomenon_at, result, i)"
)
_FROM_ARRAYS = f"WITH given AS MATERIALIZED (SELECT * FROM {_GIVEN}), {_STORE}"  # noqa: S608
_FROM_STAGE = f"WITH given AS NOT MATERIALIZED (SELECT * FROM devices_stage), {_STORE}"  # noqa: S608
_MAKE_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS devices_stage (
    datastream_id integer, phenomenon_at timestamptz, result double precision, i integer
) ON COMMIT DELETE ROWS
"""
_HELD = f"""
SELECT given.i, held.result FROM {_GIVEN}
JOIN devices_observation AS held USING (datastream_id, phenomenon_at)
"""  # noqa: S608


@dataclass(frozen=True)
class Stored:
    """Which rows are new, which say again what is known, which contradict it and what is held."""

    new: Flags
    conflicts: Flags
    held: Floats

    @property
    def duplicates(self) -> int:
        return int((~self.new & ~self.conflicts).sum())


def store(good: Good, *, received_at: datetime) -> Stored:
    """Write what is new, move last values forward, compare the rest with what is held."""
    new = np.ones(len(good), dtype=np.bool_)
    conflicts = np.zeros(len(good), dtype=np.bool_)
    held = np.full(len(good), np.nan)
    if len(good):
        new[_write(good, received_at)] = False
    if not new.all():
        _compare(good, ~new, held)
        conflicts = ~new & (held != good.results)
    return Stored(new, conflicts, held)


def _in_columns(good: Good) -> list[columns.Column]:
    return [
        columns.Integers(good.ids),
        columns.Instants(good.times_us),
        columns.Reals(good.results),
        columns.Integers(np.arange(len(good))),
    ]


def _write(good: Good, received_at: datetime) -> list[int]:
    """Places, in the sorted rows, of those that were there before."""
    given = _in_columns(good)
    with columns.cursor() as cursor:
        if len(good) < COPY_FROM_ROWS:
            cursor.execute(_FROM_ARRAYS, [*given, received_at])
        else:
            cursor.execute(_MAKE_STAGE)
            with cursor.copy("COPY devices_stage FROM STDIN (FORMAT binary)") as copy:
                copy.write(columns.copy_frames(*given))
            cursor.execute(_FROM_STAGE, [received_at])
        return [row[0] for row in cursor.fetchall()]


def _compare(good: Good, old: Flags, held: Floats) -> None:
    """Look up what is held for the rows that were there. A second statement, because only a new
    snapshot sees what another batch committed while ours waited for it."""
    rows = good.only(old)
    where = np.flatnonzero(old)
    with columns.cursor() as cursor:
        cursor.execute(_HELD, _in_columns(rows))
        for i, result in cursor.fetchall():
            held[where[i]] = result
