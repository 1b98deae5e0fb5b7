"""The examples: written ones, a file a language and intent in Rasa's own format, and those that the
patterns of a language (`*.txt`) make."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from apps.assistant.rasa.training.patterns import sentences

FOLDER = Path(__file__).resolve().parent.parent / "nlu"
_BLOCK = re.compile(r"^\s*- intent:", re.MULTILINE)
_PLACE = re.compile(r"\[[^\]]+\]\(place\)")
ANY_PLACE = "[{any place}](place)"
RENAMED = 3
_ENTITY = re.compile(r"\[[^\]]+\]\((\w+)\)|\[[^\]]+\]\{\"entity\":\s*\"(\w+)\"")


@dataclass(frozen=True, slots=True)
class Examples:
    """How many examples each intent has in each language, and which entities are marked. `made` is
    what a language's patterns say, by intent."""

    files: tuple[Path, ...]
    counts: dict[str, dict[str, int]]
    entities: frozenset[str]
    made: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def intents(self) -> list[str]:
        return sorted({intent for counts in self.counts.values() for intent in counts})


def read_examples(folder: Path = FOLDER) -> Examples:
    """All files below `folder/LANGUAGE/`."""
    files = tuple(sorted(folder.glob("*/*.yml")))
    made = {path.name: _made(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    written = ((path.parent.name, _intents(path)) for path in files)
    drawn = ((language, intents.items()) for language, intents in made.items())
    counts: dict[str, Counter[str]] = {}
    entities: set[str] = set()
    for language, intents in chain(written, drawn):
        for intent, lines in intents:
            counts.setdefault(language, Counter())[intent] += len(lines)
            entities |= {found for line in lines for found in _entities(line)}
    return Examples(files, {k: dict(v) for k, v in counts.items()}, frozenset(entities), made)


def _made(folder: Path) -> dict[str, list[str]]:
    patterns = [path.read_text() for path in sorted(folder.glob("*.txt"))]
    written = [pair for path in sorted(folder.glob("*.yml")) for pair in _intents(path)]
    return sentences([*patterns, *_elsewhere(written)]) if patterns else {}


def _elsewhere(written: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    """What was written of a few places, said of any: names must not be learnt by heart."""
    for intent, lines in written:
        placed = (_PLACE.sub(ANY_PLACE, line.removeprefix("- ")) for line in lines)
        found = dict.fromkeys(line for line in placed if ANY_PLACE in line)
        yield "\n".join([f"## {intent}", *(f"{RENAMED}* {line}" for line in found)])


def _intents(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each intent of a file with its examples, as Rasa writes them down: one a line."""
    for block in _BLOCK.split(path.read_text())[1:]:
        intent, _, rest = block.partition("\n")
        lines = [line.strip() for line in rest.splitlines()]
        yield intent.strip(), [line for line in lines if line.startswith("- ")]


def _entities(line: str) -> Iterator[str]:
    for plain, rich in _ENTITY.findall(line):
        yield plain or rich
