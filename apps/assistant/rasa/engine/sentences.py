"""Vectors of English sentences by MiniLM (Wang et al. 2020; Reimers & Gurevych 2019), in NumPy.

The engine's Python has no torch and needs none: six layers of attention are a page of matrix
products. Read from a folder with `model.safetensors` and `vocab.txt`; a file that is not the one we
know is refused. Without a folder the classifier goes by words.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS = 6, 12
MOST_PIECES = 64
LONGEST_WORD = 100
AT_ONCE = 64
EPSILON = 1e-12
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
Floats = Any


class Sentences:
    """A row of unit length for each sentence."""

    def __init__(self, folder: Path) -> None:
        weights = folder / "model.safetensors"
        if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
            raise ValueError(f"{weights} is not the file we know")
        self._weights = load_file(weights)
        lines = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self._vocabulary = {piece: at for at, piece in enumerate(lines)}

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Sentences of about the same length go together, so that little is padded."""
        pieces = [self._pieces(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda at: len(pieces[at]))
        found = np.zeros((len(texts), 384), np.float32)
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            found[some] = self._encoded([pieces[at] for at in some])
        return found

    # ------------------------------------------------------------ word pieces

    def _pieces(self, text: str) -> list[int]:
        known = self._vocabulary
        plain = unicodedata.normalize("NFD", text.lower())
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
        found = [at for word in _TOKEN.findall(plain) for at in self._split(word)]
        return [known["[CLS]"], *found[: MOST_PIECES - 2], known["[SEP]"]]

    def _split(self, word: str) -> list[int]:
        """The longest known piece first, again and again (Wu et al. 2016)."""
        found: list[int] = []
        start = 0
        while start < len(word) <= LONGEST_WORD:
            end = next(self._ends(word, start), 0)
            if not end:
                break
            found.append(self._vocabulary[self._named(word, start, end)])
            start = end
        return found if start == len(word) else [self._vocabulary["[UNK]"]]

    def _ends(self, word: str, start: int) -> Iterator[int]:
        return (
            end
            for end in range(len(word), start, -1)
            if self._named(word, start, end) in self._vocabulary
        )

    @staticmethod
    def _named(word: str, start: int, end: int) -> str:
        return ("##" if start else "") + word[start:end]

    # ------------------------------------------------------------ layers

    def _encoded(self, pieces: Sequence[list[int]]) -> Floats:
        longest = max(map(len, pieces))
        numbers = np.zeros((len(pieces), longest), np.int64)
        mask = np.zeros((len(pieces), longest), np.float32)
        for row, some in enumerate(pieces):
            numbers[row, : len(some)], mask[row, : len(some)] = some, 1.0
        hidden = self._embedded(numbers)
        for layer in range(LAYERS):
            hidden = self._layer(hidden, mask, f"encoder.layer.{layer}")
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1)[:, None]
        unit: Floats = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return unit

    def _embedded(self, numbers: Floats) -> Floats:
        table = self._weights
        words = table["embeddings.word_embeddings.weight"][numbers]
        places = table["embeddings.position_embeddings.weight"][: numbers.shape[1]]
        kind = table["embeddings.token_type_embeddings.weight"][0]
        return self._normed(words + places + kind, "embeddings.LayerNorm")

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
        weight = self._weights[f"{name}.weight"]
        flat = hidden.reshape(-1, hidden.shape[-1]) @ weight.T + self._weights[f"{name}.bias"]
        return flat.reshape(*hidden.shape[:-1], weight.shape[0])

    def _normed(self, hidden: Floats, name: str) -> Floats:
        centred = hidden - hidden.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _gelu(values: Floats) -> Floats:
    from scipy.special import erf

    return values * 0.5 * (1.0 + erf(values / np.sqrt(2.0, dtype=np.float32)))
