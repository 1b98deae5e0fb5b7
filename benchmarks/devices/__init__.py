"""Figures of the way in: how fast, how soon on a screen, and whether anything is lost.

`ingest_http_obs_per_s` is measured through a real web process with dedupe, last values and one
receiver, beside a bare binary COPY of the same rows into the same partitions and indexes.
"""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.devices import ingest, kills, mqtt
    from benchmarks.devices.stage import opened_stage

    with opened_stage("devices", fill="benchmarks.devices.fill") as stage:
        yield from ingest.measure(stage)
        if not quick:
            yield mqtt.measure(stage)
            yield kills.measure(stage)
