"""Logistic regression, kept as the arrays it comes to."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.assistant.core.intents import OUT_OF_SCOPE

ROUNDS = 60
Floats = Any


@dataclass(frozen=True, slots=True)
class Lines:
    """One line through the features for each intent."""

    intents: tuple[str, ...]
    slopes: Floats  # features x intents
    offsets: Floats

    @classmethod
    def learnt(cls, features: Any, intents: Sequence[str], looseness: float) -> "Lines":
        from sklearn.linear_model import LogisticRegression

        learner = LogisticRegression(
            C=looseness, max_iter=ROUNDS, tol=0.01, class_weight=_shares(intents)
        )
        learner.fit(features, intents)
        slopes, offsets = learner.coef_, learner.intercept_
        if len(slopes) == 1:  # two intents share one line
            slopes, offsets = np.vstack([-slopes, slopes]) / 2, np.hstack([-offsets, offsets]) / 2
        return cls(tuple(learner.classes_), *_rounded(slopes.T, offsets))

    def chances(self, features: Any) -> Floats:
        scores = features @ self.slopes + self.offsets
        powers = np.exp(scores - scores.max(1, keepdims=True))
        return powers / powers.sum(1, keepdims=True)

    def arrays(self, name: str) -> dict[str, Floats]:
        return {
            f"{name}_slopes": self.slopes.astype(np.float16), f"{name}_offsets": self.offsets,
        }  # fmt: skip

    @classmethod
    def of(cls, intents: tuple[str, ...], arrays: Mapping[str, Floats], name: str) -> "Lines":
        return cls(intents, *_rounded(arrays[f"{name}_slopes"], arrays[f"{name}_offsets"]))


@dataclass(frozen=True, slots=True)
class Meaning:
    """The same through an encoder's vectors, seen from their middle: they lie close together."""

    middle: Floats
    lines: Lines

    @classmethod
    def learnt(cls, vectors: Floats, intents: Sequence[str], looseness: float) -> "Meaning":
        middle = vectors.mean(0)
        return cls(middle, Lines.learnt(_seen_from(middle, vectors), intents, looseness))

    def chances(self, vectors: Floats) -> Floats:
        return self.lines.chances(_seen_from(self.middle, vectors))

    def arrays(self) -> dict[str, Floats]:
        return {"middle": self.middle, **self.lines.arrays("meaning")}

    @classmethod
    def of(cls, intents: tuple[str, ...], arrays: Mapping[str, Floats]) -> "Meaning":
        return cls(arrays["middle"], Lines.of(intents, arrays, "meaning"))


def _seen_from(middle: Floats, vectors: Floats) -> Floats:
    apart = vectors - middle
    return apart / np.linalg.norm(apart, axis=1, keepdims=True)


def _rounded(slopes: Floats, offsets: Floats) -> tuple[Floats, Floats]:
    """As they will come back from the file."""
    halves = np.ascontiguousarray(slopes.astype(np.float16).astype(np.float32))
    return halves, offsets.astype(np.float32)


def _shares(intents: Sequence[str]) -> dict[str, float]:
    """Intents with few examples weigh more, halfway to equal; what is strange weighs double."""
    held = Counter(intents)
    middle = float(np.median(list(held.values())))
    shares = {intent: math.sqrt(middle / n) for intent, n in held.items()}
    return {**shares, **{one: 2 * shares[one] for one in (OUT_OF_SCOPE,) if one in shares}}
