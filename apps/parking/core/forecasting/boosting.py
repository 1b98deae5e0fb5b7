"""Boosted trees as plain arrays: learned by scikit-learn, kept and read without it.

A tree is five parallel arrays (feature, threshold, left, right, value); a leaf has feature -1 and
an unknown feature goes where the tree learned to send it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.parking.core.forecasting.grid import Floats, Integers

TREES = 200
MOST_ROWS = 120_000


@dataclass(frozen=True)
class Trees:
    """All trees one after the other; `starts` says where each begins."""

    starts: Integers
    feature: Integers
    threshold: Floats
    left: Integers
    right: Integers
    missing_left: NDArray[np.bool_]
    value: Floats
    base: Floats  # one number

    def predict(self, rows: Floats) -> Floats:
        found = np.full(len(rows), float(self.base[0]))
        for start in self.starts:
            found += self.value[self._leaves(rows, int(start))]
        return found

    def _leaves(self, rows: Floats, start: int) -> Integers:
        at = np.full(len(rows), start)
        each = np.arange(len(rows))
        while (inner := self.feature[at] >= 0).any():
            asked = rows[each, np.maximum(self.feature[at], 0)]
            goes_left = np.where(
                np.isnan(asked), self.missing_left[at], asked <= self.threshold[at]
            )
            below = np.where(goes_left, self.left[at], self.right[at])
            at = np.where(inner, below, at)
        return at


def learn(rows: Floats, target: Floats, *, seed: int = 0) -> Trees:
    """Boosting on absolute errors: a few odd days must not rule it."""
    from sklearn.ensemble import HistGradientBoostingRegressor  # heavy: the worker's alone
    from threadpoolctl import threadpool_limits

    if len(rows) > MOST_ROWS:
        chosen = np.random.default_rng(seed).choice(len(rows), MOST_ROWS, replace=False)
        rows, target = rows[chosen], target[chosen]
    booster = HistGradientBoostingRegressor(
        loss="absolute_error", max_iter=TREES, learning_rate=0.06, max_leaf_nodes=15,
        min_samples_leaf=40, l2_regularization=1.0, max_features=0.5, early_stopping=False,
        random_state=seed,
    )  # fmt: skip
    with threadpool_limits(1):
        booster.fit(rows, target)
    return _as_trees(booster)


def _as_trees(booster: object) -> Trees:
    # scikit-learn has no public way to a tree's nodes.
    grown = [tree[0].nodes for tree in booster._predictors]  # type: ignore[attr-defined]  # noqa: SLF001
    base = np.ravel(booster._baseline_prediction)  # type: ignore[attr-defined]  # noqa: SLF001
    sizes = np.array([len(nodes) for nodes in grown])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    nodes = np.concatenate(grown)
    shift = np.repeat(starts, sizes)
    leaf = nodes["is_leaf"].astype(bool)
    return Trees(
        starts=starts,
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int64),
        threshold=nodes["num_threshold"].astype(np.float64),
        left=nodes["left"].astype(np.int64) + shift,
        right=nodes["right"].astype(np.int64) + shift,
        missing_left=nodes["missing_go_to_left"].astype(bool),
        value=nodes["value"].astype(np.float64),
        base=base.astype(np.float64),
    )
