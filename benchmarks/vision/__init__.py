"""Figures of cameras: bays seen, traffic and people followed, events found, cameras a core.

The half hour of `memory_growth_mb` is run by itself: `python -m benchmarks.vision.memory`.
"""

from collections.abc import Iterator

import cv2

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import connection, events, health, highway, load, occupancy, pets

    cv2.setNumThreads(1)
    yield from occupancy.measure()
    yield from health.measure(quick=quick)
    yield from load.measure(quick=quick)
    if not quick:
        yield from highway.measure()
        yield from pets.measure()
        yield from events.measure()
    yield from connection.measure(quick=quick)
