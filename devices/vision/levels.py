"""A zone's level over a period: how many, how full, how fast, how jammed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from devices.vision.arrays import Mask
from devices.vision.findings import Congestion, ZoneLevel
from devices.vision.ground import View
from devices.vision.scene import Zone
from devices.vision.tracking import Track

# Speeds above which a city street is free, slow, delayed (km/h); below the last it is jammed.
CITY_STREET_KMH = (25.0, 15.0, 8.0)


@dataclass(slots=True)
class _Sums:
    begun_s: float
    counts: list[int] = field(default_factory=list)
    covered: list[float] = field(default_factory=list)
    speeds_kmh: list[float] = field(default_factory=list)


class Levels:
    def __init__(self, zones: Sequence[Zone], view: View, every_s: float) -> None:
        self.zones, self.view, self.every_s = zones, view, every_s
        self._sums: dict[str, _Sums] = {}
        self._masks: dict[str, Mask] = {}

    def step(self, tracks: Sequence[Track], moving: Mask, at_s: float) -> Iterator[ZoneLevel]:
        for zone in self.zones:
            sums = self._sums.setdefault(zone.key, _Sums(at_s))
            if at_s - sums.begun_s >= self.every_s:
                yield self._level(zone, sums, at_s)
                sums = self._sums[zone.key] = _Sums(at_s)
            self._add(zone, sums, tracks, moving)

    def occupancy(self, zone: Zone) -> float:
        """The share covered at the latest look."""
        sums = self._sums.get(zone.key)
        return sums.covered[-1] if sums and sums.covered else 0.0

    def _add(self, zone: Zone, sums: _Sums, tracks: Sequence[Track], moving: Mask) -> None:
        inside = [track for track in tracks if zone.contains(track.box.foot)]
        sums.counts.append(len(inside))
        sums.covered.append(self._covered(zone, moving))
        if self.view.calibrated:
            sums.speeds_kmh += [track.speed_mps * 3.6 for track in inside]

    def _covered(self, zone: Zone, moving: Mask) -> float:
        height, width = moving.shape
        if zone.key not in self._masks or self._masks[zone.key].shape != moving.shape:
            self._masks[zone.key] = zone.mask(width, height)
        inside = self._masks[zone.key] > 0
        return float((moving[inside] > 0).mean()) if inside.any() else 0.0

    def _level(self, zone: Zone, sums: _Sums, at_s: float) -> ZoneLevel:
        count = float(np.mean(sums.counts))
        speed_kmh = float(np.median(sums.speeds_kmh)) if sums.speeds_kmh else None
        occupancy = float(np.mean(sums.covered))
        density = count / max(zone.area_m2(self.view), 1.0) if self.view.calibrated else None
        return ZoneLevel(
            zone=zone.key,
            begun_s=sums.begun_s,
            ended_s=at_s,
            count=count,
            occupancy=occupancy,
            speed_kmh=speed_kmh,
            density_per_m2=density,
            congestion=congestion(speed_kmh, occupancy) if self.view.calibrated else None,
        )


def congestion(
    speed_kmh: float | None,
    occupancy: float,
    thresholds_kmh: tuple[float, float, float] = CITY_STREET_KMH,
) -> Congestion:
    """An empty street is free; a lone slow vehicle makes no jam."""
    if speed_kmh is None or occupancy < 0.05:
        return Congestion.FREE
    free, slow, delayed = thresholds_kmh
    if speed_kmh >= free:
        return Congestion.FREE
    if speed_kmh >= slow:
        return Congestion.SLOW
    return Congestion.DELAYED if speed_kmh >= delayed else Congestion.JAMMED
