"""Bounds that hold nine times out of ten: quantiles of past errors, in units of each pool's own.

Split conformal prediction (Lei et al. 2018) with the errors scaled by pool and part of the day;
a pool with few errors borrows the scale of all.
"""

from dataclasses import dataclass

import numpy as np

from apps.parking.core.forecasting.grid import Floats, Integers

HELD = 0.9
BANDS = 8  # of three hours each
BORROWED = 8.0  # so many errors of its own weigh as much as those of all
LEAST = 0.002


@dataclass(frozen=True)
class Spread:
    """Scale of each pool's errors by band, and the quantiles of scaled errors."""

    scale: Floats  # pools × bands
    low: Floats  # one number
    high: Floats

    def bounds(self, expected: Floats, pool: Integers, band: Integers) -> tuple[Floats, Floats]:
        scale = self.scale[pool, band]
        low = np.clip(expected + self.low[0] * scale, 0, 1)
        return low, np.clip(expected + self.high[0] * scale, 0, 1)


def band_of(slot: Integers, day: int) -> Integers:
    return slot * BANDS // day


def calibrate(errors: Floats, pool: Integers, band: Integers, pools: int) -> Spread:
    """`errors` are truth − forecast of forecasts that were not trained on that truth."""
    size = np.abs(errors)
    every = size.mean() if len(size) else 0.1
    of_pool = _shrunk(size, pool, pools, np.full(pools, every))
    cell = pool * BANDS + band
    scale = _shrunk(size, cell, pools * BANDS, np.repeat(of_pool, BANDS)).reshape(pools, BANDS)
    scale = np.maximum(scale, LEAST)
    if not len(errors):
        return Spread(scale, np.array([-2.0]), np.array([2.0]))
    scaled = errors / scale[pool, band]
    tail = (1 - HELD) / 2
    return Spread(
        scale, np.array([np.quantile(scaled, tail)]), np.array([np.quantile(scaled, 1 - tail)])
    )


def _shrunk(size: Floats, group: Integers, groups: int, prior: Floats) -> Floats:
    counts = np.bincount(group, minlength=groups)
    sums = np.bincount(group, weights=size, minlength=groups)
    return np.asarray((sums + BORROWED * prior) / (counts + BORROWED))
