"""Ten thousand sequences of arbitrary wishes and calls on arbitrary junctions."""

import random
from collections.abc import Iterator

from benchmarks.report import Metric
from benchmarks.signals.referee import any_junction, fuzz

SEQUENCES, STEPS = 10_000, 60


def measure() -> Iterator[Metric]:
    chance = random.Random(10_000)
    conflicts = minimums = 0
    for _ in range(SEQUENCES):
        referee = fuzz(any_junction(chance), chance, STEPS)
        conflicts += referee.conflicts
        minimums += referee.broken_minimums
    case = f"{SEQUENCES} sequences of {STEPS} commands"
    yield Metric("conflicting_greens", case, conflicts, "count", "limit", 0.0)
    yield Metric("broken_minimums", case, minimums, "count", "limit", 0.0)
