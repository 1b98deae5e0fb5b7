"""What Dalbit's gauges, walls and detectors say, every minute or when they have heard something."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

from citizen.demo.movement.watchers import Word, on_beat
from citizen.demo.movement.weather import (
    BASINS,
    STEP_S,
    Storm,
    discharge_m3_s,
    grid_before,
    rain_mm_h,
    underpass_depth_m,
)

Storms = Callable[[], Sequence[Storm]]
Since = Callable[[], datetime | None]

GAUGE_EVERY_S = 60
WINDOW_S, WALL_EVERY_S, WALL_HZ = 120, 600, 25.6
WALL_MODES_HZ = (3.4, 5.1, 8.2)
WEAKER = 0.96
SENT_WITHIN_S = 20


@dataclass(frozen=True)
class RainGauge:
    """The rain of the last minute, in millimetres."""

    datastream: str
    gauge: str
    seed: int
    storms: Storms

    def words(self, now: datetime, _zone: ZoneInfo) -> Iterator[Word]:
        at = on_beat(now, GAUGE_EVERY_S)
        middle = np.array([at.timestamp() - GAUGE_EVERY_S / 2])
        fallen = rain_mm_h(self.gauge, middle, seed=self.seed, storms=self.storms())[0]
        yield Word(at, self.datastream, round(float(fallen) * GAUGE_EVERY_S / 3600, 3))


@dataclass(frozen=True)
class StageGauge:
    """The river's stage in metres, between two steps of its ten-minute grid a straight line."""

    datastream: str
    station: str
    seed: int
    storms: Storms

    def words(self, now: datetime, _zone: ZoneInfo) -> Iterator[Word]:
        at = on_beat(now, GAUGE_EVERY_S)
        basin = BASINS[self.station]
        grid = grid_before(at, 2)
        flow = discharge_m3_s(basin, grid, seed=self.seed, storms=self.storms())
        ahead = grid[-1:] + STEP_S
        after = discharge_m3_s(basin, ahead, seed=self.seed, storms=self.storms())
        share = (at.timestamp() - grid[-1]) / STEP_S
        stage = basin.stage(np.array([flow[-1] * (1 - share) + after[0] * share]))[0]
        ripple = Random(f"{self.station}:{at.timestamp():.0f}").gauss(0, 0.004)
        yield Word(at, self.datastream, round(float(stage) + ripple, 3))


@dataclass(frozen=True)
class DepthGauge:
    """Water in the underpass."""

    datastream: str
    seed: int
    storms: Storms

    def words(self, now: datetime, _zone: ZoneInfo) -> Iterator[Word]:
        at = on_beat(now, GAUGE_EVERY_S)
        depth = underpass_depth_m(grid_before(at, 2), seed=self.seed, storms=self.storms())[-1]
        yield Word(at, self.datastream, float(depth))


@dataclass(frozen=True)
class Wall:
    """Two minutes of a wall's trembling every ten, at a rate its gateway agreed to."""

    datastream: str
    channel: int
    seed: int
    weak_since: Since

    def words(self, now: datetime, _zone: ZoneInfo) -> Iterator[Word]:
        begin = on_beat(now - timedelta(seconds=WINDOW_S), WALL_EVERY_S)
        if now - begin > timedelta(seconds=WINDOW_S + SENT_WITHIN_S):
            return
        count = int(WINDOW_S * WALL_HZ)
        samples = self._samples(begin, count)
        for n in range(count):
            at = begin + timedelta(seconds=(n + 1) / WALL_HZ)
            yield Word(at, self.datastream, round(float(samples[n]), 5))

    def _samples(self, begin: datetime, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Modes driven by noise (mm/s); channels differ by the modes' shapes."""
        dice = np.random.default_rng([self.seed, int(begin.timestamp())])
        weak = self.weak_since()
        slower = WEAKER if weak is not None and weak <= begin else 1.0
        t = np.arange(count) / WALL_HZ
        total = dice.normal(0, 0.004, count + self.channel)[-count:]
        for number, hertz in enumerate(WALL_MODES_HZ):
            shape = (1.0, -0.6)[self.channel] if number == 1 else 1.0
            pushes = dice.normal(0, 1.0, count)
            usual = hertz * (1 - 0.0006 * max(wall_temperature_c(begin), 0.0)) * slower
            ring = np.exp(-0.02 * 2 * np.pi * usual * t) * np.sin(2 * np.pi * usual * t)
            total = total + shape * 0.01 * np.convolve(pushes, ring)[:count]
        return total


def wall_temperature_c(at: datetime) -> float:
    """A Korean year without weather."""
    day = at.timetuple().tm_yday
    return 12.0 - 14.0 * float(np.cos(2 * np.pi * (day - 20) / 365.25))


@dataclass(frozen=True)
class Thermometer:
    datastream: str

    def words(self, now: datetime, _zone: ZoneInfo) -> Iterator[Word]:
        at = on_beat(now, WALL_EVERY_S)
        yield Word(at, self.datastream, round(wall_temperature_c(at), 2))


@dataclass(frozen=True)
class SmokeDetector:
    """Quiet until something burns; the second one hears of it a little later."""

    datastream: str
    delay_s: float
    burning_since: Since

    def words(self, now: datetime, _zone: ZoneInfo) -> Iterator[Word]:
        since = self.burning_since()
        at = on_beat(now, GAUGE_EVERY_S)
        if since is None:
            yield Word(at, self.datastream, 0.0)
            return
        heard = since + timedelta(seconds=self.delay_s)
        yield Word(heard.astimezone(UTC) if at < heard <= now else at, self.datastream,
                   float(now >= heard))  # fmt: skip
