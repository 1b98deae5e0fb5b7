"""Will a level be exceeded within some hours? Trees for the odds, made honest by a logistic line.

The question is asked at hours that are still below the level; above it the answer is observed.
Floods are rare, so it is asked of neighbouring levels as well: the trees see everything as shares
of the level and learn what it means to come near one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.hazards.core.calibration import WARM_UP_H
from apps.hazards.core.features import View, features
from apps.hazards.core.forest import Forest, forest_of, grow
from apps.hazards.core.history import Floats

_FOLDS = 3
TREES = 100
_NEIGHBOURS = (1.0, 0.75, 1.4)


@dataclass(frozen=True, eq=False)
class Exceedance:
    """The level in mm/h and the window in hours belong to what was learned."""

    level_mm_h: float
    window_h: int
    forests: tuple[Forest, ...]
    calibration: Floats  # constant and slope on the trees' log-odds (Platt 1999)

    def probability(self, view: View) -> Floats:
        told = asked(view, self.level_mm_h, self.window_h)
        odds = np.mean([forest.predict(told) for forest in self.forests], axis=0)
        chance: Floats = 1.0 / (1.0 + np.exp(-(self.calibration[0] + self.calibration[1] * odds)))
        return chance

    def arrays(self) -> dict[str, NDArray[Any]]:
        kept = {
            "exceedance.level": np.array(self.level_mm_h),
            "exceedance.window": np.array(self.window_h),
            "exceedance.forests": np.array(len(self.forests)),
            "exceedance.calibration": self.calibration,
        }
        for number, forest in enumerate(self.forests):
            kept |= forest.arrays(f"exceedance.{number}")
        return kept


def exceedance_of(arrays: Mapping[str, NDArray[Any]]) -> Exceedance:
    """What `Exceedance.arrays` gave."""
    count = int(arrays["exceedance.forests"])
    return Exceedance(
        float(arrays["exceedance.level"]),
        int(arrays["exceedance.window"]),
        tuple(forest_of(arrays, f"exceedance.{number}") for number in range(count)),
        arrays["exceedance.calibration"],
    )


def asked(view: View, level_mm_h: float, window_h: int) -> Floats:
    """What the trees are told: the features of the window's end, and how near the level is."""
    ahead = view.updated[:, :window_h]
    rain = view.rain_ahead[:, :window_h]
    near = np.stack(
        [
            ahead.max(axis=1) / level_mm_h, view.as_run[:, :window_h].max(axis=1) / level_mm_h,
            view.past(view.discharge, 0) / level_mm_h,
            (view.past(view.discharge, 0) - view.past(view.discharge, 1)) / level_mm_h,
            rain.sum(axis=1), rain.max(axis=1),
        ],
        axis=1,
    )  # fmt: skip
    return np.hstack([features(view, window_h), near])


def came_true(view: View, level_mm_h: float, window_h: int) -> tuple[Floats, NDArray[np.bool_]]:
    """By row: whether the level was exceeded within the window (NaN past the record's end), and
    whether the question arises, the river being below the level."""
    padded = np.concatenate([view.discharge, np.full(window_h, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded[1:], window_h)[view.rows]
    highest = windows.max(axis=1)
    truth = np.where(np.isfinite(highest), highest > level_mm_h, np.nan)
    return truth, view.past(view.discharge, 0) <= level_mm_h


def train_exceedance(
    view: View, *, level_mm_h: float, window_h: int, trees: int = TREES
) -> Exceedance:
    """Learn from a view with a row for every hour.

    Raises:
        ValueError: the level was exceeded in too few hours to learn anything from.
    """
    from sklearn.linear_model import LogisticRegression  # heavy: the worker's alone

    told, truth, hours = _cases(view, level_mm_h, window_h)
    asked_for = hours[:, 1] == 0
    if truth[asked_for].sum() < 24:
        raise ValueError("The level was hardly ever exceeded: there is nothing to learn from.")
    foreign = np.full(len(truth), np.nan)
    for fold in np.array_split(np.unique(hours[:, 0]), _FOLDS):
        inside = np.isin(hours[:, 0], fold)
        foreign[inside] = _grow(told, truth, np.flatnonzero(~inside), 0, trees).predict(
            told[inside]
        )
    calibrated = LogisticRegression(C=1e6).fit(foreign[asked_for, None], truth[asked_for])
    line = np.array([calibrated.intercept_[0], calibrated.coef_[0, 0]])
    every = np.arange(len(truth))
    return Exceedance(
        level_mm_h,
        window_h,
        tuple(_grow(told, truth, every, seed, trees) for seed in range(2)),
        line,
    )


def _cases(
    view: View, level_mm_h: float, window_h: int
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """What was told, what came true, and (hour, which neighbour of the level) of each case."""
    told, truths, hours = [], [], []
    for number, share in enumerate(_NEIGHBOURS):
        truth, below = came_true(view, share * level_mm_h, window_h)
        usable = np.isfinite(truth) & below & (view.rows >= WARM_UP_H)
        told.append(asked(view, share * level_mm_h, window_h)[usable])
        truths.append(truth[usable])
        hours.append(np.stack([view.rows[usable], np.full(usable.sum(), number)], axis=1))
    return np.concatenate(told), np.concatenate(truths), np.concatenate(hours)


def _grow(told: Floats, truth: Floats, rows: NDArray[np.int64], seed: int, trees: int) -> Forest:
    return grow(told[rows], truth[rows], loss="log_loss", trees=trees, seed=seed)
