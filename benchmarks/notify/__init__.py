"""Figures of delivery: how fast one sender pushes, what a crash costs, and how soon the first phone
wakes. The other end is our loopback FCM: OAuth and HTTP v1 over TLS, in a process of its own, with
50 ms to think."""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.devices.stage import opened_stage
    from benchmarks.notify import budget, firsts, kills, speed
    from benchmarks.notify.peer import opened_peer

    with opened_stage("notify", fill="benchmarks.notify.fill") as stage, opened_peer() as peer:
        yield from speed.measure(stage, peer)
        yield budget.measure(stage, peer)
        if not quick:
            yield from firsts.measure(stage, peer)
            yield from kills.measure(stage, peer)
