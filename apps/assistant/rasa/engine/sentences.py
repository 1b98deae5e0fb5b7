"""Vectors of sentences by an encoder of BERT's kind (Devlin et al. 2019), in NumPy.

The engine's Python has no torch and needs none: some layers of attention are a page of matrix
products. What differs between encoders, their pieces of words and their files, is in modules of
their own (`minilm`, `e5`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

HEADS = 12
AT_ONCE = 64
EPSILON = 1e-12
Floats = Any


@dataclass(frozen=True, slots=True)
class Sentences:
    """A row of unit length for each sentence. `rows` tells the rows of numbered pieces, `weights`
    all else, under the names that BERT's files have."""

    pieces: Callable[[str], list[int]]
    rows: Callable[[Any], Floats]
    weights: Mapping[str, Floats]
    layers: int

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Sentences of about the same length go together, so that little is padded."""
        pieces = [self.pieces(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda at: len(pieces[at]))
        found = np.zeros((len(texts), len(self.weights["embeddings.LayerNorm.bias"])), np.float32)
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            found[some] = self._encoded([pieces[at] for at in some])
        return found

    def _encoded(self, pieces: Sequence[list[int]]) -> Floats:
        longest = max(map(len, pieces))
        numbers = np.zeros((len(pieces), longest), np.int64)
        mask = np.zeros((len(pieces), longest), np.float32)
        for row, some in enumerate(pieces):
            numbers[row, : len(some)], mask[row, : len(some)] = some, 1.0
        hidden = self._embedded(numbers)
        for layer in range(self.layers):
            hidden = self._layer(hidden, mask, f"encoder.layer.{layer}")
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1)[:, None]
        unit: Floats = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return unit

    def _embedded(self, numbers: Floats) -> Floats:
        places = self.weights["embeddings.position_embeddings.weight"][: numbers.shape[1]]
        kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        return self._normed(self.rows(numbers) + places + kind, "embeddings.LayerNorm")

    def _layer(self, hidden: Floats, mask: Floats, name: str) -> Floats:
        heard = self._attended(hidden, mask, f"{name}.attention")
        wide = _gelu(self._dense(heard, f"{name}.intermediate.dense"))
        return self._normed(
            heard + self._dense(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm"
        )

    def _attended(self, hidden: Floats, mask: Floats, name: str) -> Floats:
        rows, length, size = hidden.shape

        def heads(part: str) -> Floats:
            apart = self._dense(hidden, f"{name}.self.{part}")
            return apart.reshape(rows, length, HEADS, -1).transpose(0, 2, 1, 3)

        asked, offered, told = heads("query"), heads("key"), heads("value")
        scores = asked @ offered.transpose(0, 1, 3, 2) / np.sqrt(size / HEADS, dtype=np.float32)
        scores += (mask[:, None, None, :] - 1) * 1e9
        told = (_softmax(scores) @ told).transpose(0, 2, 1, 3).reshape(rows, length, size)
        return self._normed(
            hidden + self._dense(told, f"{name}.output.dense"), f"{name}.output.LayerNorm"
        )

    def _dense(self, hidden: Floats, name: str) -> Floats:
        """One large product rather than one a sentence."""
        weight = self.weights[f"{name}.weight"]
        flat = hidden.reshape(-1, hidden.shape[-1]) @ weight.T + self.weights[f"{name}.bias"]
        return flat.reshape(*hidden.shape[:-1], weight.shape[0])

    def _normed(self, hidden: Floats, name: str) -> Floats:
        centred = hidden - hidden.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _gelu(values: Floats) -> Floats:
    from scipy.special import erf

    return values * np.float32(0.5) * (1 + erf(values * np.float32(0.5**0.5)))
