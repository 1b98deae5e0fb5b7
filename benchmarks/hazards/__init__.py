"""Figures of hazards: rivers foreseen, an underpass watched, polygons drawn, walls listened to."""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.hazards import catchment, polygons, push, underpass, walls

    yield from walls.measure()
    yield from underpass.measure()
    yield from polygons.measure()
    yield from catchment.measure(quick=quick)
    if not quick:
        yield from push.measure()
