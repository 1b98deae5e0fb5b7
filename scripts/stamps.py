"""A step is done again only if what it is made from has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scripts.places import RUN


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """SHA-256 over the names and contents of files (folders: all files below) and `words`."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "node_modules" not in file.parts and "dist" not in file.parts:
                digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


class Stamp:
    """Remembers the fingerprint under which a step was last done."""

    def __init__(self, name: str, value: str, folder: Path = RUN / "stamps") -> None:
        self.path, self.value = folder / name, value

    def is_fresh(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.value

    def set(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.value)
