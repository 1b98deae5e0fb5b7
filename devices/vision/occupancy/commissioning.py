"""Fitting the network to a new lot with some sixty labels, and saying honestly how good it is.

Which patches to ask about: D. Lewis, W. Gale, A sequential algorithm for training text classifiers,
SIGIR 1994 (the most uncertain), mixed with a plain sample, because a classifier's most uncertain
patches are also the worst labelled ones and say nothing about the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from devices.vision.arrays import Floats, Integers, Truths
from devices.vision.occupancy.classifier import Head

UNCERTAIN_SHARE = 0.5
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Tuned:
    """A lot's own head, beside what held out labels say of it and of the head it had before."""

    head: Head
    balanced_accuracy: float
    before: float

    @property
    def is_better(self) -> bool:
        return self.balanced_accuracy > self.before


def most_telling(logits: Floats, count: int, asked: Sequence[int] = ()) -> list[int]:
    """Numbers of the patches to label next: half the most uncertain, half evenly over the rest."""
    known = set(asked)
    by_doubt = [int(n) for n in np.argsort(np.abs(logits), kind="stable") if int(n) not in known]
    uncertain = by_doubt[: round(count * UNCERTAIN_SHARE)]
    rest = by_doubt[len(uncertain) :]
    wanted = min(count - len(uncertain), len(rest))
    spread = [rest[(2 * k + 1) * len(rest) // (2 * wanted)] for k in range(wanted)]
    return uncertain + spread


def tune(
    head: Head,
    features: Floats,
    occupied: Floats,
    bays: Integers | None = None,
    stiffness: float = 30.0,
) -> Tuned:
    """A new last layer from labelled patches; `head` is where it starts and is drawn back to.

    `bays` says which bay each patch shows: what it is worth is then told by whole bays it was not
    taught by, because one bay looks alike from day to day.

    Raises:
        ValueError: all labels alike, or patches of one bay only.
    """
    labels = np.asarray(occupied, float)
    if len(labels) != len(features) or len(set(labels.tolist())) < 2:
        raise ValueError("label some patches of both kinds: occupied and free")
    fold = _folds(np.arange(len(labels)) if bays is None else bays)
    before = head.logits(features)
    told = before.copy()  # Where the rest is of one kind there is nothing to learn.
    for out in (fold == one for one in range(fold.max() + 1)):
        if 0 < labels[~out].mean() < 1:
            told[out] = _fitted(head, features[~out], labels[~out], stiffness).logits(features[out])
    return Tuned(
        _fitted(head, features, labels, stiffness),
        balanced_accuracy(told, labels),
        balanced_accuracy(before, labels),
    )


def _folds(bays: Integers) -> Integers:
    """Whole bays, dealt out in turn."""
    names, which = np.unique(bays, return_inverse=True)
    if len(names) < 2:
        raise ValueError("label patches of two bays at least")
    return np.asarray(which % FOLDS)


def balanced_accuracy(logits: Floats, occupied: Floats | Truths) -> float:
    """The mean of both classes' shares told right: a full lot is no excuse."""
    right, real = np.asarray(logits) > 0, np.asarray(occupied, float) > 0.5
    shares = [float((right[real == kind] == kind).mean()) for kind in (True, False)]
    return sum(shares) / 2


def _fitted(head: Head, features: Floats, labels: Floats, stiffness: float) -> Head:
    """Logistic regression by Newton's method; both classes weigh alike; a ridge around `head`."""
    centre, spread = features.mean(0), features.std(0) + 1e-3
    scaled = np.column_stack([(features - centre) / spread, np.ones(len(features))])
    start = np.array([*(np.array(head.weights) * spread), head.logits(centre)])
    ridge = np.full(len(start), stiffness / len(start))
    ridge[-1] = 1e-2
    many = labels.mean()
    weights = np.where(labels > 0.5, 0.5 / many, 0.5 / (1 - many))
    found = start.copy()
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(scaled @ found, -30, 30)))
        slope = scaled.T @ (weights * (p - labels)) + ridge * (found - start)
        curve = (scaled * (weights * p * (1 - p))[:, None]).T @ scaled + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    own = found[:-1] / spread
    return Head(tuple(float(w) for w in own), float(found[-1] - own @ centre))
