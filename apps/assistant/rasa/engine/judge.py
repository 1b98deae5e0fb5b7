"""Which intent a text has, for the texts of one script: logistic regression over weighed features
and, where that is not sure of itself, another over what an encoder makes of the sentence.

So the encoder, which is slow, is asked about few sentences: those that are said as nobody wrote
them down. Kept as plain arrays and lists, so that nothing of a model's file is ever executed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy import sparse

from apps.assistant.core.intents import OUT_OF_SCOPE
from apps.assistant.rasa.engine.lines import Lines, Meaning
from apps.assistant.rasa.engine.weighing import Weighing

TAKEN, STRANGE_TAKEN = 200, 1200  # for the encoder, of each intent
Ranking = list[tuple[str, float]]
Floats = Any


class Encoder(Protocol):
    def vectors(self, texts: Sequence[str]) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Taste:
    """What one script goes by. Where words are less than `sure`, the encoder has half a say."""

    analysers: tuple[str, ...]
    looseness: float = 30.0
    sure: float = 0.8


@dataclass(slots=True)
class Judge:
    taste: Taste
    weighings: tuple[Weighing, ...]
    by_words: Lines
    by_meaning: Meaning | None
    encoder: Encoder | None

    @classmethod
    def learnt(
        cls, texts: Sequence[str], intents: Sequence[str], taste: Taste, encoder: Encoder | None
    ) -> "Judge":
        weighings = tuple(Weighing.learnt(name, texts) for name in taste.analysers)
        by_words = Lines.learnt(_weighed(weighings, texts), intents, taste.looseness)
        by_meaning = None
        if encoder is not None:
            some = _spread(intents)
            vectors = encoder.vectors([texts[at] for at in some])
            by_meaning = Meaning.learnt(vectors, [intents[at] for at in some], taste.looseness)
        return cls(taste, weighings, by_words, by_meaning, encoder)

    def rankings(self, texts: Sequence[str]) -> list[Ranking]:
        """Intents and their chances, the likeliest first."""
        chances = self.by_words.chances(_weighed(self.weighings, texts))
        self._think_again(chances, texts)
        names = self.by_words.intents
        return [[(names[at], float(row[at])) for at in np.argsort(-row)] for row in chances]

    def _think_again(self, chances: Floats, texts: Sequence[str]) -> None:
        """The geometric mean of both, where the words alone don't tell."""
        unsure = np.flatnonzero(chances.max(1) < self.taste.sure)
        if self.by_meaning is None or self.encoder is None or not len(unsure):
            return
        meant = self.by_meaning.chances(self.encoder.vectors([texts[at] for at in unsure.tolist()]))
        mixed = np.sqrt(chances[unsure] * meant)
        chances[unsure] = mixed / mixed.sum(1, keepdims=True)

    # ------------------------------------------------------------ files

    def save(self, folder: Path, name: str) -> None:
        facts = {
            "intents": self.by_words.intents,
            "with_encoder": self.by_meaning is not None,
            "strange": [one.strange for one in self.weighings],
            "features": [list(one.numbers) for one in self.weighings],
        }
        (folder / f"{name}.json").write_text(json.dumps(facts, ensure_ascii=False))
        arrays = {f"rarity{n}": one.rarity for n, one in enumerate(self.weighings)}
        arrays |= self.by_words.arrays("words")
        if self.by_meaning is not None:
            arrays |= self.by_meaning.arrays()
        np.savez_compressed(folder / f"{name}.npz", **arrays)

    @classmethod
    def load(cls, folder: Path, name: str, taste: Taste, encoder: Encoder | None) -> "Judge":
        facts = json.loads((folder / f"{name}.json").read_text())
        if facts["with_encoder"] and encoder is None:
            raise ValueError("the model was trained with an encoder, which is gone")
        intents = tuple(facts["intents"])
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
            by_words = Lines.of(intents, arrays, "words")
            by_meaning = Meaning.of(intents, arrays) if facts["with_encoder"] else None
        return cls(taste, weighings, by_words, by_meaning, encoder)


def _spread(intents: Sequence[str]) -> list[int]:
    """Some of each intent's examples, evenly taken: patterns say the same many times over, and what
    they mean is soon learnt. What is not ours means anything."""
    held: dict[str, list[int]] = {}
    for at, intent in enumerate(intents):
        held.setdefault(intent, []).append(at)
    taken = []
    for intent, places in held.items():
        most = STRANGE_TAKEN if intent == OUT_OF_SCOPE else TAKEN
        step = max(1.0, len(places) / most)
        taken += [places[int(n * step)] for n in range(int(len(places) / step))]
    return taken


def _weighed(weighings: Sequence[Weighing], texts: Sequence[str]) -> Any:
    return sparse.hstack([weighing.vectors(texts) for weighing in weighings]).tocsr()
