"""Figures of junctions: the codec beside pysnmp, the guard under fuzz, adaptive control in SUMO.

The scenarios are those of the samples; nothing is tuned to one of them.
"""

import os
from collections.abc import Iterator

from benchmarks.report import Metric

# libsumo warns on the standard output of another pyarrow, which we never load beside it.
os.environ.setdefault("LIBSUMO_AS_TRACI", "quiet")


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.signals import adaptive, backup, feeds, fuzzing, ntcip, speeds, walkers

    yield ntcip.measure()
    yield from fuzzing.measure()
    yield backup.measure()
    yield from walkers.measure(quick)
    yield from feeds.measure(quick)
    yield from speeds.measure(quick)
    yield from adaptive.measure(seeds=2 if quick else 10)
