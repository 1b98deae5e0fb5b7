"""Texts as weighed words or morphemes, pairs of them, and pieces of words and of letters.

What no training text holds has no weight, but counts in the length of a vector: a sentence made of
strange words comes out short, and nothing is sure of it. With the usual norm the few words that it
shares with ours would fill it (Sparck Jones 1972 for the weights; the rest is plain scaling).
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from apps.assistant.core.words import words
from apps.assistant.rasa.engine.morphemes import in_morphemes

LEAST_TEXTS = 2
Analyser = Callable[[str], Iterator[str]]


def in_words(text: str) -> Iterator[str]:
    """Words, and words with the next."""
    return _with_the_next(_words(text))


def in_stems(text: str) -> Iterator[str]:
    """Morphemes, and morphemes with the next: the same whatever blanks were left out."""
    return _with_the_next(in_morphemes(text.lower()))


def _with_the_next(said: Sequence[str]) -> Iterator[str]:
    yield from said
    yield from (f"{one} {other}" for one, other in pairwise(said))


def in_pieces(text: str) -> Iterator[str]:
    return _pieces(_words(text), 1, 4)


def in_letters(text: str) -> Iterator[str]:
    """Pieces of what Korean syllables are made of, so that endings and slips look alike."""
    return _pieces((unicodedata.normalize("NFD", word) for word in _words(text)), 2, 6)


def _words(text: str) -> list[str]:
    return [word.text.lower() for word in words(text)]


def _pieces(said: Iterable[str], least: int, most: int) -> Iterator[str]:
    for word in said:
        marked = f" {word} "
        for n in range(least, min(most, len(marked)) + 1):
            yield from (marked[at : at + n] for at in range(len(marked) - n + 1))


ANALYSERS: Mapping[str, Analyser] = {
    "words": in_words, "stems": in_stems, "pieces": in_pieces, "letters": in_letters,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighing:
    """The features of one analyser: which there are, and how rare each is."""

    analyser: str
    numbers: Mapping[str, int]
    rarity: Any
    strange: float

    @classmethod
    def learnt(cls, analyser: str, texts: Sequence[str]) -> "Weighing":
        cut = ANALYSERS[analyser]
        held = Counter(feature for text in texts for feature in set(cut(text)))
        kept = sorted(feature for feature, n in held.items() if n >= LEAST_TEXTS)
        rarity = np.array([_rarity(held[one], len(texts)) for one in kept], np.float32)
        return cls(
            analyser, {one: at for at, one in enumerate(kept)}, rarity, _rarity(1, len(texts))
        )

    def vectors(self, texts: Iterable[str]) -> Any:
        """A sparse row for each text, no longer than one."""
        rows = [self._row(text) for text in texts]
        ends = np.cumsum([0, *(len(at) for at, _weights in rows)])
        places = np.concatenate([at for at, _weights in rows])
        weights = np.concatenate([weights for _at, weights in rows])
        shape = (len(rows), len(self.numbers))
        return sparse.csr_matrix((weights, places, ends), shape=shape, dtype=np.float32)

    def _row(self, text: str) -> tuple[Any, Any]:
        counts = Counter(ANALYSERS[self.analyser](text))
        places = [self.numbers[one] for one in counts if one in self.numbers]
        times = [1 + math.log(n) for one, n in counts.items() if one in self.numbers]
        at, weights = np.array(places, np.int32), np.array(times, np.float32)
        weights = weights * self.rarity[at]
        unknown = len(counts) - len(places)
        length = math.sqrt(float(weights @ weights) + unknown * self.strange**2)
        return at, weights / (length or 1.0)


def _rarity(held: int, texts: int) -> float:
    return math.log((1 + texts) / (1 + held)) + 1
