"""`first_push_s` and `push_100k_s`: from an officer's yes to the first phone and to all."""

import time
from collections.abc import Iterator
from contextlib import suppress

from benchmarks.devices.stage import Stage
from benchmarks.notify.peer import Peer
from benchmarks.notify.tellings import forget_tellings, start_sender, tell_phones, wait_until
from benchmarks.report import Metric

COUNT = 100_000
SENDERS = 2  # a core each, as on the smallest machine of a city


def measure(stage: Stage, peer: Peer) -> Iterator[Metric]:
    senders = [start_sender(stage, peer) for _one in range(SENDERS)]
    try:
        tell_phones(stage, 8_000, key="warm")
        wait_until(8_000, stage, gives_up_s=300)
        first_s = _first(stage, peer)
        yield Metric("first_push_s", "after approval", first_s, "s", "limit", 2.0)
        forget_tellings(stage)
        started = time.monotonic()
        tell_phones(stage, COUNT, key="all")
        wait_until(COUNT, stage, gives_up_s=600)
        took_s = time.monotonic() - started
        case = f"{SENDERS} processes, 50 ms, TLS"
        yield Metric("push_100k_s", case, took_s, "s", "limit", 25.0)
    finally:
        for sender in senders:
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
