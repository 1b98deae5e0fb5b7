"""Figures of cameras: bays seen, traffic and people followed, events found, cameras a core.

`python -m benchmarks.vision PART… [--quick]` takes some of the figures alone; the half hour of
`memory_growth_mb` is always a run of its own: `python -m benchmarks.vision.memory`.
"""

from collections.abc import Collection, Iterator

import cv2

from benchmarks.parts import Part, taken
from benchmarks.report import Metric


def run(quick: bool, parts: Collection[str] = ()) -> Iterator[Metric]:
    cv2.setNumThreads(1)
    yield from taken(PARTS, parts or (QUICK if quick else PARTS), quick=quick)


def _occupancy(_quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import occupancy

    yield from occupancy.measure()


def _health(quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import health

    yield from health.measure(quick=quick)


def _load(quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import load

    yield from load.measure(quick=quick)


def _highway(_quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import highway

    yield from highway.measure()


def _pets(_quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import pets

    yield from pets.measure()


def _events(_quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import events

    yield from events.measure()


def _quiet(_quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import quiet

    yield from quiet.measure()


def _connection(quick: bool) -> Iterator[Metric]:
    from benchmarks.vision import connection

    yield from connection.measure(quick=quick)


PARTS: dict[str, Part] = {
    "occupancy": _occupancy,
    "health": _health,
    "load": _load,
    "highway": _highway,
    "pets": _pets,
    "events": _events,
    "quiet": _quiet,
    "connection": _connection,
}
QUICK = ("occupancy", "health", "load", "connection")
