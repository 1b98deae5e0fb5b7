"""Occupancy on a grid of wall-clock slots: one row per pool, one column per slot.

Slots are counted from a Monday's midnight of local wall time, so that the same column a week before
is the same hour of the same weekday. What is not known is NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAY_MIN = 1440
WEEKS = 4


@dataclass(frozen=True)
class Grid:
    """`share` is the share of spaces taken. `first` numbers the first column since a Monday's
    midnight."""

    share: Floats
    step_min: int
    first: int
    capacity: Floats

    @property
    def day(self) -> int:
        return DAY_MIN // self.step_min

    def slot_of_day(self, at: Integers) -> Integers:
        return (self.first + at) % self.day

    def weekday(self, at: Integers) -> Integers:
        return (self.first + at) // self.day % 7

    def taken(self, at: Integers) -> Floats:
        """Columns at any places; those beyond the grid are not known."""
        inside = (at >= 0) & (at < self.share.shape[1])
        found = self.share[:, np.clip(at, 0, self.share.shape[1] - 1)]
        return np.where(inside, found, np.nan)


def mean_known(layers: Floats, weights: Floats | None = None) -> Floats:
    """Mean over the first axis of what is known; NaN where nothing is."""
    known = ~np.isnan(layers)
    weight = (np.ones(len(layers)) if weights is None else weights)[:, None, None] * known
    whole = weight.sum(axis=0)
    total = (np.where(known, layers, 0.0) * weight).sum(axis=0)
    return np.where(whole > 0, total / np.maximum(whole, 1e-12), np.nan)


def profile(grid: Grid, at: Integers, weights: Floats | None = None) -> Floats:
    """What is usual then: the mean of the same slot of the last four weeks; where those are not
    known, of the last days; else of the pool."""
    week = 7 * grid.day
    weeks = np.stack([grid.taken(at - k * week) for k in range(1, WEEKS + 1)])
    usual = mean_known(weeks, weights)
    if not np.isnan(usual).any():
        return usual
    days = mean_known(np.stack([grid.taken(at - k * grid.day) for k in range(1, 8)]))
    of_pool = mean_known(grid.share.T[:, :, None])
    return np.where(~np.isnan(usual), usual, np.where(~np.isnan(days), days, of_pool))
