"""Finding GR4H's parameters from years of rain and discharge."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import differential_evolution

from apps.hazards.core.gr4h import Catchment, Floats, run

# Of the logarithms of stores and time base, and of exchange as it is.
_BOUNDS = (
    (np.log(10), np.log(3000)),
    (-10.0, 5.0),
    (np.log(5), np.log(1000)),
    (np.log(1), np.log(72)),
)
WARM_UP_H = 24 * 90


def calibrate(
    rain_mm_h: Floats,
    evaporation_mm_h: Floats,
    discharge_mm_h: Floats,
    *,
    seed: int = 1,
    rounds: int = 60,
    progress: Callable[[float], None] = lambda _share: None,
) -> Catchment:
    """The parameters with the least squared error of √discharge and discharge together, so that
    neither floods nor the recession alone decide. Hours without a discharge (NaN) do not count.

    Raises:
        ValueError: less than half a year of observed hours.
    """
    counted = np.isfinite(discharge_mm_h)
    counted[:WARM_UP_H] = False
    if counted.sum() < 24 * 180:
        raise ValueError("Calibration needs half a year of discharge beside the rain.")
    observed = discharge_mm_h[counted]
    spread, root_spread = observed.var(), np.sqrt(observed).var()

    def loss(point: Any) -> float:
        flow = run(_catchment(point), rain_mm_h, evaporation_mm_h).discharge_mm_h[counted]
        squares = np.mean((flow - observed) ** 2) / spread
        roots = np.mean((np.sqrt(flow) - np.sqrt(observed)) ** 2) / root_spread
        return float(squares + 0.5 * roots)

    found = differential_evolution(
        loss, _BOUNDS, seed=seed, maxiter=rounds, popsize=10, tol=1e-6,
        callback=lambda _point, convergence: progress(min(1.0, convergence)),
    )  # fmt: skip
    return _catchment(found.x)


def _catchment(point: Any) -> Catchment:
    production, exchange, routing, base = point
    return Catchment(
        float(np.exp(production)), float(exchange), float(np.exp(routing)), float(np.exp(base))
    )
