"""Reads a text with a trained linear model: n-grams alone, or n-grams beside a sentence's vector.

A model is arrays and words, written without any code in it. Its scores are turned into
probabilities by one number (temperature scaling: Guo et al., "On Calibration of Modern Neural
Networks", ICML 2017), fitted on texts that the fold at hand had not seen.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.complaints.core.ngrams import char_ngrams

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    label: str
    probability: float


@dataclass(frozen=True)
class LinearModel:
    """`weights` has a row per label and a column per n-gram; `vector_weights` one per dimension of
    the sentence's vector, none where the model reads n-grams alone. `bars` holds per language the
    probability from which on the model may decide by itself."""

    labels: tuple[str, ...]
    vocabulary: Mapping[str, int]
    idf: Floats
    weights: Floats
    vector_weights: Floats
    intercepts: Floats
    sharpness: float
    bars: Mapping[str, float]

    @property
    def reads_vectors(self) -> bool:
        return bool(self.vector_weights.shape[1] > 0)

    def scores(self, text: str, vector: Floats | None = None) -> Floats:
        columns, values = self._features(text)
        scores = self.weights[:, columns] @ values + self.intercepts
        if self.reads_vectors and vector is not None:
            scores = scores + self.vector_weights @ vector
        return np.asarray(scores, dtype=np.float32)

    def _features(self, text: str) -> tuple[NDArray[np.int64], Floats]:
        """Sublinear term frequency times inverse document frequency, of unit length."""
        known = [
            (self.vocabulary[gram], count)
            for gram, count in char_ngrams(text).items()
            if gram in self.vocabulary
        ]
        columns = np.array([column for column, _count in known], dtype=np.int64)
        counts = np.array([count for _column, count in known], dtype=np.float32)
        values = (1 + np.log(counts)) * self.idf[columns] if len(known) else counts
        length = float(np.linalg.norm(values))
        return columns, (values / length if length else values).astype(np.float32)

    def guesses(self, text: str, vector: Floats | None = None) -> list[Guess]:
        """All labels, the likeliest first."""
        chances = softmax(self.scores(text, vector) * self.sharpness)
        order = np.argsort(-chances, kind="stable")
        return [Guess(self.labels[n], float(chances[n])) for n in order]

    def may_decide(self, guess: Guess, language: str) -> bool:
        """Whether this guess is as sure as decisions without a human must be."""
        return bool(guess.probability >= self.bars.get(language, 2.0))


def softmax(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    lifted = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    return np.asarray(lifted / lifted.sum(axis=-1, keepdims=True))


def write_models(models: Mapping[str, LinearModel]) -> bytes:
    """Named models as one file of arrays."""
    arrays: dict[str, NDArray[np.generic]] = {"heads": np.array(sorted(models))}
    for name, model in models.items():
        words = sorted(model.vocabulary, key=model.vocabulary.__getitem__)
        arrays |= {
            f"{name}.labels": np.array(model.labels),
            f"{name}.vocabulary": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
            f"{name}.idf": model.idf,
            f"{name}.weights": model.weights.astype(np.float16),
            f"{name}.vector_weights": model.vector_weights,
            f"{name}.intercepts": model.intercepts,
            f"{name}.sharpness": np.array([model.sharpness]),
            f"{name}.languages": np.array(sorted(model.bars), dtype="U16"),
            f"{name}.bars": np.array([model.bars[key] for key in sorted(model.bars)]),
        }
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # its stub knows no mapping
    return out.getvalue()


def read_models(written: bytes) -> dict[str, LinearModel]:
    """What `write_models` wrote; no pickle is ever read."""
    with np.load(io.BytesIO(written), allow_pickle=False) as kept:
        return {str(name): _read(kept, str(name)) for name in kept["heads"]}


def _read(kept: Mapping[str, NDArray[np.generic]], name: str) -> LinearModel:
    words = kept[f"{name}.vocabulary"].tobytes().decode().split("\n")
    languages: Sequence[str] = [str(each) for each in kept[f"{name}.languages"]]
    return LinearModel(
        labels=tuple(str(label) for label in kept[f"{name}.labels"]),
        vocabulary={word: column for column, word in enumerate(words)},
        idf=np.asarray(kept[f"{name}.idf"], dtype=np.float32),
        weights=np.asarray(kept[f"{name}.weights"], dtype=np.float32),
        vector_weights=np.asarray(kept[f"{name}.vector_weights"], dtype=np.float32),
        intercepts=np.asarray(kept[f"{name}.intercepts"], dtype=np.float32),
        sharpness=float(np.asarray(kept[f"{name}.sharpness"])[0]),
        bars=dict(zip(languages, map(float, np.asarray(kept[f"{name}.bars"])), strict=True)),
    )
