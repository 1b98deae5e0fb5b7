"""Figures of alerts: whom a flood reaches among a million, how soon that is in the outbox, and
whether ten thousand random histories are valid CAP."""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.alerts import histories

    yield histories.measure()
    if quick:
        return
    from benchmarks.alerts import million
    from benchmarks.devices.stage import opened_stage

    with opened_stage("alerts", fill="benchmarks.alerts.fill"):
        yield from million.measure()
