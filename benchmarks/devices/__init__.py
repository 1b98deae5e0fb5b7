"""Figures of the way in: how fast, how soon on a screen, how soon silence is noticed, and whether
anything is lost.

`ingest_http_obs_per_s` is measured through a real web process with dedupe, last values and one
receiver, beside a bare binary COPY of the same rows into the same partitions and indexes.
"""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.devices import ingest, kills, mqtt, silence, sockets
    from benchmarks.devices.stage import opened_stage

    with opened_stage("devices", fill="benchmarks.devices.fill") as stage:
        by_http = ingest.measure(stage)
        yield by_http
        yield sockets.measure(stage, rows_per_s=by_http.value)
        if not quick:
            yield mqtt.measure(stage)
            yield silence.measure(stage)
            yield kills.measure(stage)
