"""From a reading over the alarm level to chunks in the outbox, with a policy agreed on beforehand:
through the one way in, the work rows as a woken worker takes them, the assessment, the policy, the
alert and its audience. What the sender adds until the first phone is `first_push_s` of notify.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import django
import numpy as np

from benchmarks.devices.stage import opened_stage
from benchmarks.report import Metric

PATIENCE_S = 30.0


def measure() -> Iterator[Metric]:
    with opened_stage("hazards", fill="benchmarks.hazards.fill"):
        with suppress(RuntimeError):
            django.setup()
        from benchmarks.hazards.flooding import flood_each

        seconds = np.array(flood_each())
    yield Metric("reading_to_outbox_s", "p95, policy agreed on", float(np.quantile(seconds, 0.95)),
                 "s", "limit", 5.0)  # fmt: skip
    yield Metric("reading_to_outbox_s", "p50", float(np.median(seconds)), "s")


def minutes_ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def waited(begun: float) -> float:
    """Raises TimeoutError."""
    taken = time.perf_counter() - begun
    if taken > PATIENCE_S:
        raise TimeoutError("no alert left in time")
    return taken
