"""From a reading over the alarm level to the first phone, with a policy agreed on beforehand:
through the one way in, the work rows as a woken worker takes them, the assessment, the policy, the
alert and its audience, the outbox, and a sender process on its way to the loopback of Google's
door, 50 ms away over TLS. `reading_to_outbox_s` is the part until chunks are committed.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import django
import numpy as np

from benchmarks.devices.stage import opened_stage
from benchmarks.notify.peer import opened_peer
from benchmarks.notify.tellings import start_sender
from benchmarks.report import Metric

PATIENCE_S = 120.0


def measure() -> Iterator[Metric]:
    with opened_stage("hazards", fill="benchmarks.hazards.fill") as stage, opened_peer() as peer:
        with suppress(RuntimeError):
            django.setup()
        from benchmarks.hazards.flooding import flood_each

        sender = start_sender(stage, peer)
        try:
            times = flood_each(lambda: len(peer.ask("counts")["arrivals"]))
        finally:
            sender.kill()
            sender.wait()
    for name, seconds in (
        ("reading_to_first_push_s", np.array([one.to_push_s for one in times])),
        ("reading_to_outbox_s", np.array([one.to_outbox_s for one in times])),
    ):
        case = f"p95 of {len(times)}, policy agreed on"
        yield Metric(name, case, float(np.quantile(seconds, 0.95)), "s", "limit", 5.0)
        yield Metric(name, "p50", float(np.median(seconds)), "s")


def minutes_ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def waited(begun: float) -> float:
    """Raises TimeoutError."""
    taken = time.perf_counter() - begun
    if taken > PATIENCE_S:
        raise TimeoutError("no alert left in time")
    return taken
