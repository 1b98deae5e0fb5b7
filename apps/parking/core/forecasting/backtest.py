"""How a training would have done on days it did not see, beside "as it is now"."""

from dataclasses import dataclass

import numpy as np

from apps.parking.core.forecasting.grid import Floats, Grid, Integers
from apps.parking.core.forecasting.model import Horizon, bounds, expected, with_spread


@dataclass(frozen=True)
class Score:
    """Mean absolute errors in shares of the spaces; `held` is the share within the bounds."""

    minutes: int
    cases: int
    error: float
    persistence: float
    held: float
    by_pool: Floats


def score(grid: Grid, horizon: Horizon, calibrated_on: Integers, tested_on: Integers) -> Score:
    """The horizon was trained on neither; the bounds are calibrated on the first days."""
    ahead = horizon.minutes // grid.step_min
    spread = with_spread(grid, horizon, calibrated_on)
    found = expected(grid, tested_on, spread)
    low, high = bounds(grid, spread, tested_on, found)
    now, truth = grid.taken(tested_on), grid.taken(tested_on + ahead)
    known = ~np.isnan(now) & ~np.isnan(truth) & ~np.isnan(found)
    if not known.any():
        return Score(horizon.minutes, 0, 0.0, 0.0, 0.0, np.zeros(len(grid.share)))
    off = np.where(known, np.abs(found - truth), 0.0)
    cases = known.sum(axis=1)
    return Score(
        minutes=horizon.minutes,
        cases=int(known.sum()),
        error=float(off.sum() / known.sum()),
        persistence=float(np.abs(now - truth)[known].mean()),
        held=float(((low <= truth) & (truth <= high))[known].mean()),
        by_pool=off.sum(axis=1) / np.maximum(cases, 1),
    )
