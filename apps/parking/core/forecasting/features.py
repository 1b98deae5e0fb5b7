"""What the booster learns from: the present, what is usual, and how today differs from it.

Everything is known at the origin; `ahead` is the horizon in columns.
"""

import numpy as np

from apps.parking.core.forecasting.grid import Floats, Grid, Integers, profile

RECENT_FIRST = np.array([4.0, 3.0, 2.0, 1.0])


def residual(grid: Grid, at: Integers) -> Floats:
    """How far the present is from what is usual; none where either is not known."""
    return np.nan_to_num(grid.taken(at) - profile(grid, at))


def features(grid: Grid, origins: Integers, ahead: int) -> Floats:
    """pools × origins × features."""
    now, then = grid.taken(origins), origins + ahead
    usual, usual_then = profile(grid, origins), profile(grid, then)
    recent = profile(grid, origins, RECENT_FIRST)
    recent_then = profile(grid, then, RECENT_FIRST)
    usually = usual_then - usual
    here, before, earlier = (residual(grid, origins - k) for k in range(3))
    city, city_before = here.mean(axis=0), before.mean(axis=0)
    week, day = 7 * grid.day, grid.day
    last_week, yesterday = grid.taken(then - week), grid.taken(then - day)

    def everywhere(values: Floats | Integers) -> Floats:
        return np.broadcast_to(values.astype(np.float64), now.shape)

    return np.stack(
        [
            now, usual, usual_then, here, here - before, before - earlier,
            everywhere(city), everywhere(city - city_before),
            everywhere(grid.slot_of_day(origins)), everywhere(grid.weekday(origins)),
            np.broadcast_to(np.log(np.maximum(grid.capacity, 1.0))[:, None], now.shape),
            last_week - grid.taken(origins - week) - usually,
            yesterday - grid.taken(origins - day) - usually,
            recent_then - recent - usually, last_week, yesterday,
            now - grid.taken(origins - 1), profile(grid, then + 1) - usual_then,
        ],
        axis=-1,
    )  # fmt: skip
