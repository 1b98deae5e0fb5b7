"""One gauge after the other rises over its alarm level."""

import time

from apps.base import work
from apps.notify.models import Chunk
from benchmarks.hazards.fill import GATEWAY, GAUGES
from benchmarks.hazards.push import minutes_ago, waited
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows


def flood_each() -> list[float]:
    _say(*((n, 0.5, 20) for n in range(GAUGES)))
    _say(*((n, 0.9, 10) for n in range(GAUGES)))
    while work.sweep():
        pass
    return [_flood(n) for n in range(GAUGES)]


def _flood(number: int) -> float:
    """Seconds from handing the reading in until another chunk is committed."""
    before = Chunk.objects.count()
    begun = time.perf_counter()
    _say((number, 1.5, 0))
    while Chunk.objects.count() == before:
        work.sweep(1)
        waited(begun)
    return waited(begun)


def _say(*rows: tuple[int, float, int]) -> None:
    accept(
        read_rows([
            {"datastream": f"stage-{n}", "phenomenonTime": minutes_ago(ago), "result": value}
            for n, value, ago in rows
        ]),
        known_as(GATEWAY),
    )  # fmt: skip
