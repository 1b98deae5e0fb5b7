"""`first_push_s` and `push_100k_s`: from an officer's yes to the first phone and to all."""

import time
from collections.abc import Iterator
from contextlib import suppress

from benchmarks.devices.stage import Stage
from benchmarks.notify.peer import Peer
from benchmarks.notify.tellings import forget_tellings, start_sender, tell_phones, wait_until
from benchmarks.report import Metric

COUNT = 100_000


def measure(stage: Stage, peer: Peer) -> Iterator[Metric]:
    sender = start_sender(stage, peer)
    try:
        tell_phones(stage, 500, key="warm")
        wait_until(500, stage)
        first_s = _first(stage, peer)
        yield Metric("first_push_s", "after approval", first_s, "s", "limit", 2.0)
        forget_tellings(stage)
        started = time.monotonic()
        tell_phones(stage, COUNT, key="all")
        wait_until(COUNT, stage)
        took_s = time.monotonic() - started
        yield Metric("push_100k_s", "one process, 50 ms, TLS", took_s, "s", "limit", 25.0)
    finally:
        sender.kill()
        sender.wait()
        forget_tellings(stage)


def _first(stage: Stage, peer: Peer) -> float:
    """An alert is drafted, submitted and approved through the services, with all that follows."""
    import django

    with suppress(RuntimeError):
        django.setup()
    from benchmarks.notify.desk import approve_one

    peer.ask("reset")
    started = time.monotonic()
    approve_one()
    while not peer.ask("counts")["arrivals"]:
        time.sleep(0.01)
    return time.monotonic() - started
