"""Tuning a bay classifier's last layer to one lot by staff's answers; NumPy alone.

Logistic regression over the network's features, drawn towards the usual layer so that sixty answers
are enough (the prior of maximum a posteriori, fitted by Newton's method). What it is worth is told
by bays it was not taught by: folds of whole bays, because one bay looks alike from day to day.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

FOLDS = 5
# How strongly it is held to the usual layer, in answers that say otherwise.
DRAWN = 2.0
ROUNDS = 25


@dataclass(frozen=True, eq=False)
class Layer:
    """logit = weights · features + bias; above 0 the bay is taken."""

    weights: Floats
    bias: float

    def logits(self, features: Floats) -> Floats:
        return np.asarray(features @ self.weights + self.bias)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Balanced accuracy on bays that were held out, before and after."""

    layer: Layer
    before: float
    after: float


def teach(features: Floats, taken: Floats, bays: Integers, usual: Layer) -> Lesson:
    """`taken` is 1 or 0 for each row, `bays` says which bay a row shows.

    Raises:
        ValueError: fewer than two bays, or all answers alike.
    """
    if len(set(bays.tolist())) < 2 or len(set(taken.tolist())) < 2:
        raise ValueError("Answers on two bays at least are needed, taken and free ones.")
    held_out = np.empty(len(taken))
    fold = _folds(bays)
    for one in range(fold.max() + 1):
        rest = fold != one
        layer = fit(features[rest], taken[rest], usual) if len(set(taken[rest])) == 2 else usual
        held_out[~rest] = layer.logits(features[~rest])
    return Lesson(
        layer=fit(features, taken, usual),
        before=balanced_accuracy(usual.logits(features), taken),
        after=balanced_accuracy(held_out, taken),
    )


def fit(features: Floats, taken: Floats, usual: Layer) -> Layer:
    x = np.column_stack([features, np.ones(len(features))])
    start = np.append(usual.weights, usual.bias).astype(np.float64)
    # Each feature is drawn by its own spread, so that none is free because it is small.
    draw = DRAWN * np.append(np.maximum(features.var(axis=0), 1e-3), 0.05)
    weights = start.copy()
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (chance - taken) + draw * (weights - start)
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(draw)
        step = np.linalg.solve(bend, slope)
        weights = weights - step * min(1.0, 2.0 / max(float(np.abs(x @ step).max()), 1e-9))
        if float(np.abs(step).max()) < 1e-6:
            break
    return Layer(weights[:-1], float(weights[-1]))


def balanced_accuracy(logits: Floats, taken: Floats) -> float:
    says = logits > 0
    return float((says[taken > 0.5].mean() + (~says[taken < 0.5]).mean()) / 2)


def _folds(bays: Integers) -> Integers:
    """Whole bays, dealt out in turn."""
    _names, which = np.unique(bays, return_inverse=True)
    return np.asarray(which % min(FOLDS, which.max() + 1))
