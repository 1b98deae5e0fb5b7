"""Forecasts of speed beside persistence, on days of a small city that the model has not seen.

The city is a grid of one-way queues with a limited room each: demand follows the hour, differs from
day to day and wavers within it, accidents take capacity away, and a full link holds up those before
it. Speeds are what its detectors would see, with their noise. The forecast knows none of this.
"""

from collections.abc import Iterator

import numpy as np

from apps.traffic.core import forecast
from apps.traffic.core.forecast import HORIZONS_MIN, SLOTS_A_DAY, Floats
from benchmarks.report import Metric

ROWS, COLUMNS = 5, 6
CAPACITY = 150.0  # vehicles in five minutes
ROOM = 60.0  # vehicles that find room on a link beyond those that move
NOISE = 0.03
ACCIDENTS_A_DAY = 3.0


def measure(quick: bool) -> Iterator[Metric]:
    days = 14 if quick else 42
    shares, kinds, meets = city(days + 7, np.random.default_rng(2026))
    model = forecast.train(shares[:days], kinds[:days], meets)
    by_horizon: dict[str, list[float]] = {str(minutes): [] for minutes in HORIZONS_MIN}
    for day, kind in zip(shares[days:], kinds[days:], strict=True):
        for minutes, cut in forecast.skill(model, day, kind, meets).items():
            by_horizon[minutes].append(cut)
    for minutes, cuts in by_horizon.items():
        case = f"in {minutes} min, {days} days learnt, 7 unseen"
        yield Metric("speed_forecast_skill", case, float(np.mean(cuts)), "1", "persistence", 0.0)


def city(days: int, chance: np.random.Generator) -> tuple[Floats, list[int], Floats]:
    """Shares of free speed by day, slot, link; kinds of days; which links meet."""
    n = ROWS * COLUMNS
    shares, kinds = np.empty((days, SLOTS_A_DAY, n)), [0 if d % 7 < 5 else 1 for d in range(days)]
    capacity = CAPACITY * chance.uniform(0.85, 1.15, (ROWS, COLUMNS))
    for day, kind in enumerate(kinds):
        shares[day] = _day(kind, capacity, chance).reshape(SLOTS_A_DAY, n)
    ends = [(r * 100 + c, r * 100 + c + 1) for r in range(ROWS) for c in range(COLUMNS)]
    return shares, kinds, forecast.neighbours(ends)


def _day(kind: int, capacity: Floats, chance: np.random.Generator) -> Floats:
    waiting = np.zeros((ROWS, COLUMNS))
    seen = np.empty((SLOTS_A_DAY, ROWS, COLUMNS))
    level, wavers = chance.normal(1.0, 0.1, ROWS), np.zeros(ROWS)
    accidents = _accidents(chance)
    for slot in range(SLOTS_A_DAY):
        wavers = 0.9 * wavers + chance.normal(0.0, 0.05, ROWS)
        inflow = CAPACITY * _demand(kind, slot / 12) * np.maximum(level + wavers, 0.0)
        may_pass = capacity * accidents[slot]
        for column in range(COLUMNS):
            room = ROOM if column == COLUMNS - 1 else None
            inflow = _move(waiting, column, inflow, may_pass[:, column], room)
        seen[slot] = 1.0 / (1.0 + (waiting / 30.0))
    return np.clip(seen * (1.0 + chance.normal(0.0, NOISE, seen.shape)), 0.02, 1.1)


def _move(
    waiting: Floats, column: int, inflow: Floats, may_pass: Floats, exit_room: float | None
) -> Floats:
    """Who leaves a column: no more than it can take and than there is room for behind it."""
    waiting[:, column] += inflow
    if exit_room is None:
        room = np.maximum(ROOM + may_pass - waiting[:, column + 1], 0.0)
        may_pass = np.minimum(may_pass, room)
    leaving = np.minimum(waiting[:, column], may_pass)
    waiting[:, column] -= leaving
    found: Floats = leaving
    return found


def _demand(kind: int, hour: float) -> float:
    """Share of capacity that wants in."""
    if kind == 1:
        return float(0.15 + 0.6 * np.exp(-(((hour - 14) / 4) ** 2)))
    morning = np.exp(-(((hour - 8.2) / 1.0) ** 2))
    evening = np.exp(-(((hour - 18.0) / 1.3) ** 2))
    return float(0.2 + 0.85 * morning + 0.9 * evening)


def _accidents(chance: np.random.Generator) -> Floats:
    """What is left of capacity: an accident takes most of a link's for half an hour or more."""
    left = np.ones((SLOTS_A_DAY, ROWS, COLUMNS))
    for _ in range(chance.poisson(ACCIDENTS_A_DAY)):
        begin, lasts = int(chance.integers(60, 250)), int(chance.integers(5, 15))
        row, column = chance.integers(ROWS), chance.integers(COLUMNS)
        left[begin : begin + lasts, row, column] = chance.uniform(0.2, 0.6)
    return left
