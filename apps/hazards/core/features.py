"""What the trees are told about an hour: the river, the rain, and what the model makes of both."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.hazards.core.gr4h import Catchment, run, run_ahead
from apps.hazards.core.history import Floats, History, fill_gaps

MAX_LEAD_H = 24
_LAGS_H = (1, 2, 3, 6, 12, 24)
_PAST_H = (1, 3, 6, 12, 24, 72, 240)


@dataclass(frozen=True, eq=False)
class View:
    """A catchment seen from some of its hours (`rows`): the past, and GR4H run ahead of each."""

    rows: NDArray[np.int64]
    discharge: Floats
    error: Floats  # observed less modelled, every hour
    modelled: Floats
    production: Floats
    routing: Floats
    rain_sums: Floats  # cumulated, one longer
    rain_ahead: Floats
    as_run: Floats
    updated: Floats

    def past(self, series: Floats, lag_h: int) -> Floats:
        past: Floats = series[np.maximum(self.rows - lag_h, 0)]
        return past

    def rained(self, hours: int) -> Floats:
        after = self.rows + 1
        rained: Floats = self.rain_sums[after] - self.rain_sums[np.maximum(after - hours, 0)]
        return rained


def look(
    catchment: Catchment, history: History, *, rows: NDArray[np.int64], rain_ahead_mm_h: Floats
) -> View:
    """See the catchment from `rows`; `rain_ahead_mm_h` has a row for each of them."""
    ran = run(catchment, history.rain_mm_h, history.evaporation_mm_h)
    as_run, updated = run_ahead(
        catchment, history.rain_mm_h, history.evaporation_mm_h, history.discharge_mm_h,
        rows=rows, rain_ahead_mm_h=rain_ahead_mm_h,
    )  # fmt: skip
    discharge = fill_gaps(history.discharge_mm_h)
    return View(
        rows=rows,
        discharge=discharge,
        error=discharge - ran.discharge_mm_h,
        modelled=ran.discharge_mm_h,
        production=ran.production,
        routing=ran.routing,
        rain_sums=np.concatenate([[0.0], np.cumsum(history.rain_mm_h)]),
        rain_ahead=rain_ahead_mm_h,
        as_run=as_run,
        updated=updated,
    )


def errors(view: View, lead_h: int) -> Floats:
    """What the linear correction reads: recent errors, and what level updating would change."""
    lags = [view.past(view.error, lag) for lag in (0, 1, 3, 12, 24)]
    return np.stack([*lags, view.updated[:, lead_h - 1] - view.as_run[:, lead_h - 1]], axis=1)


def features(view: View, lead_h: int) -> Floats:
    """A row of numbers for each hour, for one lead."""
    as_run, updated = view.as_run[:, lead_h - 1], view.updated[:, lead_h - 1]
    ahead = view.rain_ahead[:, :lead_h]
    now = view.past(view.modelled, 0)
    columns = [
        view.past(view.discharge, 0), *(view.past(view.discharge, lag) for lag in _LAGS_H),
        view.past(view.error, 0), *(view.past(view.error, lag) for lag in _LAGS_H),
        as_run, updated, updated - as_run, now, as_run - now,
        *(view.rained(hours) for hours in _PAST_H),
        view.past(view.production, 0), view.past(view.routing, 0),
        ahead.sum(axis=1), ahead[:, : max(1, lead_h // 2)].sum(axis=1), ahead[:, -3:].sum(axis=1),
    ]  # fmt: skip
    return np.stack(columns, axis=1)
