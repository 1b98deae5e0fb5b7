"""How good forecasts and decisions were."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def nash_sutcliffe(observed: Floats, forecast: Floats) -> float:
    """1 is perfect, 0 is as good as the mean (Nash & Sutcliffe 1970)."""
    return 1.0 - _squares(observed, forecast) / _squares(observed, np.full(1, observed.mean()))


def persistence_index(observed: Floats, forecast: Floats, at_issue: Floats) -> float:
    """1 is perfect, 0 is as good as "it stays as it is" (Kitanidis & Bras 1980)."""
    return 1.0 - _squares(observed, forecast) / _squares(observed, at_issue)


def coverage(observed: Floats, low: Floats, high: Floats) -> float:
    """The share of observations within the band."""
    return float(np.mean((observed >= low) & (observed <= high)))


def brier_skill(truth: Flags, probability: Floats) -> float:
    """1 is perfect, 0 is as good as always saying how often it happens."""
    usual = truth.mean()
    return float(1.0 - np.mean((probability - truth) ** 2) / (usual * (1.0 - usual)))


@dataclass(frozen=True, slots=True)
class Score:
    """Of yes-or-no forecasts: hits, misses, false alarms."""

    hits: int
    misses: int
    false_alarms: int

    @property
    def detected(self) -> float:
        return _share(self.hits, self.hits + self.misses)

    @property
    def false_alarm_ratio(self) -> float:
        return _share(self.false_alarms, self.hits + self.false_alarms)

    @property
    def critical_success(self) -> float:
        return _share(self.hits, self.hits + self.misses + self.false_alarms)


def score(truth: Flags, said: Flags) -> Score:
    return Score(int((truth & said).sum()), int((truth & ~said).sum()), int((~truth & said).sum()))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _squares(one: Floats, other: Floats) -> float:
    return float(((one - other) ** 2).sum())
