"""One gauge after the other rises over its alarm level."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from apps.base import work
from apps.notify.models import Chunk
from benchmarks.hazards.fill import GATEWAY, GAUGES
from benchmarks.hazards.push import minutes_ago, waited
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from handing the reading in."""

    to_outbox_s: float
    to_push_s: float


def flood_each(arrived: Callable[[], int]) -> list[Times]:
    """`arrived` counts pushes at the other end. The first gauge warms everything up."""
    _say(*((n, 0.5, 20) for n in range(GAUGES)))
    _say(*((n, 0.9, 10) for n in range(GAUGES)))
    while work.sweep():
        pass
    return [_flood(n, arrived) for n in range(GAUGES)][1:]


def _flood(number: int, arrived: Callable[[], int]) -> Times:
    chunks, pushes = Chunk.objects.count(), _settled(arrived)
    begun = time.perf_counter()
    _say((number, 1.5, 0))
    while Chunk.objects.count() == chunks:
        work.sweep(1)
        waited(begun)
    to_outbox_s = waited(begun)
    while arrived() == pushes:
        time.sleep(0.005)
        waited(begun)
    return Times(to_outbox_s, waited(begun))


def _settled(arrived: Callable[[], int]) -> int:
    """How many have arrived once all that was told before is sent."""
    begun = time.perf_counter()
    while Chunk.objects.waiting().filter(transport="fcm").exists():
        time.sleep(0.05)
        waited(begun)
    return arrived()


def _say(*rows: tuple[int, float, int]) -> None:
    accept(
        read_rows([
            {"datastream": f"stage-{n}", "phenomenonTime": minutes_ago(ago), "result": value}
            for n, value, ago in rows
        ]),
        known_as(GATEWAY),
    )  # fmt: skip
