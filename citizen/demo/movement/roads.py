"""Detectors in Dalbit's streets: how many cars went over them in half a minute, and how fast.

Nothing is remembered: the flow of a street at an instant is a function of seed, street and instant.
Streets are slow in the morning towards the middle of town and in the evening out of it.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from apps.traffic.models import LinkSensor
from citizen.demo.movement.watchers import Word, on_beat

EVERY_S = 30
PEAKS_H = ((8.2, 1.1, 0.75), (13.0, 1.5, 0.35), (18.3, 1.4, 0.85))  # hour, width, how much of all
NIGHT_SHARE = 0.06
MOST_PER_H = 720.0
SLOWEST = 0.25  # of the free speed, in the worst of the rush


@dataclass(frozen=True)
class RoadDetector:
    """One street's speed or count, on a beat."""

    datastream: str
    street: str
    free_mps: float
    seed: int
    counts: bool

    def words(self, now: datetime, zone: ZoneInfo) -> Iterator[Word]:
        at = on_beat(now, EVERY_S)
        load = self._load(at.astimezone(zone))
        if self.counts:
            count = load * MOST_PER_H * EVERY_S / 3600 * (0.7 + 0.6 * self._chance(at, "count"))
            yield Word(at, self.datastream, float(round(count)))
            return
        share = 1.0 - (1.0 - SLOWEST) * min(load * self._narrow(), 1.0) ** 2
        noise = 1.0 + 0.08 * (self._chance(at, "speed") - 0.5)
        yield Word(at, self.datastream, round(self.free_mps * 3.6 * share * noise, 1))

    def _load(self, local: datetime) -> float:
        """Share of what the street can take."""
        hour = local.hour + local.minute / 60
        weekend = 0.6 if local.weekday() >= 5 else 1.0
        peaks = sum(most * math.exp(-(((hour - at) / wide) ** 2)) for at, wide, most in PEAKS_H)
        return min(NIGHT_SHARE + weekend * peaks, 1.0)

    def _narrow(self) -> float:
        """Some streets fill sooner than others."""
        return 0.6 + 0.8 * self._share(self.street)

    def _chance(self, at: datetime, what: str) -> float:
        return self._share(f"{self.street} {what} {at.timestamp():.0f}")

    def _share(self, of: str) -> float:
        digest = blake2b(f"{self.seed} {of}".encode(), digest_size=4).digest()
        return int.from_bytes(digest, "big") / 2**32


def roads_by_gateway(gateways: Iterable[str], *, seed: int) -> dict[str, list[RoadDetector]]:
    """A detector for each datastream that speaks of a link, by the gateway's code."""
    sensors = LinkSensor.objects.filter(datastream__gateway__code__in=list(gateways))
    found: dict[str, list[RoadDetector]] = {}
    for sensor in sensors.select_related("datastream__gateway", "link").order_by("pk"):
        detector = RoadDetector(
            sensor.datastream.code, sensor.link.code, sensor.link.free_mps, seed,
            sensor.role == LinkSensor.Role.COUNT,
        )  # fmt: skip
        found.setdefault(sensor.datastream.gateway.code, []).append(detector)
    return found
