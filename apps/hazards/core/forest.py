"""Boosted trees as plain arrays: grown by scikit-learn, kept and asked without it.

Kept in the database they outlive versions of the library, hold no code, and a web process can ask
them without importing what grew them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Loss = Literal["squared_error", "quantile", "log_loss"]

TREES = 150
_LEAVES = 12
_AT_LEAF = 40


@dataclass(frozen=True, eq=False)
class Forest:
    """All nodes of all trees, one after another; `roots` says where each tree begins."""

    base: float
    roots: NDArray[np.int32]
    feature: NDArray[np.int16]  # -1 at a leaf
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]

    def predict(self, features: Floats) -> Floats:
        """Sum over the trees for each row. A missing value (NaN) goes right."""
        total: Floats = _sum(
            np.ascontiguousarray(features, dtype=np.float64), self.base, self.roots, self.feature,
            self.threshold, self.left, self.right, self.value,
        )  # fmt: skip
        return total

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        names = ("roots", "feature", "threshold", "left", "right", "value")
        arrays = {f"{prefix}.{name}": getattr(self, name) for name in names}
        return arrays | {f"{prefix}.base": np.array(self.base)}


def forest_of(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Forest:
    names = ("roots", "feature", "threshold", "left", "right", "value")
    return Forest(float(arrays[f"{prefix}.base"]), *(arrays[f"{prefix}.{name}"] for name in names))


def grow(
    features: Floats,
    target: Floats,
    *,
    loss: Loss = "squared_error",
    quantile: float | None = None,
    weight: Floats | None = None,
    trees: int = TREES,
    seed: int = 0,
) -> Forest:
    """Grow a forest for the target. With `log_loss` the target is 0 or 1 and predictions are
    log-odds."""
    # Heavy: the worker's alone.
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    habits: dict[str, Any] = {
        "max_iter": trees, "learning_rate": 0.07, "max_leaf_nodes": _LEAVES,
        "min_samples_leaf": _AT_LEAF, "l2_regularization": 1.0, "max_features": 0.4,
        "early_stopping": False, "random_state": seed,
    }  # fmt: skip
    if loss == "log_loss":
        grown: Any = HistGradientBoostingClassifier(**habits)
    else:
        grown = HistGradientBoostingRegressor(loss=loss, quantile=quantile, **habits)
    # One thread: beside other work, threads that wait for each other cost ten times more.
    with threadpool_limits(1):
        grown.fit(features, target, sample_weight=weight)
    return _flat(grown)


def _flat(grown: Any) -> Forest:
    nodes = [tree.nodes for (tree,) in grown._predictors]  # noqa: SLF001 - no public door to trees
    sizes = np.array([len(tree) for tree in nodes])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
    every = np.concatenate(nodes)
    shift = np.repeat(starts, sizes)
    leaf = every["is_leaf"].astype(bool)
    return Forest(
        base=float(np.ravel(grown._baseline_prediction)[0]),  # noqa: SLF001
        roots=starts,
        feature=np.where(leaf, -1, every["feature_idx"]).astype(np.int16),
        threshold=every["num_threshold"].astype(np.float32),
        left=every["left"].astype(np.int32) + shift,
        right=every["right"].astype(np.int32) + shift,
        value=every["value"].astype(np.float32),
    )


@njit(cache=True, nogil=True)
def _sum(
    rows: Floats, base: float, roots: NDArray[np.int32], feature: NDArray[np.int16],
    threshold: NDArray[np.float32], left: NDArray[np.int32], right: NDArray[np.int32],
    value: NDArray[np.float32],
) -> Floats:  # fmt: skip
    out = np.full(len(rows), base)
    for row in range(len(rows)):
        for root in roots:
            node = root
            while feature[node] >= 0:
                below = rows[row, feature[node]] <= threshold[node]
                node = left[node] if below else right[node]
            out[row] += value[node]
    return out
