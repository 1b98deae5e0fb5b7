"""GR4H: four parameters between rain and river, hour by hour.

Mathevet (2005), "Quels modèles pluie-débit globaux au pas de temps horaire?"; the daily form is
Perrin, Michel & Andréassian (2003), J. Hydrology 279. All water is in millimetres over the
catchment. A production store makes net rain, two unit hydrographs spread it, a routing store and a
direct branch bring it to the gauge.
"""

from dataclasses import astuple, dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNIT_HYDROGRAPH_H = 480
_PERCOLATION = 5.25**4  # (21/4)⁴, the hourly form of the daily (9/4)⁴
_UH_EXPONENT = 1.25


@dataclass(frozen=True, slots=True)
class Catchment:
    """The four parameters."""

    production_mm: float
    exchange_mm_h: float
    routing_mm: float
    base_h: float

    def __post_init__(self) -> None:
        if min(self.production_mm, self.routing_mm) <= 0 or not 0.5 <= self.base_h <= 200:
            raise ValueError("GR4H's stores are positive, its time base lies in 0.5 to 200 h.")


@dataclass(frozen=True, slots=True)
class Run:
    """Discharge, and how full the stores were (0 to 1) after each hour."""

    discharge_mm_h: Floats
    production: Floats
    routing: Floats


def run(catchment: Catchment, rain_mm_h: Floats, evaporation_mm_h: Floats) -> Run:
    """Run over equal hours without gaps; stores begin at 30 and 50 %. Give a year to warm up."""
    parameters = np.array(astuple(catchment))
    fast, slow = unit_hydrographs(catchment.base_h)
    return Run(*_run(parameters, fast, slow, rain_mm_h, evaporation_mm_h))


def run_ahead(
    catchment: Catchment,
    rain_mm_h: Floats,
    evaporation_mm_h: Floats,
    observed_mm_h: Floats,
    *,
    rows: NDArray[np.int64],
    rain_ahead_mm_h: Floats,
) -> tuple[Floats, Floats]:
    """From each hour in `rows` (ascending) forward under the rain foreseen at that hour.

    Returns discharge by row and lead, twice: from the stores as they ran, and from a routing store
    put so that it yields what was observed at that hour (level updating).
    """
    parameters = np.array(astuple(catchment))
    fast, slow = unit_hydrographs(catchment.base_h)
    as_run, updated = _run_ahead(
        parameters, fast, slow, rain_mm_h, evaporation_mm_h, observed_mm_h, rows, rain_ahead_mm_h
    )
    return as_run, updated


def unit_hydrographs(base_h: float) -> tuple[Floats, Floats]:
    """Ordinates of the routed (base `base_h`) and the direct branch (twice as long)."""
    hours = np.arange(UNIT_HYDROGRAPH_H + 1, dtype=np.float64)
    rising = np.minimum(hours / base_h, 1.0) ** _UH_EXPONENT
    falling = 1.0 - 0.5 * np.clip(2.0 - hours / base_h, 0.0, 1.0) ** _UH_EXPONENT
    direct = np.where(hours <= base_h, 0.5 * rising, falling)
    return _trimmed(np.diff(rising)), _trimmed(np.diff(direct))


def _trimmed(ordinates: Floats) -> Floats:
    return np.ascontiguousarray(ordinates[: max(1, int(np.flatnonzero(ordinates > 0)[-1]) + 1)])


@njit(cache=True, nogil=True)
def _run(
    parameters: Floats, fast: Floats, slow: Floats, rain: Floats, evaporation: Floats
) -> tuple[Floats, Floats, Floats]:
    x1, x3 = parameters[0], parameters[2]
    hours = len(rain)
    out, filled, routed = np.empty(hours), np.empty(hours), np.empty(hours)
    coming_fast, coming_slow = np.zeros(len(fast) + 1), np.zeros(len(slow) + 1)
    stores = np.array([0.3 * x1, 0.5 * x3])
    for hour in range(hours):
        out[hour], _direct = _step(
            parameters, fast, slow, stores, coming_fast, coming_slow, rain[hour], evaporation[hour]
        )
        filled[hour], routed[hour] = stores[0] / x1, stores[1] / x3
    return out, filled, routed


@njit(cache=True, nogil=True)
def _run_ahead(
    parameters: Floats, fast: Floats, slow: Floats, rain: Floats, evaporation: Floats,
    observed: Floats, rows: NDArray[np.int64], rain_ahead: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    leads = rain_ahead.shape[1]
    as_run, updated = np.empty((len(rows), leads)), np.empty((len(rows), leads))
    coming_fast, coming_slow = np.zeros(len(fast) + 1), np.zeros(len(slow) + 1)
    stores = np.array([0.3 * parameters[0], 0.5 * parameters[2]])
    row = 0
    for hour in range(len(rain)):
        _flow, direct = _step(
            parameters, fast, slow, stores, coming_fast, coming_slow, rain[hour], evaporation[hour]
        )
        while row < len(rows) and rows[row] == hour:
            told = stores.copy()
            if np.isfinite(observed[hour]):
                told[1] = _routing_after(max(observed[hour] - direct, 1e-6), parameters[2])
            for ahead, out in ((stores.copy(), as_run[row]), (told, updated[row])):
                own_fast, own_slow = coming_fast.copy(), coming_slow.copy()
                for lead in range(leads):
                    out[lead], _direct = _step(
                        parameters, fast, slow, ahead, own_fast, own_slow,
                        rain_ahead[row, lead], evaporation[hour],
                    )  # fmt: skip
            row += 1
    return as_run, updated


@njit(cache=True, nogil=True)
def _routing_after(flow: float, x3: float) -> float:
    """What is left in a routing store that has just released `flow` (bisection on its level)."""
    low, high = 0.0, 20.0 * x3
    for _ in range(60):
        middle = 0.5 * (low + high)
        if middle * (1.0 - (1.0 + (middle / x3) ** 4) ** -0.25) < flow:
            low = middle
        else:
            high = middle
    return max(0.0, high - flow)


@njit(cache=True, nogil=True)
def _step(
    parameters: Floats, fast: Floats, slow: Floats, stores: Floats, coming_fast: Floats,
    coming_slow: Floats, rain: float, evaporation: float,
) -> tuple[float, float]:  # fmt: skip
    """One hour; changes stores and what is on its way. Discharge, and its direct part."""
    x1, x2, x3 = parameters[0], parameters[1], parameters[2]
    stores[0], net = _produce(x1, stores[0], rain, evaporation)
    for i in range(len(fast)):
        coming_fast[i] = coming_fast[i + 1] + 0.9 * net * fast[i]
    for i in range(len(slow)):
        coming_slow[i] = coming_slow[i + 1] + 0.1 * net * slow[i]
    exchange = x2 * (stores[1] / x3) ** 3.5
    routing = max(0.0, stores[1] + coming_fast[0] + exchange)
    flow = routing * (1.0 - (1.0 + (routing / x3) ** 4) ** -0.25)
    stores[1] = routing - flow
    direct = max(0.0, coming_slow[0] + exchange)
    return flow + direct, direct


@njit(cache=True, nogil=True)
def _produce(x1: float, store: float, rain: float, evaporation: float) -> tuple[float, float]:
    """The production store after one hour, and the net rain that leaves it."""
    level = store / x1
    if rain >= evaporation:
        wet = np.tanh(min((rain - evaporation) / x1, 13.0))
        gain = x1 * (1.0 - level * level) * wet / (1.0 + level * wet)
        net = rain - evaporation - gain
        store += gain
    else:
        dry = np.tanh(min((evaporation - rain) / x1, 13.0))
        store -= store * (2.0 - level) * dry / (1.0 + (1.0 - level) * dry)
        net = 0.0
    percolated = store * (1.0 - (1.0 + (store / x1) ** 4 / _PERCOLATION) ** -0.25)
    return store - percolated, net + percolated
