"""A guyed mast that was measured, a table of a standard, and a wall that is damaged on paper."""

import gzip
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from apps.hazards.core.din4150 import Line, Spot, guide_value
from apps.hazards.core.modal import decompose, modes
from apps.hazards.core.novelty import is_novel, learn
from benchmarks.report import Metric
from benchmarks.samples import sample_path

RATE_HZ = 28.4444
PEAKS_HZ = (1.22, 1.44, 2.11, 4.03, 4.78, 6.68, 7.61, 9.67)
Floats = NDArray[np.float64]

# The standard's table, written down a second time as (line, spot, hertz, mm/s); straight lines.
TABLE: list[tuple[Line, Spot, list[tuple[float, float]]]] = [
    (Line.COMMERCIAL, Spot.FOUNDATION, [(1, 20), (5, 20), (10, 20), (30, 30), (50, 40), (75, 45),
                                        (100, 50), (120, 50)]),
    (Line.RESIDENTIAL, Spot.FOUNDATION, [(1, 5), (5, 5), (10, 5), (30, 10), (50, 15), (75, 17.5),
                                         (100, 20), (120, 20)]),
    (Line.SENSITIVE, Spot.FOUNDATION, [(1, 3), (5, 3), (10, 3), (30, 5.5), (50, 8), (75, 9),
                                       (100, 10), (120, 10)]),
    (Line.COMMERCIAL, Spot.TOP_FLOOR, [(1, 40), (50, 40), (100, 40)]),
    (Line.RESIDENTIAL, Spot.TOP_FLOOR, [(1, 15), (50, 15), (100, 15)]),
    (Line.SENSITIVE, Spot.TOP_FLOOR, [(1, 8), (50, 8), (100, 8)]),
    (Line.COMMERCIAL, Spot.TOP_FLOOR_LONG_TERM, [(1, 10), (50, 10), (100, 10)]),
    (Line.RESIDENTIAL, Spot.TOP_FLOOR_LONG_TERM, [(1, 5), (50, 5), (100, 5)]),
    (Line.SENSITIVE, Spot.TOP_FLOOR_LONG_TERM, [(1, 2.5), (50, 2.5), (100, 2.5)]),
    (Line.COMMERCIAL, Spot.SLAB, [(1, 20), (50, 20), (100, 20)]),
]  # fmt: skip


def measure() -> Iterator[Metric]:
    for number in (1, 2):
        yield Metric("fdd_peak_bins_off", f"mast, measurement {number}", _bins_off(number), "bins",
                     "limit", 1.0)  # fmt: skip
    yield Metric("din_4150_mismatches", f"{_rows()} rows of the table", _mismatches(), "", "limit",
                 0.0)  # fmt: skip
    false, found = _novelty()
    yield Metric("novelty_false_alarm_share", "a healthy year", false, "", "limit", 0.02)
    yield Metric("novelty_detected_share", "3 % slower, after six hours", found, "", "limit", 1.0)


def _bins_off(number: int) -> float:
    """The farthest of the eight known peaks from the nearest that was found."""
    name = f"alerts/oma_measurement_{number}_fs28.4444Hz.csv.gz"
    with gzip.open(sample_path(name), "rt") as file:
        samples = np.genfromtxt(file, delimiter=",", skip_header=1)
    spectrum = decompose(samples, RATE_HZ)
    found = np.array([mode.frequency_hz for mode in modes(spectrum)])
    return max(float(np.abs(found - hertz).min()) for hertz in PEAKS_HZ) / spectrum.bin_hz


def _rows() -> int:
    return sum(len(points) for _, _, points in TABLE)


def _mismatches() -> float:
    return float(
        sum(
            abs(guide_value(line, spot, hertz) - mm_s) > 0.005
            for line, spot, points in TABLE
            for hertz, mm_s in points
        )
    )


def _novelty() -> tuple[float, float]:
    """Learned from one year; then a healthy year; then 3 % slower in every hour of that year."""
    temperature, healthy = _year(hours=24 * 730, seed=4)
    year = 24 * 365
    baseline = learn(healthy[:year], temperature[:year])
    false = float(np.mean(is_novel(baseline, healthy[year:], temperature[year:])))
    damaged = healthy[year:] * np.array([0.97, 0.97, 0.975, 0.98])
    hits = is_novel(baseline, damaged, temperature[year:])
    return false, float(np.mean(hits[6:]))


def _year(*, hours: int, seed: int) -> tuple[Floats, Floats]:
    """Hourly temperature of a Korean year, and four modes that follow it: a little lower when warm,
    much higher below freezing, with drift that lasts for hours."""
    dice = np.random.default_rng(seed)
    hour = np.arange(hours)
    weather = _drift(dice, hours, keeps=0.99) * 4.0
    season = 13.0 - 14.0 * np.cos(2 * np.pi * (hour / (24 * 365.25) + 0.25 - 0.05))
    temperature = season + 4.0 * np.sin(2 * np.pi * (hour - 9) / 24) + weather
    usual = np.array([3.9, 5.0, 9.8, 10.3])
    warm, cold = np.maximum(temperature, 0), np.minimum(temperature, 0)
    slope = 1 - 0.0006 * warm[:, None] - 0.006 * cold[:, None]
    own = np.stack([_drift(dice, hours, keeps=0.9) for _ in usual], axis=1) * 0.003
    return temperature, usual * (slope + own)


def _drift(dice: np.random.Generator, count: int, *, keeps: float) -> Floats:
    """A first-order autoregression of unit variance."""
    noise = dice.normal(0, np.sqrt(1 - keeps**2), count)
    return np.asarray(lfilter([1.0], [1.0, -keeps], noise), dtype=np.float64)
