"""Samples of how full pools are, the nightly training on them, and the outlooks made from it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

from apps.base import clock
from apps.city.models import the_city
from apps.parking.core.forecasting.backtest import Score, score
from apps.parking.core.forecasting.grid import DAY_MIN, Floats, Grid, Integers
from apps.parking.core.forecasting.model import (
    Forecaster,
    Horizon,
    from_bytes,
    to_bytes,
    train_horizon,
    with_spread,
)
from apps.parking.core.forecasting.outlook import HORIZONS_MIN, POINTS_MIN, Curves, curves
from apps.parking.models import (
    CapacityPool,
    ForecastModel,
    OccupancySample,
    PoolOutlook,
    Tariff,
    TariffAssignment,
)
from apps.parking.services.tariffs import price_stay

STEP_MIN = 15
LEARNED_FROM = timedelta(weeks=9)
NEEDED = timedelta(weeks=5)  # four for the profile, one to look back to
KEPT = timedelta(weeks=14)
UNSEEN_DAYS = 7  # half to calibrate on, half to be tested on
SURE_ENOUGH = 0.6
ORIGIN_STEP = 2  # learn from every second quarter of an hour
NIGHT_HOUR = 3
ROUND, OVERDUE = timedelta(hours=20), timedelta(hours=30)
# The first day of the count was a Thursday: three days make it a Monday.
MONDAY_SLOTS = 3 * DAY_MIN // STEP_MIN
PRICED_MIN = (30, 60, 120, 240, 480)

_SAMPLE = """
INSERT INTO parking_occupancysample (pool_id, at, occupied, total)
SELECT state.pool_id, date_bin('15 minutes', %(now)s, '2001-01-01'), state.occupied, pool.total
FROM parking_poolstate AS state JOIN parking_capacitypool AS pool ON pool.id = state.pool_id
WHERE state.occupied IS NOT NULL AND state.fresh_until >= %(now)s
  AND state.confidence >= %(sure)s AND pool.total > 0
ON CONFLICT DO NOTHING
"""
_GRID = """
SELECT pool_id, (extract(epoch FROM at AT TIME ZONE %s) / %s)::bigint,
       occupied::float8 / total, total
FROM parking_occupancysample WHERE at >= %s ORDER BY pool_id, at
"""


def sample_occupancy() -> int:
    """Write down what is known well, once in a quarter of an hour. Returns how many pools."""
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, {"now": clock.now(), "sure": SURE_ENOUGH})
        return int(cursor.rowcount)


def forget_samples() -> int:
    return OccupancySample.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


# ---------------------------------------------------------------- rows as a grid


def read_grid(since: timedelta, now: datetime) -> tuple[Grid, Integers]:
    """(grid, its pools by row); its last column is the slot of now."""
    zone = the_city().zone
    with connection.cursor() as cursor:
        cursor.execute(_GRID, [str(zone), STEP_MIN * 60, now - since])
        rows = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 4)
    last = slot_at(now)
    first = last - int(since.total_seconds() // 60 // STEP_MIN)
    pools, row = np.unique(rows[:, 0].astype(np.int64), return_inverse=True)
    share = np.full((len(pools), last - first + 1), np.nan)
    column = rows[:, 1].astype(np.int64) - first
    inside = (column >= 0) & (column < share.shape[1])
    share[row[inside], column[inside]] = rows[inside, 2]
    capacity = np.zeros(len(pools))
    capacity[row] = rows[:, 3]
    return Grid(share, STEP_MIN, first + MONDAY_SLOTS, capacity), pools


def slot_at(instant: datetime) -> int:
    """Slots of local wall time since 1970."""
    local = instant.astimezone(the_city().zone).replace(tzinfo=None)
    return int((local - datetime(1970, 1, 1)).total_seconds()) // (STEP_MIN * 60)  # noqa: DTZ001


# ---------------------------------------------------------------- training


def train_if_due() -> ForecastModel | None:
    """Every night while few ask, or at once while there is nothing to go by."""
    now = clock.now()
    newest = ForecastModel.objects.filter(in_use=True).first()
    at_night = now.astimezone(the_city().zone).hour == NIGHT_HOUR
    due = newest is None or now - newest.trained_at > (ROUND if at_night else OVERDUE)
    if not due:
        return None
    trained = train_forecasts()
    if trained is not None:
        make_outlooks()
    return trained


def train_forecasts() -> ForecastModel | None:
    """Learn anew from the last weeks, look how it does on the last days, and put it to use.

    None while too little of the past is known.
    """
    now = clock.now()
    grid, pools = read_grid(LEARNED_FROM, now)
    learned_on, calibrated_on, tested_on = _origins(grid)
    if not len(pools) or np.isnan(grid.taken(learned_on)).all():
        return None
    trained = [train_horizon(grid, minutes, learned_on) for minutes in HORIZONS_MIN]
    scores = [score(grid, one, calibrated_on, tested_on) for one in trained]
    unseen = np.concatenate([calibrated_on, tested_on])
    ready = tuple(with_spread(grid, one, unseen) for one in trained)
    return _put_to_use(now, grid, pools, ready, scores)


def _origins(grid: Grid) -> tuple[Integers, Integers, Integers]:
    """Columns to learn from, to calibrate on, to be tested on: each after the one before."""
    end = grid.share.shape[1]
    unseen = end - UNSEEN_DAYS * grid.day
    half = (unseen + end) // 2
    longest = max(HORIZONS_MIN) // STEP_MIN
    learned = np.arange(7 * grid.day, unseen - longest, ORIGIN_STEP)
    return learned, np.arange(unseen, half), np.arange(half, end)


@transaction.atomic
def _put_to_use(
    now: datetime,
    grid: Grid,
    pools: Integers,
    horizons: tuple[Horizon, ...],
    scores: Sequence[Score],
) -> ForecastModel:
    ForecastModel.objects.filter(in_use=True).update(in_use=False)
    learned = to_bytes(Forecaster(horizons, tuple(pools.tolist())))
    known = np.flatnonzero(~np.isnan(grid.share).all(axis=0))
    first = now - timedelta(minutes=int(grid.share.shape[1] - 1 - known[0]) * STEP_MIN)
    return ForecastModel.objects.create(
        trained_at=now,
        learned_from=first,
        learned_to=now - timedelta(days=UNSEEN_DAYS),
        pools=len(pools),
        learned=learned,
        backtest={"horizons": [_told(one, pools) for one in scores]},
        in_use=True,
    )


def _told(one: Score, pools: Integers) -> dict[str, Any]:
    return {
        "minutes": one.minutes,
        "cases": one.cases,
        "mae": round(one.error, 5),
        "persistence": round(one.persistence, 5),
        "held": round(one.held, 4),
        "by_pool": {
            str(pool): round(error, 5)
            for pool, error in zip(pools.tolist(), one.by_pool.tolist(), strict=True)
        },
    }


# ---------------------------------------------------------------- outlooks


def make_outlooks() -> int:
    """Bring every pool's outlook up to date. Returns how many there are; 0 before any training."""
    model = ForecastModel.objects.filter(in_use=True).first()
    if model is None:
        return 0
    now = clock.now()
    grid, pools = read_grid(NEEDED, now)
    if not len(pools):
        return 0
    made = curves(grid, pools, from_bytes(bytes(model.learned)), grid.share.shape[1] - 1)
    rows = list(_rows(model, pools, made, _prices(now), now))
    PoolOutlook.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["pool"],
        update_fields=["made_at", "model", "minutes", "expected", "low", "high", "prices"],
    )
    return len(rows)


Prices = Mapping[int, dict[str, Any]]


def _rows(
    model: ForecastModel, pools: Integers, made: Curves, prices: Prices, now: datetime
) -> Iterator[PoolOutlook]:
    known = ~np.isnan(made.expected).any(axis=1)
    for row in np.flatnonzero(known):
        pool = int(pools[row])
        yield PoolOutlook(
            pool_id=pool,
            made_at=now,
            model=model,
            minutes=list(POINTS_MIN),
            expected=_shares(made.expected[row]),
            low=_shares(made.low[row]),
            high=_shares(made.high[row]),
            prices=prices.get(pool, {}),
        )


def _shares(row: Floats) -> list[float]:
    return [round(share, 4) for share in row.tolist()]


def _prices(now: datetime) -> dict[int, dict[str, Any]]:
    """By pool, what stays that begin now cost; each tariff is asked once."""
    today = now.astimezone(the_city().zone).date()
    in_force = TariffAssignment.objects.on(today).select_related("tariff")
    by_place = {(one.site_id, one.category): one.tariff for one in in_force}
    told: dict[int, dict[str, Any]] = {}
    found: dict[int, dict[str, Any]] = {}
    for pool, site, category in _pools_of({site for site, _ in by_place}):
        tariff = by_place.get((site, category)) or by_place.get((site, ""))
        if tariff is not None:
            if tariff.pk not in told:
                told[tariff.pk] = _priced(tariff, now)
            found[pool] = told[tariff.pk]
    return found


def _pools_of(sites: set[int]) -> list[tuple[int, int, str]]:
    rows = CapacityPool.objects.filter(site__in=sites)
    return list(rows.values_list("pk", "site_id", "category"))


def _priced(tariff: Tariff, now: datetime) -> dict[str, Any]:
    prices: dict[str, Any] = {"currency": tariff.read().currency}
    for minutes in PRICED_MIN:
        prices[str(minutes)] = price_stay(tariff, now, now + timedelta(minutes=minutes)).amount
    return prices
