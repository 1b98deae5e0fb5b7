"""Figures of the assistant: nothing lost by the tokenizer, on the way or in a crash; how fast, how
big. What it understands is measured on suites that no training ever saw."""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.assistant import (
        engine,
        events,
        kakao,
        leaks,
        scripts,
        speed,
        tokenizer,
        understanding,
    )
    from benchmarks.devices.stage import opened_stage

    yield tokenizer.measure()
    with opened_stage("assistant", fill="benchmarks.assistant.fill") as stage:
        yield from events.measure(stage, count=500 if quick else 10_000)
        if quick:
            return
        with engine.opened_engine(stage) as rasa:
            yield engine.measure_memory(rasa)
            yield speed.measure(stage)
            yield leaks.measure(stage, rasa)
            yield kakao.measure(stage, rasa)
        yield from engine.measure_training()
    yield from understanding.measure()
    filled = opened_stage("conversations", fill="benchmarks.assistant.fill_town")
    with filled as stage, engine.opened_engine(stage):
        yield from scripts.measure()
