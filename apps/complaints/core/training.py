"""Trains the classifier: a linear support vector machine over n-grams and, beside them, sentence
vectors; calibrated, and given its bars, on folds that were left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack

from apps.complaints.core.classifier import Floats, LinearModel, softmax
from apps.complaints.core.ngrams import LONGEST, SHORTEST, composed

SEED = 20260522
FOLDS = 10
PRECISION_WANTED = 0.95
FEWEST_BEHIND_A_BAR = 15
PENALTY = 1.0


@dataclass(frozen=True)
class Examples:
    """Texts with their labels and languages; `vectors` has a row a text, or none at all."""

    texts: Sequence[str]
    labels: Sequence[str]
    languages: Sequence[str]
    vectors: Floats | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What the folds that were left out say."""

    top1: float
    top3: float
    covered: float
    precision: float


def train(
    examples: Examples, *, vector_share: float = 1.0, penalty: float = PENALTY, folds: int = FOLDS
) -> tuple[LinearModel, Measured]:
    """Train on all examples; calibrate on `folds` left out one after another."""
    labels = np.array(examples.labels)
    names = tuple(sorted(set(examples.labels)))
    scores = _left_out_scores(examples, labels, names, vector_share, penalty, folds)
    sharpness = _sharpness(scores, labels, names)
    chances = softmax(scores * sharpness)
    languages = np.array(examples.languages)
    bars = {
        str(language): bar_for(chances[languages == language], labels[languages == language], names)
        for language in sorted(set(examples.languages))
    }
    model = _fit(examples, labels, vector_share, penalty)
    return (
        LinearModel(**model, sharpness=sharpness, bars=bars),
        _measured(chances, labels, names, languages, bars),
    )


def train_plainly(
    examples: Examples, *, vector_share: float = 1.0, penalty: float = PENALTY
) -> LinearModel:
    """Without calibration: for measuring what is guessed, not how sure."""
    fitted = _fit(examples, np.array(examples.labels), vector_share, penalty)
    return LinearModel(**fitted, sharpness=1.0, bars={})


def _vectoriser() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer  # heavy: the worker's alone

    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(SHORTEST, LONGEST), sublinear_tf=True,
        preprocessor=composed, dtype=np.float32,
    )  # fmt: skip


def _features(grams: Any, vectors: Floats | None, share: float) -> Any:
    if vectors is None:
        return grams
    return hstack([grams, csr_matrix(vectors * share)], format="csr")


def _machine(penalty: float) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=penalty, random_state=SEED, dual=True, max_iter=3000)


def _fit(
    examples: Examples, labels: NDArray[np.str_], share: float, penalty: float
) -> dict[str, Any]:
    reader = _vectoriser()
    grams = reader.fit_transform(examples.texts)
    machine = _machine(penalty).fit(_features(grams, examples.vectors, share), labels)
    split = grams.shape[1]
    coefficients = _one_row_a_label(machine.coef_)
    return {
        "labels": tuple(str(label) for label in machine.classes_),
        "vocabulary": {str(gram): int(n) for gram, n in reader.vocabulary_.items()},
        "idf": reader.idf_.astype(np.float32),
        "weights": coefficients[:, :split].astype(np.float32),
        "vector_weights": (coefficients[:, split:] * share).astype(np.float32),
        "intercepts": _one_row_a_label(machine.intercept_).astype(np.float32),
    }


def _one_row_a_label(fitted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of two labels the library keeps one row: the other's is its opposite."""
    return np.concatenate([-fitted, fitted]) if fitted.shape[0] == 1 else fitted


def _left_out_scores(
    examples: Examples,
    labels: NDArray[np.str_],
    names: tuple[str, ...],
    share: float,
    penalty: float,
    folds: int,
) -> NDArray[np.float64]:
    from sklearn.model_selection import StratifiedKFold

    scores = np.full((len(labels), len(names)), -3.0)
    texts = np.array(examples.texts, dtype=object)
    parts = StratifiedKFold(n_splits=folds, shuffle=True, random_state=SEED)
    column = {name: n for n, name in enumerate(names)}
    for seen, unseen in parts.split(texts, labels):
        reader = _vectoriser()
        ours = _features(reader.fit_transform(texts[seen]), _rows(examples, seen), share)
        machine = _machine(penalty).fit(ours, labels[seen])
        theirs = _features(reader.transform(texts[unseen]), _rows(examples, unseen), share)
        found = machine.decision_function(theirs)
        if found.ndim == 1:
            found = np.column_stack([-found, found])
        scores[np.ix_(unseen, [column[str(name)] for name in machine.classes_])] = found
    return scores


def _rows(examples: Examples, which: NDArray[np.intp]) -> Floats | None:
    return None if examples.vectors is None else examples.vectors[which]


def _sharpness(
    scores: NDArray[np.float64], labels: NDArray[np.str_], names: tuple[str, ...]
) -> float:
    """The factor under which the truth was least surprising."""
    truth = np.searchsorted(names, labels)

    def surprise(log_factor: float) -> float:
        chances = softmax(scores * np.exp(log_factor))
        return float(-np.log(chances[np.arange(len(truth)), truth] + 1e-12).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2.0, 4.0), method="bounded").x))


def bar_for(
    chances: NDArray[np.float64], labels: NDArray[np.str_], names: tuple[str, ...]
) -> float:
    """The least probability from which guesses were right often enough; 2 where there is none."""
    best = chances.argmax(axis=1)
    right = np.array(names)[best] == labels
    sure = chances.max(axis=1)
    order = np.argsort(-sure)
    taken = np.arange(1, len(order) + 1)
    share = np.cumsum(right[order]) / taken
    enough = (share >= PRECISION_WANTED) & (taken >= FEWEST_BEHIND_A_BAR)
    if not enough.any():
        return 2.0
    return float(sure[order][np.flatnonzero(enough)[-1]])


def _measured(
    chances: NDArray[np.float64],
    labels: NDArray[np.str_],
    names: tuple[str, ...],
    languages: NDArray[np.str_],
    bars: dict[str, float],
) -> Measured:
    order = np.array(names)[np.argsort(-chances, axis=1)]
    right = order[:, 0] == labels
    among = (order[:, :3] == labels[:, None]).any(axis=1)
    decided = chances.max(axis=1) >= np.array([bars[str(each)] for each in languages])
    return Measured(
        top1=float(right.mean()),
        top3=float(among.mean()),
        covered=float(decided.mean()),
        precision=float(right[decided].mean()) if decided.any() else 0.0,
    )
