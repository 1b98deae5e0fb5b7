"""The written examples: one file a language and intent, in Rasa's own format."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "nlu"
_BLOCK = re.compile(r"^\s*- intent:", re.MULTILINE)
_ENTITY = re.compile(r"\[[^\]]+\]\((\w+)\)|\[[^\]]+\]\{\"entity\":\s*\"(\w+)\"")


@dataclass(frozen=True, slots=True)
class Examples:
    """How many examples each intent has in each language, and which entities are marked."""

    files: tuple[Path, ...]
    counts: dict[str, dict[str, int]]
    entities: frozenset[str]

    @property
    def intents(self) -> list[str]:
        return sorted({intent for counts in self.counts.values() for intent in counts})


def read_examples(folder: Path = FOLDER) -> Examples:
    """All files below `folder/LANGUAGE/`."""
    files = tuple(sorted(folder.glob("*/*.yml")))
    counts: dict[str, Counter[str]] = {}
    entities: set[str] = set()
    for path in files:
        for intent, lines in _intents(path):
            counts.setdefault(path.parent.name, Counter())[intent] += len(lines)
            entities |= {found for line in lines for found in _entities(line)}
    return Examples(files, {k: dict(v) for k, v in counts.items()}, frozenset(entities))


def _intents(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each intent of a file with its examples, as Rasa writes them down: one a line."""
    for block in _BLOCK.split(path.read_text())[1:]:
        intent, _, rest = block.partition("\n")
        lines = [line.strip() for line in rest.splitlines()]
        yield intent.strip(), [line for line in lines if line.startswith("- ")]


def _entities(line: str) -> Iterator[str]:
    for plain, rich in _ENTITY.findall(line):
        yield plain or rich
