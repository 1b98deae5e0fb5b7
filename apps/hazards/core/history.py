"""Hours of a catchment: what fell, what evaporated, what flowed, and what was foreseen to fall."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class History:
    """Equal hours in millimetres an hour. Discharge may have gaps (NaN); rain may not, because a
    missing hour of rain is not a dry one: `fill_rain` says how many it had to fill."""

    rain_mm_h: Floats
    evaporation_mm_h: Floats
    discharge_mm_h: Floats

    def __post_init__(self) -> None:
        lengths = {len(self.rain_mm_h), len(self.evaporation_mm_h), len(self.discharge_mm_h)}
        if len(lengths) != 1:
            raise ValueError("The columns of a history are equally long.")
        if not np.isfinite(self.rain_mm_h).all() or (self.rain_mm_h < 0).any():
            raise ValueError("Rain has no gaps and is never negative.")

    def __len__(self) -> int:
        return len(self.rain_mm_h)


def fill_rain(rain_mm_h: Floats) -> tuple[Floats, float]:
    """Missing hours as dry ones, and the share that was missing: the caller judges the share."""
    missing = ~np.isfinite(rain_mm_h)
    return np.where(missing, 0.0, rain_mm_h), float(missing.mean()) if len(missing) else 0.0


def fill_gaps(values: Floats) -> Floats:
    """A gap keeps the last value before it; one at the beginning takes the first after it."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return np.zeros_like(values)
    last = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(len(values)), known[0]))
    filled: Floats = values[last]
    return filled


def rain_known(rain_mm_h: Floats, leads: int) -> Floats:
    """What will really fall in the hours after each hour: the best forecast there can be."""
    padded = np.concatenate([rain_mm_h[1:], np.zeros(leads)])
    windows: Floats = np.lib.stride_tricks.sliding_window_view(padded, leads)[: len(rain_mm_h)]
    return np.ascontiguousarray(windows)


def rain_foreseen(rain_mm_h: Floats, leads: int, *, seed: int) -> Floats:
    """Rain as a mediocre forecast would have told it: amounts wrong by a factor that grows with the
    lead, showers an hour or two early or late, a tenth of the wet hours missed or invented."""
    dice = np.random.default_rng(seed)
    known = rain_known(rain_mm_h, leads)
    late_h = np.rint(dice.normal(0, 0.6, len(known)) * 1.5).astype(int)
    lead = np.clip(np.arange(leads)[None, :] + late_h[:, None], 0, leads - 1)
    moved = np.take_along_axis(known, lead, axis=1)
    spread = 0.3 + 0.02 * np.arange(1, leads + 1)
    factor = np.exp(dice.normal(0, 1, moved.shape) * spread - spread**2 / 2)
    missed = dice.random(moved.shape) < 0.1
    invented = (dice.random(moved.shape) < 0.01) * dice.exponential(1.5, moved.shape)
    return np.where(missed, 0.0, moved * factor) + invented


def no_rain(rows: int, leads: int) -> Floats:
    """What is assumed where nobody forecasts rain."""
    return np.zeros((rows, leads))
