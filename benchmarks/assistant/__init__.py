"""Figures of the assistant: nothing lost by the tokenizer, on the way or in a crash; how fast, how
big. What it understands is measured on suites that no training ever saw.

`python -m benchmarks.assistant PART… [--quick]` takes some of the figures alone.
"""

from collections.abc import Collection, Iterator

from benchmarks.parts import Part, taken
from benchmarks.report import Metric


def run(quick: bool, parts: Collection[str] = ()) -> Iterator[Metric]:
    yield from taken(PARTS, parts or (QUICK if quick else PARTS), quick=quick)


def _tokenizer(_quick: bool) -> Iterator[Metric]:
    from benchmarks.assistant import tokenizer

    yield tokenizer.measure()


def _events(quick: bool) -> Iterator[Metric]:
    from benchmarks.assistant import events
    from benchmarks.devices.stage import opened_stage

    with opened_stage("events", fill="benchmarks.assistant.fill") as stage:
        yield from events.measure(stage, count=500 if quick else 10_000)


def _engine(_quick: bool) -> Iterator[Metric]:
    """One engine for all that is asked of a running one; the last of them kills it."""
    from benchmarks.assistant import engine, kakao, leaks, speed
    from benchmarks.devices.stage import opened_stage

    with (
        opened_stage("engine", fill="benchmarks.assistant.fill") as stage,
        engine.opened_engine(stage) as rasa,
    ):
        yield from engine.measure_memory(rasa)
        yield from speed.measure(stage)
        yield leaks.measure(stage, rasa)
        yield kakao.measure(stage, rasa)


def _training(_quick: bool) -> Iterator[Metric]:
    from benchmarks.assistant import engine
    from benchmarks.devices.stage import opened_stage

    with opened_stage("training", fill="benchmarks.assistant.fill"):
        yield from engine.measure_training()


def _understanding(_quick: bool) -> Iterator[Metric]:
    from benchmarks.assistant import understanding
    from benchmarks.devices.stage import opened_stage

    with opened_stage("understanding", fill="benchmarks.assistant.fill"):
        yield from understanding.measure()


def _scripts(_quick: bool) -> Iterator[Metric]:
    from benchmarks.assistant import engine, scripts
    from benchmarks.devices.stage import opened_stage

    with (
        opened_stage("conversations", fill="benchmarks.assistant.fill_town") as stage,
        engine.opened_engine(stage),
    ):
        yield from scripts.measure(stage)


PARTS: dict[str, Part] = {
    "tokenizer": _tokenizer,
    "events": _events,
    "engine": _engine,
    "scripts": _scripts,
    "understanding": _understanding,
    "training": _training,
}
QUICK = ("tokenizer", "events")
