"""Floods that were: spells above a level, and which of them looked like this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

APART_H = 24


@dataclass(frozen=True, slots=True)
class Event:
    """Rows of a record: first and last hour above the level, the peak, and the rain that led to
    it (from a day before the beginning)."""

    first: int
    last: int
    peak_row: int
    peak: float
    rain_mm: float


def events_above(values: Floats, rain_mm_h: Floats, level: float) -> list[Event]:
    """Spells above a level; those less than a day apart are one."""
    above = np.flatnonzero(np.nan_to_num(values, nan=-np.inf) > level)
    if not len(above):
        return []
    breaks = np.flatnonzero(np.diff(above) > APART_H)
    starts, ends = (
        above[np.concatenate([[0], breaks + 1])],
        above[np.append(breaks, len(above) - 1)],
    )
    return [
        _event(values, rain_mm_h, int(first), int(last))
        for first, last in zip(starts, ends, strict=True)
    ]


def _event(values: Floats, rain_mm_h: Floats, first: int, last: int) -> Event:
    peak_row = first + int(np.nanargmax(values[first : last + 1]))
    rain = float(rain_mm_h[max(0, first - 24) : peak_row + 1].sum())
    return Event(first, last, peak_row, float(values[peak_row]), rain)


def most_alike(
    events: Sequence[Event], *, peak: float, rain_mm: float, count: int = 3
) -> list[Event]:
    """The events nearest in height and rain, both as ratios."""

    def far(event: Event) -> float:
        higher = abs(log(max(event.peak, 1e-6) / max(peak, 1e-6)))
        wetter = abs(log((event.rain_mm + 5) / (rain_mm + 5)))
        return higher + 0.5 * wetter

    return sorted(events, key=far)[:count]
