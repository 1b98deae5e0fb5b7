"""A step is done again only if what it is made from has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scripts.places import RUN

MADE = frozenset({"node_modules", "dist", "__pycache__"})


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """SHA-256 over the names and contents of files (folders: all files below) and `words`."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        for file in _files(path):
            digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [f for f in found if f.is_file() and not MADE.intersection(f.relative_to(path).parts)]


class Stamp:
    """Remembers the fingerprint under which a step was last done."""

    def __init__(self, name: str, value: str, folder: Path = RUN / "stamps") -> None:
        self.path, self.value = folder / name, value

    def is_fresh(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.value

    def set(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.value)
