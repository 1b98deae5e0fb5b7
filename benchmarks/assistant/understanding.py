"""Intents and places on suites that were written by somebody who had not seen the training data
(`tests/assistant/heldout/`). Only this file reads them; it never shows a sentence."""

import csv
import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.assistant.elsewhere import elsewhere
from benchmarks.report import Metric, NotMeasuredError

ROOT = Path(__file__).resolve().parents[2]
SUITES = ROOT / "tests" / "assistant" / "heldout"
LANGUAGES = ("ko", "en")
NOTHING = ("inform", "nlu_fallback", "out_of_scope")
LEAST_ACCURACY, MOST_ACCEPTED, LEAST_F1 = 0.92, 0.05, 0.95
_READER = """
import asyncio, json, logging, sys, warnings
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import structlog
structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[1])
loop = asyncio.new_event_loop()
for line in sys.stdin:
    read = loop.run_until_complete(agent.parse_message(json.loads(line)))
    places = [one["value"] for one in read["entities"] if one["entity"] == "place"]
    print(json.dumps([read["intent"]["name"], places]), flush=True)
"""


def measure(config: str = "default") -> Iterator[Metric]:
    """With the model of the present examples, in the engine's own environment."""
    import django

    django.setup()
    from apps.assistant.rasa.training.model import model_path, train

    train(config=config)
    label = "" if config == "default" else f"{config.upper()}, "
    with opened_reader(model_path(config)) as reader:
        yield _places(reader, label)
        for language in LANGUAGES:
            yield from _intents(language, reader, label)
        for language in LANGUAGES:
            yield _elsewhere(language, reader, label)


@dataclass(frozen=True, slots=True)
class Reader:
    """A model, read by Rasa as in the running engine: the intent and the places of each text."""

    process: "subprocess.Popen[str]"

    def read(self, texts: Sequence[str]) -> list[Any]:
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:  # its libraries talk between
            if line.startswith("["):
                return json.loads(line)
        raise NotMeasuredError("Rasa does not read")

    def accepted(self, texts: Sequence[str]) -> float:
        """The share that is taken for one of our intents."""
        return sum(name not in NOTHING for name, _places in self.read(texts)) / len(texts)


@contextmanager
def opened_reader(model: Path) -> Iterator[Reader]:
    from apps.assistant.rasa.training.model import engine_environment, engine_python

    process = subprocess.Popen(
        [engine_python(), "-c", _READER, model], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=engine_environment(),
    )  # fmt: skip
    with process:
        yield Reader(process)


def _rows(name: str) -> list[list[str]]:
    with (SUITES / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]


def _intents(language: str, reader: Reader, label: str) -> Iterator[Metric]:
    rows, strange = _rows(f"intents_{language}.tsv"), _rows(f"out_of_scope_{language}.tsv")
    read = reader.read([text for _intent, text in rows])
    asked = Counter(intent for intent, _text in rows)
    right = Counter(
        intent for (intent, _text), (name, _p) in zip(rows, read, strict=True) if name == intent
    )
    macro = sum(right[intent] / asked[intent] for intent in asked) / len(asked)
    case = f"{label}{language}: {len(rows)} utterances, {len(asked)} intents"
    yield Metric("intent_macro_acc", case, macro, "share", "limit", LEAST_ACCURACY)
    accepted = reader.accepted([row[0] for row in strange])
    case = f"{label}{language}: {len(strange)} utterances"
    yield Metric("out_of_scope_accepted", case, accepted, "share", "limit", MOST_ACCEPTED)


def _elsewhere(language: str, reader: Reader, label: str) -> Metric:
    """What people say to other machines and to one another."""
    name, texts = elsewhere(language)
    case = f"{label}{language}: {len(texts)} of {name}"
    return Metric("elsewhere_accepted", case, reader.accepted(texts), "share")


def _places(reader: Reader, label: str) -> Metric:
    rows = _rows("places_ko.tsv")
    hit = wrong = missed = 0
    for (_text, *places), (_name, found) in zip(
        rows, reader.read([row[0] for row in rows]), strict=True
    ):
        meant, read = set(places), set(found)
        hit += len(meant & read)
        wrong += len(read - meant)
        missed += len(meant - read)
    f1 = 2 * hit / (2 * hit + wrong + missed)
    return Metric("location_f1", f"{label}ko: {len(rows)} phrases", f1, "F1", "limit", LEAST_F1)
