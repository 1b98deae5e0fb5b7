"""A whole curve out of a few learned horizons: between them what was learned is drawn straight."""

from dataclasses import dataclass

import numpy as np

from apps.parking.core.forecasting.grid import Floats, Grid, Integers
from apps.parking.core.forecasting.intervals import Spread
from apps.parking.core.forecasting.model import (
    Forecaster,
    Horizon,
    blended,
    bounds,
    expected,
)

HORIZONS_MIN = (15, 30, 60, 120, 1440)
POINTS_MIN = (0, 15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1200, 1440)


@dataclass(frozen=True)
class Curves:
    """pools × points; a row of NaN where nothing is known."""

    expected: Floats
    low: Floats
    high: Floats


def curves(grid: Grid, pool_ids: Integers, forecaster: Forecaster, origin: int) -> Curves:
    """From the origin's column on. Pools the forecaster has not met get the spread of all."""
    at = np.array([origin])
    learned = [_for_pools(one, forecaster.pools, pool_ids) for one in forecaster.horizons]
    minutes = np.array([0, *(one.minutes for one in learned)], dtype=np.float64)
    zero = np.zeros(len(pool_ids))
    boost, below, above = [zero], [zero], [zero]
    for one in learned:
        ahead = one.minutes // grid.step_min
        found = expected(grid, at, one)
        low, high = bounds(grid, one, at, found)
        boost.append((found - blended(grid, at, ahead, one.lasts))[:, 0])
        below.append((found - low)[:, 0])
        above.append((high - found)[:, 0])
    lasts = np.interp(POINTS_MIN, minutes, [1.0, *(one.lasts for one in learned)])
    plain = np.stack(
        [
            blended(grid, at, point // grid.step_min, float(part))[:, 0]
            for point, part in zip(POINTS_MIN, lasts, strict=True)
        ],
        axis=1,
    )
    middle = np.clip(plain + _between(minutes, boost), 0, 1)
    return Curves(
        middle,
        np.clip(middle - _between(minutes, below), 0, 1),
        np.clip(middle + _between(minutes, above), 0, 1),
    )


def _between(minutes: Floats, values: list[Floats]) -> Floats:
    table = np.nan_to_num(np.stack(values, axis=1))
    return np.stack([np.interp(POINTS_MIN, minutes, row) for row in table])


def _for_pools(horizon: Horizon, known: tuple[int, ...], pool_ids: Integers) -> Horizon:
    """The horizon with one row of its spread for each of these pools."""
    assert horizon.spread is not None, "a forecaster's horizons are calibrated"
    scale = horizon.spread.scale
    place = {pool: row for row, pool in enumerate(known)}
    common = scale.mean(axis=0)
    rows = [scale[place[int(pool)]] if int(pool) in place else common for pool in pool_ids]
    spread = Spread(np.array(rows), horizon.spread.low, horizon.spread.high)
    return Horizon(horizon.minutes, horizon.lasts, horizon.trees, spread)
