"""Birmingham's car parks on a grid of half hours, and the split that others were measured on.

28 parks (one has no days left, one is broken), 08:00 to 16:30, shares cut to 0–1; learned from
2016-10-04 to 11-27, tested on 2016-11-28 to 12-19 (Christmas market: a strong drift).
"""

import csv
from datetime import date, datetime, timedelta

import numpy as np

from apps.parking.core.forecasting.grid import Floats, Grid, Integers
from benchmarks.samples import sample_path

BROKEN = ("BHMBRTARC01", "NIA North")
STEP_MIN = 30
MONDAY = date(2016, 10, 3)
LEARN_TO, TEST_FROM, TEST_TO = date(2016, 11, 21), date(2016, 11, 28), date(2016, 12, 20)
OPENS, CLOSES = 16, 33  # slots of the day


def read_grid() -> Grid:
    """The reading nearest to each half hour."""
    nearest: dict[str, dict[datetime, tuple[float, float]]] = {}
    capacity: dict[str, float] = {}
    with sample_path("parking/birmingham_parking.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            code = row["SystemCodeNumber"]
            if code not in BROKEN:
                capacity[code] = float(row["Capacity"])
                share = min(max(int(row["Occupancy"]) / capacity[code], 0.0), 1.0)
                _keep(
                    nearest.setdefault(code, {}), datetime.fromisoformat(row["LastUpdated"]), share
                )
    codes = sorted(nearest)
    days = (TEST_TO - MONDAY).days + 1
    grid = np.full((len(codes), days * 48), np.nan)
    for row_number, code in enumerate(codes):
        for slot_at, (_apart, share) in nearest[code].items():
            column = _column(slot_at.date()) + slot_at.hour * 2 + slot_at.minute // 30
            if OPENS <= column % 48 <= CLOSES:
                grid[row_number, column] = share
    return Grid(grid, STEP_MIN, 0, np.array([capacity[code] for code in codes]))


def _keep(kept: dict[datetime, tuple[float, float]], at: datetime, share: float) -> None:
    slots = round((at.minute * 60 + at.second) / 1800)
    slot_at = at.replace(minute=0, second=0) + timedelta(minutes=30 * slots)
    apart = abs((at - slot_at).total_seconds())
    if slot_at not in kept or apart < kept[slot_at][0]:
        kept[slot_at] = (apart, share)


def _column(day: date) -> int:
    return (day - MONDAY).days * 48


def origins(grid: Grid, first: date, last: date, ahead: int) -> Integers:
    """Columns within opening hours whose horizon ends within them, of the days first … last − 1."""
    every = np.arange(_column(first), _column(last))
    slot = grid.slot_of_day(every)
    return every[(slot >= OPENS) & (slot + ahead <= CLOSES)]


def outcomes(grid: Grid, at: Integers, ahead: int) -> tuple[Floats, Floats]:
    """(present, truth), NaN where either is not known."""
    now, then = grid.taken(at), grid.taken(at + ahead)
    unknown = np.isnan(now) | np.isnan(then)
    return np.where(unknown, np.nan, now), np.where(unknown, np.nan, then)
