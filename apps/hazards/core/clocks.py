"""Clocks that run in the wrong time zone: found by laying one series along another.

What a station tells is compared with a neighbour (or with rain) at every lag of ±12 hours. If it
fits much better some hours away, its stamps are off by so much.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

REACH_H = 12
# At least two hours off, and better by so much correlation, before anybody is accused. A gain needs
# enough wet hours behind it.
LEAST_LAG_H = 2
LEAST_GAIN = 0.3
LEAST_WET_H = 24


@dataclass(frozen=True, slots=True)
class Offset:
    """`lag_h` is what must be added to the station's stamps: 9 means it stamps UTC as KST."""

    lag_h: int
    correlation: float
    correlation_as_it_is: float

    @property
    def is_wrong(self) -> bool:
        gain = self.correlation - self.correlation_as_it_is
        return abs(self.lag_h) >= LEAST_LAG_H and gain > LEAST_GAIN


def clock_offset(suspect: Floats, neighbour: Floats) -> Offset | None:
    """Compare two hourly series of one span; None where too little happened to say anything."""
    both = np.isfinite(suspect) & np.isfinite(neighbour)
    if min((suspect[both] > 0).sum(), (neighbour[both] > 0).sum()) < LEAST_WET_H:
        return None
    lags = range(-REACH_H, REACH_H + 1)
    fits = {lag: _correlation(suspect, neighbour, lag) for lag in lags}
    best = max(fits, key=lambda lag: (fits[lag], -abs(lag)))
    return Offset(best, fits[best], fits[0])


def _correlation(suspect: Floats, neighbour: Floats, lag_h: int) -> float:
    """Of the suspect moved `lag_h` later with the neighbour."""
    ours = suspect[: len(suspect) - lag_h] if lag_h >= 0 else suspect[-lag_h:]
    theirs = neighbour[lag_h:] if lag_h >= 0 else neighbour[:lag_h]
    both = np.isfinite(ours) & np.isfinite(theirs)
    if both.sum() < 48 or ours[both].std() == 0 or theirs[both].std() == 0:
        return 0.0
    return float(np.corrcoef(ours[both], theirs[both])[0, 1])


@dataclass(frozen=True, slots=True)
class Jump:
    """The gauge's zero moved at a row, by so much."""

    row: int
    by: float


def datum_jump(values: Floats, *, least: float, window: int = 24) -> Jump | None:
    """A zero that moved: the level changes at once, stays changed, and nothing else changed.

    The difference of medians before and after each row is compared with the spread on both sides;
    a flood rises over many readings, a moved zero in one.
    """
    told = values[np.isfinite(values)]
    if len(told) < 2 * window:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(told, window)
    before, after = windows[:-window], windows[window:]
    by = np.median(after, axis=1) - np.median(before, axis=1)
    restless = np.maximum(np.ptp(before, axis=1), np.ptp(after, axis=1))
    at_once = np.diff(told)[window - 1 : window - 1 + len(by)]
    sure = (
        (np.abs(by) >= least) & (np.abs(by) > 4 * restless) & (np.abs(at_once) > 0.8 * np.abs(by))
    )
    if not sure.any():
        return None
    row = int(np.argmax(np.where(sure, np.abs(by), 0.0)))
    return Jump(row + window, float(by[row]))
