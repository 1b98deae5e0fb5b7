"""Figures of complaints: Open311, deadlines, routing, duplicates, personal data, speed.

Routing is measured on sentences of our own that no training ever saw (`sets/`); intent accuracy on
CLINC150 (Larson et al., EMNLP 2019), which lies beside the project.
"""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.complaints import (
        clinc,
        conformance,
        deadlines,
        duplicates,
        identifiers,
        public_list,
        routing,
    )
    from benchmarks.devices.stage import opened_stage

    yield deadlines.measure()
    yield from duplicates.measure()
    yield identifiers.measure_found()
    filler = "benchmarks.complaints.fill_few" if quick else "benchmarks.complaints.fill"
    with opened_stage("complaints", fill=filler) as stage:
        yield conformance.measure()
        yield identifiers.measure_leaks()
        yield from routing.measure()
        yield from public_list.measure(stage, quick=quick)
        if not quick:
            yield duplicates.measure_speed()
    yield from clinc.measure(quick=quick)
