"""Does a building swing otherwise than its temperature explains?

Frequencies fall a little as it gets warm and jump when it freezes. What is usual is learned from
the building itself, as a line with a bend at 0 °C for each mode and the spread around it; limits
are empirical (the 99.5 % quantile of the healthy distance), because healthy drift is autocorrelated
and far from Gaussian. Principal components are not taken out: damage hides in them
(Deraemaeker et al. 2008; on the Yonghe bridge it cost all detection).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LIMIT_QUANTILE = 0.995
LEAST_WINDOWS = 24 * 28
PERSISTENT_WINDOWS = 6  # an alarm is the median of so many hours


@dataclass(frozen=True, eq=False)
class Baseline:
    """What is usual: by mode, constant and slopes below and above 0 °C; how errors hang together;
    the limit. Learned once from windows that people hold to be healthy, and never from what came
    after an alarm."""

    coefficients: Floats
    precision: Floats
    limit: float
    temperature_c: tuple[float, float]

    def expected(self, temperature_c: Floats) -> Floats:
        expected: Floats = _bends(temperature_c) @ self.coefficients
        return expected

    def distance(self, frequencies_hz: Floats, temperature_c: Floats) -> Floats:
        """Mahalanobis distance of each window; NaN where a mode was not found."""
        error = frequencies_hz - self.expected(temperature_c)
        squared = np.einsum("ij,jk,ik->i", error, self.precision, error)
        distance: Floats = np.sqrt(squared)
        return distance

    def written(self) -> dict[str, Any]:
        return {
            "coefficients": self.coefficients.tolist(),
            "precision": self.precision.tolist(),
            "limit": self.limit,
            "temperature_c": list(self.temperature_c),
        }


def baseline_of(written: dict[str, Any]) -> Baseline:
    low, high = written["temperature_c"]
    return Baseline(
        np.array(written["coefficients"]), np.array(written["precision"]), written["limit"],
        (low, high),
    )  # fmt: skip


def learn(frequencies_hz: Floats, temperature_c: Floats) -> Baseline:
    """Learn from healthy windows, by mode.

    Lines and spread come from the first two thirds of alternating weeks, the limit from the rest,
    which the lines have not seen.

    Raises:
        ValueError: less than four weeks of hours with all modes.
    """
    whole = np.isfinite(frequencies_hz).all(axis=1) & np.isfinite(temperature_c)
    told, warm = frequencies_hz[whole], temperature_c[whole]
    if len(told) < LEAST_WINDOWS:
        raise ValueError("Four weeks of hours with all modes are needed.")
    kept_back = (np.arange(len(told)) // (24 * 7)) % 3 == 2
    coefficients = np.linalg.lstsq(_bends(warm[~kept_back]), told[~kept_back], rcond=None)[0]
    error = told - _bends(warm) @ coefficients
    spread = np.cov(error[~kept_back].T) + 1e-12 * np.eye(told.shape[1])
    precision = np.asarray(np.linalg.inv(spread), dtype=np.float64)
    squared = np.einsum("ij,jk,ik->i", error, precision, error)
    smooth = running_median(np.sqrt(squared), PERSISTENT_WINDOWS)
    seen, unseen = smooth[~kept_back], smooth[kept_back]
    limit = max(np.nanquantile(seen, LIMIT_QUANTILE), np.nanquantile(unseen, LIMIT_QUANTILE))
    return Baseline(coefficients, precision, float(limit), (float(warm.min()), float(warm.max())))


def is_novel(
    baseline: Baseline, frequencies_hz: Floats, temperature_c: Floats
) -> NDArray[np.bool_]:
    """Whether each window, with the five before it, lies beyond the limit. Windows outside the
    temperatures that were learned from say nothing: no alarm is made from ignorance."""
    distance = baseline.distance(frequencies_hz, temperature_c)
    low, high = baseline.temperature_c
    known = (temperature_c >= low - 2.0) & (temperature_c <= high + 2.0)
    novel: NDArray[np.bool_] = known & (
        running_median(distance, PERSISTENT_WINDOWS) > baseline.limit
    )
    return novel


def running_median(values: Floats, windows: int) -> Floats:
    """The median of each value and those before it; NaN until there are enough."""
    padded = np.concatenate([np.full(windows - 1, np.nan), values])
    medians: Floats = np.median(np.lib.stride_tricks.sliding_window_view(padded, windows), axis=1)
    return medians


def _bends(temperature_c: Floats) -> Floats:
    """Constant, slope below freezing, slope above."""
    cold, warm = np.minimum(temperature_c, 0.0), np.maximum(temperature_c, 0.0)
    return np.stack([np.ones_like(temperature_c), cold, warm], axis=1)
