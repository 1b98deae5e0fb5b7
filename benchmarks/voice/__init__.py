"""Figures of the telephone: whole calls by synthetic callers over AudioSocket, what the embedded
recogniser hears on saved telephone recordings, many calls at once, and callers who hang up.
"""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.devices.stage import opened_stage
    from benchmarks.voice import calls, hearing, load, losing
    from benchmarks.voice.doors import opened_doors

    yield from hearing.measure()
    with opened_stage("voice", fill="benchmarks.voice.fill"):
        import django

        django.setup()
        with opened_doors() as doors:
            yield from calls.measure(doors, quick=quick)
            yield from load.measure(doors, quick=quick)
            yield from losing.measure(doors, quick=quick)
