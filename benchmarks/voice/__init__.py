"""Figures of the telephone: whole calls by synthetic callers over AudioSocket, what the embedded
recogniser hears on saved telephone recordings, many calls at once, and callers who hang up.

`python -m benchmarks.voice PART… [--quick]` takes some of the figures alone.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from benchmarks.report import Metric
from benchmarks.voice import calls, hearing, load, losing
from benchmarks.voice.doors import opened_doors

ON_THE_LINE: dict[str, Callable[..., Iterator[Metric]]] = {
    "calls": calls.measure,
    "barge_in": calls.measure_interruptions,
    "load": load.measure,
    "losing": losing.measure,
}
PARTS = ("hearing", *ON_THE_LINE)


def run(quick: bool, parts: Collection[str] = PARTS) -> Iterator[Metric]:
    if "hearing" in parts:
        yield from hearing.measure()
    wanted = [part for part in ON_THE_LINE if part in parts]
    if wanted:
        yield from _on_the_line(wanted, quick=quick)


def _on_the_line(parts: Sequence[str], *, quick: bool) -> Iterator[Metric]:
    from benchmarks.devices.stage import opened_stage

    with opened_stage("voice", fill="benchmarks.voice.fill"):
        import django

        django.setup()
        with opened_doors() as doors:
            for part in parts:
                yield from ON_THE_LINE[part](doors, quick=quick)
