"""Dalbit's weather and what the river makes of it: made up, but the same whenever one asks.

Rain falls in showers drawn for each day from the seed, and in storms that somebody ordered. The
river is the rain of the last two days through two unit hydrographs, more of it running off the
wetter the ground. It is not the model that forecasts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEP_S = 600
MEMORY_STEPS = 2 * 144
WET_MONTHS = (6, 7, 8, 9)
# Rain at a gauge as a share of the town's.
EXPOSURE = {"RAIN-SUMMIT": 1.25, "RAIN-DONGSAN": 1.0, "RAIN-CITYHALL": 0.85}
HILLS = ("RAIN-SUMMIT", "RAIN-DONGSAN")


@dataclass(frozen=True, slots=True)
class Storm:
    """So much rain in so many hours from then on, most of it in the middle."""

    starts_at: datetime
    hours: float
    mm: float


@dataclass(frozen=True, slots=True)
class Basin:
    """`flow = scale · stage^power` at the gauge; `lag_s` is the way from the hills."""

    area_km2: float
    scale: float
    power: float
    base_m3_s: float
    lag_s: float

    def stage(self, flow_m3_s: Floats) -> Floats:
        stage: Floats = (np.maximum(flow_m3_s, 0.0) / self.scale) ** (1 / self.power)
        return stage

    def rating(self) -> tuple[tuple[float, float], ...]:
        stages = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0)
        return tuple((stage, round(self.scale * stage**self.power, 2)) for stage in stages)


BASINS = {
    "STAGE-EUNHAENG": Basin(22.0, 14.0, 1.7, 1.2, 0.0),
    "STAGE-DALBIT": Basin(40.0, 22.0, 1.7, 2.4, 1200.0),
}


def rain_mm_h(gauge: str, at_s: Floats, *, seed: int, storms: Sequence[Storm] = ()) -> Floats:
    """Intensity at instants (seconds since 1970)."""
    intensity = np.zeros_like(at_s)
    for storm in (*_showers(at_s.min(), at_s.max(), seed), *storms):
        share = (at_s - storm.starts_at.timestamp()) / (3600 * storm.hours)
        inside = (share > 0) & (share < 1)
        # sin² holds half of its time: doubled, the amount is right.
        intensity += np.where(inside, 2 * np.sin(np.pi * share) ** 2 * storm.mm / storm.hours, 0.0)
    exposed: Floats = intensity * EXPOSURE[gauge]
    return exposed


def _showers(first_s: float, last_s: float, seed: int) -> list[Storm]:
    """Of all days that can reach into the span."""
    first, last = int(first_s // 86_400) - 1, int(last_s // 86_400)
    found = (_shower(day, seed) for day in range(first, last + 1))
    return [storm for storm in found if storm is not None]


def _shower(day: int, seed: int) -> Storm | None:
    draw = Random(f"{seed}:rain:{day}")
    begin = datetime.fromtimestamp(day * 86_400, UTC)
    wet = begin.month in WET_MONTHS
    if draw.random() > (0.45 if wet else 0.25):
        return None
    mm = min(draw.expovariate(1 / (30.0 if wet else 12.0)), 160.0)
    return Storm(begin + timedelta(hours=24 * draw.random()), draw.uniform(2.0, 9.0), mm)


def discharge_m3_s(
    basin: Basin, at_s: Floats, *, seed: int, storms: Sequence[Storm] = ()
) -> Floats:
    """At instants of the ten-minute grid, in order and without gaps."""
    grid = np.arange(at_s[0] - MEMORY_STEPS * STEP_S, at_s[-1] + 1, STEP_S) - basin.lag_s
    rain = np.mean([rain_mm_h(g, grid, seed=seed, storms=storms) for g in HILLS], axis=0)
    fallen = rain * STEP_S / 3600
    sums = np.concatenate([[0.0], np.cumsum(fallen)])
    rows = np.arange(1, len(sums))
    wet = sums[rows] - sums[np.maximum(rows - MEMORY_STEPS, 0)]
    running = fallen * (0.2 + 0.55 * (1 - np.exp(-wet / 60)))
    spread = np.convolve(running, _unit_hydrograph())[: len(running)]
    flow: Floats = basin.base_m3_s + spread[-len(at_s) :] * basin.area_km2 * 1000 / STEP_S
    return flow


def _unit_hydrograph() -> Floats:
    """Two cascades of three reservoirs: a quick one and what comes after it (sums to 1)."""
    hours = (np.arange(MEMORY_STEPS) + 0.5) * STEP_S / 3600
    quick, slow = (hours**2 * np.exp(-hours / k) for k in (0.4, 2.5))
    whole: Floats = 0.75 * quick / quick.sum() + 0.25 * slow / slow.sum()
    return whole


def underpass_depth_m(at_s: Floats, *, seed: int, storms: Sequence[Storm] = ()) -> Floats:
    """Water in the underpass on the ten-minute grid: pumps take 35 mm an hour, the rest stands."""
    grid = np.arange(at_s[0] - 36 * STEP_S, at_s[-1] + 1, STEP_S)
    rain = rain_mm_h("RAIN-CITYHALL", grid, seed=seed, storms=storms)
    depth, depths = 0.0, []
    for intensity in rain:
        depth = min(max(depth + (intensity - 35.0) * 0.004, 0.0), 1.6)
        depths.append(depth)
    return np.round(np.array(depths[-len(at_s) :]), 3)


def grid_before(at: datetime, steps: int) -> Floats:
    """The last steps of the ten-minute grid up to an instant, as seconds since 1970."""
    last = at.timestamp() // STEP_S * STEP_S
    return last - STEP_S * np.arange(steps - 1, -1, -1, dtype=np.float64)
