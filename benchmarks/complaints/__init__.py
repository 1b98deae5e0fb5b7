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
        fill,
        identifiers,
        public_list,
        routing,
    )
    from benchmarks.devices.stage import opened_stage

    yield deadlines.measure()
    yield from duplicates.measure()
    yield identifiers.measure_found()
    with opened_stage("complaints", fill="benchmarks.complaints.fill") as stage:
        yield conformance.measure()
        # What is exported is read whole, which would take long with a million.
        yield identifiers.measure_leaks()
        yield from routing.measure()
        stored = fill.FEW if quick else fill.grown()
        yield from public_list.measure(stage, stored=stored)
        if not quick:
            yield duplicates.measure_speed()
    yield from clinc.measure(quick=quick)
