"""The English encoder: MiniLM (Wang et al. 2020; Reimers & Gurevych 2019).

Read from a folder with `model.safetensors` and `vocab.txt`; a file that is not the one we know is
refused.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from safetensors.numpy import load_file

from apps.assistant.rasa.engine.sentences import Sentences

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 6
MOST_PIECES = 64
LONGEST_WORD = 100
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")


def minilm(folder: Path) -> Sentences:
    file = folder / "model.safetensors"
    if hashlib.sha256(file.read_bytes()).hexdigest() != SHA256:
        raise ValueError(f"{file} is not the file we know")
    weights = load_file(file)
    lines = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    pieces = WordPieces({piece: at for at, piece in enumerate(lines)})
    table = weights["embeddings.word_embeddings.weight"]
    return Sentences(pieces.of, table.__getitem__, weights, LAYERS)


class WordPieces:
    """Small letters without accents, then the longest known piece first (Wu et al. 2016)."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = numbers

    def of(self, text: str) -> list[int]:
        known = self._numbers
        plain = unicodedata.normalize("NFD", text.lower())
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
        found = [at for word in _TOKEN.findall(plain) for at in self._split(word)]
        return [known["[CLS]"], *found[: MOST_PIECES - 2], known["[SEP]"]]

    def _split(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word) <= LONGEST_WORD:
            end = next(self._ends(word, start), 0)
            if not end:
                break
            found.append(self._numbers[_named(word, start, end)])
            start = end
        return found if start == len(word) else [self._numbers["[UNK]"]]

    def _ends(self, word: str, start: int) -> Iterator[int]:
        return (
            end for end in range(len(word), start, -1) if _named(word, start, end) in self._numbers
        )


def _named(word: str, start: int, end: int) -> str:
    return ("##" if start else "") + word[start:end]
