"""What devices said of late, put on a grid beside what is usual, and judged by the core."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

from apps.parking.core.forecasting.grid import Floats, Grid, Integers, mean_known, profile
from apps.parking.core.suspicion import (
    BANDS,
    Fault,
    Habit,
    Watch,
    habit_of,
    judge,
    stands_too_long,
)
from apps.parking.models import PoolFeed
from apps.parking.services.forecasting import NEEDED, STEP_MIN, read_grid
from apps.parking.snapshot import FRESH_INTERVALS, FRESH_WITHOUT_INTERVAL_S

LOOKS_BACK = timedelta(days=4)
SLOT = timedelta(minutes=2 * STEP_MIN)
COUNTING = (PoolFeed.Role.FREE, PoolFeed.Role.OCCUPIED)

_SAID = """
SELECT DISTINCT ON (feed.datastream_id, slot) feed.datastream_id, feed.pool_id, pool.total,
       feed.role, (%(last)s - extract(epoch FROM date_bin('30 minutes', word.phenomenon_at,
                                                          '2001-01-01')) / 1800)::integer AS slot,
       word.result, coalesce(stream.expected_interval_s, 600)
FROM parking_poolfeed AS feed
JOIN parking_capacitypool AS pool ON pool.id = feed.pool_id AND pool.total > 0
JOIN devices_datastream AS stream ON stream.id = feed.datastream_id AND stream.retired_at IS NULL
JOIN devices_observation AS word ON word.datastream_id = feed.datastream_id
WHERE feed.role IN ('free', 'occupied') AND word.phenomenon_at > %(since)s
  AND word.phenomenon_at <= %(now)s
ORDER BY feed.datastream_id, slot, word.phenomenon_at DESC
"""
_SILENT = """
SELECT feed.datastream_id, last.phenomenon_at
FROM parking_poolfeed AS feed
JOIN devices_datastream AS stream ON stream.id = feed.datastream_id AND stream.retired_at IS NULL
JOIN devices_lastobservation AS last ON last.datastream_id = feed.datastream_id
WHERE last.phenomenon_at < %(now)s - greatest(
    coalesce(stream.expected_interval_s * %(intervals)s, %(without)s) * interval '1 second',
    interval '30 minutes')
"""
# How long each bay has stood still, and how often a day its neighbours of the same pool change.
_STILL = """
WITH bay AS (
    SELECT feed.datastream_id, feed.pool_id, last.changed_at
    FROM parking_poolfeed AS feed
    JOIN devices_lastobservation AS last ON last.datastream_id = feed.datastream_id
    WHERE feed.role = 'bay'
), moved AS (
    SELECT pool_id, percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM %(now)s - changed_at) / 86400) AS middle_days
    FROM bay WHERE changed_at IS NOT NULL GROUP BY pool_id
)
SELECT bay.datastream_id, extract(epoch FROM %(now)s - bay.changed_at) / 86400, moved.middle_days
FROM bay JOIN moved USING (pool_id) WHERE bay.changed_at IS NOT NULL
"""


@dataclass(frozen=True)
class Judged:
    fault: Fault
    detail: dict[str, Any] = field(default_factory=dict)


def judge_silence(now: datetime) -> dict[int, Judged]:
    """Feeds whose last word is too old to be the present, by a good margin."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SILENT,
            {
                "now": now,
                "intervals": FRESH_INTERVALS,
                "without": FRESH_WITHOUT_INTERVAL_S,
            },
        )
        return {
            feed: Judged(Fault.SILENT, {"last_word": at.isoformat()})
            for feed, at in cursor.fetchall()
        }


def judge_bays(now: datetime) -> dict[int, Judged]:
    """Bays that stand still for longer than chance allows, by how often their neighbours change."""
    with connection.cursor() as cursor:
        cursor.execute(_STILL, {"now": now})
        rows = cursor.fetchall()
    return {
        feed: Judged(Fault.STUCK, {"days": round(float(days), 1)})
        for feed, days, middle in rows
        if stands_too_long(float(days), middle_days=float(middle))
    }


def judge_counts(now: datetime) -> tuple[dict[int, Judged], Mapping[int, float]]:
    """Feeds that count whole pools: what is wrong with them, and how far they are apart from the
    others of their pool."""
    words = _words(now)
    if not words:
        return {}, {}
    grid, pools = read_grid(NEEDED, now)
    city = _City(grid, pools)
    found: dict[int, Judged] = {}
    apart: dict[int, float] = {}
    for feed, word in words.items():
        others = [one.share for key, one in words.items() if one.pool == word.pool and key != feed]
        if others:
            apart[feed] = _middle(np.abs(word.share - _mean(others)))
        if (fault := city.judge(word, others)) is not None:
            found[feed] = Judged(fault, {"share": _last(word.share), "usual": city.usual_now(word)})
    return found, {feed: value for feed, value in apart.items() if not np.isnan(value)}


def _mean(series: list[Floats]) -> Floats:
    """Of what is known; NaN where nothing is."""
    return mean_known(np.stack(series)[:, :, None])[:, 0]


def _middle(series: Floats) -> float:
    known = series[~np.isnan(series)]
    return float(np.median(known)) if len(known) else float("nan")


def _last(share: Floats) -> float | None:
    known = share[~np.isnan(share)]
    return round(float(known[-1]), 3) if len(known) else None


@dataclass(frozen=True)
class _Words:
    """What one feed said, as shares on the slots up to now."""

    pool: int
    share: Floats
    silent_after: int


def _words(now: datetime) -> dict[int, _Words]:
    slots = LOOKS_BACK // SLOT
    last = int(now.timestamp() // SLOT.total_seconds())
    with connection.cursor() as cursor:
        cursor.execute(_SAID, {"last": last, "since": now - LOOKS_BACK, "now": now})
        rows = cursor.fetchall()
    found: dict[int, _Words] = {}
    for feed, pool, total, role, ago, result, interval_s in rows:
        if feed not in found:
            quiet = max(round(FRESH_INTERVALS * interval_s / SLOT.total_seconds()), 4)
            found[feed] = _Words(pool, np.full(slots, np.nan), quiet)
        taken = total - result if role == PoolFeed.Role.FREE else result
        if 0 <= ago < slots:
            found[feed].share[slots - 1 - ago] = taken / total
    return found


class _City:
    """What is usual in each pool, and how all of them do at present."""

    def __init__(self, grid: Grid, pools: Integers) -> None:
        slots = LOOKS_BACK // SLOT
        grid = _half_hours(grid)
        end = grid.share.shape[1]
        self.grid, self.row = grid, {int(pool): row for row, pool in enumerate(pools)}
        self.at = np.arange(end - slots, end)
        self.band = (grid.slot_of_day(self.at) * BANDS // grid.day).astype(np.int64)
        self.usual = profile(grid, self.at) if len(pools) else np.empty((0, slots))
        self.known = grid.taken(self.at) if len(pools) else np.empty((0, slots))
        self.before = np.arange(7 * grid.day, end - slots)
        self.usual_before = profile(grid, self.before) if len(pools) else self.usual

    def usual_now(self, word: _Words) -> float | None:
        row = self.row.get(word.pool)
        return None if row is None else _last(self.usual[row])

    def judge(self, word: _Words, others: list[Floats]) -> Fault | None:
        row = self.row.get(word.pool)
        if row is None:
            return None
        usual = self.usual[row]
        watch = Watch(
            said=word.share,
            usual=usual,
            others=_if_nearer(word.share, usual, others),
            spoke=np.ones(len(usual), dtype=np.bool_),
            lift=self._lift(row),
            band=self.band,
            silent_after=word.silent_after,
        )
        return judge(watch, self._habit(row))

    def _lift(self, row: int) -> Floats:
        rest = np.delete(np.arange(len(self.known)), row)
        if not len(rest):
            return np.ones(len(self.at))
        with np.errstate(invalid="ignore", divide="ignore"):
            factor = np.where(self.usual[rest] > 0.08, self.known[rest] / self.usual[rest], np.nan)
        known = ~np.isnan(factor).all(axis=0)
        middle = np.ones(len(self.at))
        middle[known] = np.nanmedian(factor[:, known], axis=0)
        return middle

    def _habit(self, row: int) -> Habit:
        said, before = self.grid.share[row, self.before], self.before
        band = (self.grid.slot_of_day(before) * BANDS // self.grid.day).astype(np.int64)
        return habit_of(said, self.usual_before[row], np.ones(len(before)), band, self.grid.day)


def _half_hours(grid: Grid) -> Grid:
    """Every second quarter, up to the present half hour."""
    columns = np.arange(grid.share.shape[1])
    whole = columns[(grid.first + columns) % 2 == 0]
    first = (grid.first + int(whole[0])) // 2
    return Grid(grid.share[:, whole], 2 * grid.step_min, first, grid.capacity)


def _if_nearer(said: Floats, usual: Floats, others: list[Floats]) -> Floats:
    """What the others say, if they are nearer to what is usual than this one is: of two that
    contradict each other only one is accused."""
    nothing = np.full(len(said), np.nan)
    if not others:
        return nothing
    together = _mean(others)
    mine, theirs = _middle(np.abs(said - usual)), _middle(np.abs(together - usual))
    return together if mine > 1.5 * theirs else nothing
