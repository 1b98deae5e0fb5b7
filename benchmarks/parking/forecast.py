"""How far the forecast is off, beside "as it is now", and whether its bounds hold."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from apps.parking.core.forecasting.grid import Floats, Grid
from apps.parking.core.forecasting.model import (
    Horizon,
    bounds,
    expected,
    train_horizon,
    with_spread,
)
from benchmarks.parking.birmingham import (
    LEARN_TO,
    MONDAY,
    TEST_FROM,
    TEST_TO,
    origins,
    outcomes,
    read_grid,
)
from benchmarks.report import Metric

HORIZONS = (30, 60, 120)
CALIBRATED_ON = timedelta(days=14)
CASE = "Birmingham, 28 car parks, 2016-11-28 to 12-19"


def measure() -> Iterator[Metric]:
    grid = read_grid()
    held: list[Floats] = []
    for minutes in HORIZONS:
        horizon, error, persistence = _tested(grid, minutes)
        yield Metric(
            f"parking_mae_{minutes}", CASE, error, "% of capacity", "persistence", persistence
        )
        held.append(_held(grid, horizon))
    yield Metric(
        "interval_coverage", f"{CASE}, 90 % bounds", float(np.concatenate(held).mean()), "share",
        "limit", 0.9,
    )  # fmt: skip


def _tested(grid: Grid, minutes: int) -> tuple[Horizon, float, float]:
    ahead = minutes // grid.step_min
    learned = origins(grid, MONDAY + timedelta(days=7), TEST_FROM, ahead)
    horizon = train_horizon(grid, minutes, learned)
    tested = origins(grid, TEST_FROM, TEST_TO, ahead)
    now, truth = outcomes(grid, tested, ahead)
    error = np.nanmean(np.abs(expected(grid, tested, horizon) - truth))
    return horizon, 100 * float(error), 100 * float(np.nanmean(np.abs(now - truth)))


def _held(grid: Grid, horizon: Horizon) -> Floats:
    """Day by day, the bounds calibrated on the two weeks before, as the city does every night.
    Errors of days that were trained on are too small: those come from a training that ended a week
    before the test."""
    ahead = horizon.minutes // grid.step_min
    early = train_horizon(
        grid, horizon.minutes, origins(grid, MONDAY + timedelta(days=7), LEARN_TO, ahead)
    )
    found = []
    for number in range((TEST_TO - TEST_FROM).days):
        day = TEST_FROM + timedelta(days=number)
        since = max(day - CALIBRATED_ON, LEARN_TO)
        known = with_spread(grid, early, origins(grid, since, day, ahead))
        at = origins(grid, day, day + timedelta(days=1), ahead)
        low, high = bounds(grid, known, at, expected(grid, at, early))
        _now, truth = outcomes(grid, at, ahead)
        inside = np.where(np.isnan(truth), np.nan, (low <= truth) & (truth <= high))
        found.append(inside[~np.isnan(inside)])
    return np.concatenate(found)
