"""Which intent a text has, for the texts of one script: logistic regression over weighed features.

Kept as plain arrays and a list of features, so that nothing of a model's file is ever executed.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from apps.assistant.core.intents import OUT_OF_SCOPE
from apps.assistant.core.words import words
from apps.assistant.rasa.engine.sentences import Sentences
from apps.assistant.rasa.engine.weighing import Weighing

Ranking = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Taste:
    """What one script goes by. `vectors`: how much sentence vectors weigh beside one analyser."""

    analysers: tuple[str, ...]
    vectors: float = 0.0
    looseness: float = 30.0
    rounds: int = 60


@dataclass(slots=True)
class Judge:
    taste: Taste
    weighings: tuple[Weighing, ...]
    intents: tuple[str, ...]
    slopes: Any  # features x intents
    offsets: Any
    sentences: Sentences | None

    @classmethod
    def learnt(
        cls, texts: Sequence[str], intents: Sequence[str], taste: Taste, sentences: Sentences | None
    ) -> "Judge":
        said = [_said(text) for text in texts]
        weighings = tuple(Weighing.learnt(name, said) for name in taste.analysers)
        sentences = sentences if taste.vectors else None
        judge = cls(taste, weighings, (), None, None, sentences)
        learner = LogisticRegression(
            C=taste.looseness, max_iter=taste.rounds, tol=0.01, class_weight=_shares(intents)
        )
        learner.fit(judge._features(texts), intents)
        judge.intents = tuple(learner.classes_)
        slopes, offsets = learner.coef_, learner.intercept_
        if len(slopes) == 1:  # two intents share one line
            slopes, offsets = np.vstack([-slopes, slopes]), np.hstack([-offsets, offsets]) / 2
            slopes = slopes / 2
        judge.slopes = np.ascontiguousarray(slopes.T.astype(np.float16).astype(np.float32))
        judge.offsets = offsets.astype(np.float32)
        return judge

    def rankings(self, texts: Sequence[str]) -> list[Ranking]:
        """Intents and their chances, the likeliest first."""
        scores = self._features(texts) @ self.slopes + self.offsets
        powers = np.exp(scores - scores.max(1, keepdims=True))
        chances = powers / powers.sum(1, keepdims=True)
        return [[(self.intents[at], float(row[at])) for at in np.argsort(-row)] for row in chances]

    def _features(self, texts: Sequence[str]) -> Any:
        said = [_said(text) for text in texts]
        parts = [weighing.vectors(said) for weighing in self.weighings]
        if self.sentences is not None:
            vectors = self.sentences.vectors(texts) * self.taste.vectors
            parts.append(sparse.csr_matrix(vectors))
        return sparse.hstack(parts).tocsr()

    # ------------------------------------------------------------ files

    def save(self, folder: Path, name: str) -> None:
        facts = {
            "intents": self.intents,
            "with_sentences": self.sentences is not None,
            "strange": [one.strange for one in self.weighings],
            "features": [list(one.numbers) for one in self.weighings],
        }
        (folder / f"{name}.json").write_text(json.dumps(facts, ensure_ascii=False))
        rarities = {f"rarity{n}": one.rarity for n, one in enumerate(self.weighings)}
        np.savez_compressed(
            folder / f"{name}.npz", slopes=self.slopes.astype(np.float16), offsets=self.offsets,
            **rarities,
        )  # fmt: skip

    @classmethod
    def load(cls, folder: Path, name: str, taste: Taste, sentences: Sentences | None) -> "Judge":
        facts = json.loads((folder / f"{name}.json").read_text())
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            weighings = tuple(
                Weighing(
                    analyser,
                    {one: at for at, one in enumerate(facts["features"][n])},
                    arrays[f"rarity{n}"],
                    facts["strange"][n],
                )
                for n, analyser in enumerate(taste.analysers)
            )
            slopes, offsets = arrays["slopes"].astype(np.float32), arrays["offsets"]
        if facts["with_sentences"] and sentences is None:
            raise ValueError("the model was trained with sentence vectors, which are gone")
        used = sentences if facts["with_sentences"] else None
        return cls(taste, weighings, tuple(facts["intents"]), slopes, offsets, used)


def _shares(intents: Sequence[str]) -> dict[str, float]:
    """Intents with few examples weigh more, halfway to equal; what is strange weighs double."""
    held = Counter(intents)
    middle = float(np.median(list(held.values())))
    shares = {intent: math.sqrt(middle / n) for intent, n in held.items()}
    return {**shares, **{one: 2 * shares[one] for one in (OUT_OF_SCOPE,) if one in shares}}


def _said(text: str) -> str:
    return " ".join(word.text.lower() for word in words(text))
