"""A real underpass in Busan, summer 2021: a clock that is nine hours off, two wet episodes without
rain, one flood; and clocks set wrong on purpose."""

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from apps.hazards.core.clocks import clock_offset
from apps.hazards.core.history import Floats
from apps.hazards.core.quality import Limits, judge
from apps.hazards.core.watching import Sight, verdict
from benchmarks.report import Metric
from benchmarks.samples import sample_path

SERIES = "alerts/busan_woojangchun_underpass_10min_2021_06_08.csv.gz"
LOG = "alerts/busan_woojangchun_underpass_sensor_log_raw.csv"
ATTENTION_M = 0.03
LIMITS = Limits(low=-0.05, high=10.0, step_per_10_min=1.5, flat_readings=60, still_below=0.02)
SIX_HOURS = timedelta(hours=6)
FLOOD_ON = "2021-08-25"
Rain = list[tuple[datetime, float]]


def measure() -> Iterator[Metric]:
    rows = _rows()
    kma = _hourly(rows, "oncheon2_rain_mm_1h_asis", summed=False)
    gupo = _hourly(rows, "gupo_rain_mm_10min", summed=True)
    offset = clock_offset(kma, gupo)
    assert offset is not None
    yield Metric("clock_offset_h", "KMA against Gupo", float(offset.lag_h), "h", "limit", 9.0)
    found = _found(gupo, kma, offset.lag_h)
    yield Metric("clock_offsets_found_share", "shifted by 2 to 11 h", found, "", "limit", 0.95)
    rain = _rain(rows, offset.lag_h)
    alerts = _alerts(rain)
    dry = [at for at in alerts if not at.isoformat().startswith(FLOOD_ON)]
    days = float(len({at.date() for at in dry}))
    yield Metric("dry_episodes_alerted", "16 and 18 June", days, "", "limit", 0.0)
    wet = [at for at in alerts if at.isoformat().startswith(FLOOD_ON)]
    first_wet = datetime.fromisoformat(f"{FLOOD_ON}T16:50:01")
    delay_s = (wet[0] - first_wet).total_seconds() if wet else float("inf")
    yield Metric("wet_event_delay_s", "25 August", delay_s, "s", "limit", 60.0)


def _rows() -> list[dict[str, str]]:
    with gzip.open(sample_path(SERIES), "rt") as file:
        return list(csv.DictReader(file))


def _hourly(rows: list[dict[str, str]], name: str, *, summed: bool) -> Floats:
    """Hours from six ten-minute rows: sums of amounts, or the value that the hour repeats."""
    values = np.array([float(row[name] or "nan") for row in rows])
    hours = values[: len(values) // 6 * 6].reshape(-1, 6)
    return np.asarray(np.nansum(hours, axis=1) if summed else np.nanmax(hours, axis=1))


def _found(gupo: Floats, kma: Floats, lag_h: int) -> float:
    """How many of the offsets from 2 to 11 hours, either way, are found to the hour."""
    right = np.roll(kma, lag_h)
    tried = [shift for shift in range(-11, 12) if abs(shift) >= 2]
    hits = 0
    for shift in tried:
        found = clock_offset(np.roll(right, -shift), gupo)
        hits += found is not None and found.is_wrong and found.lag_h == shift
    clean = clock_offset(right, gupo)
    assert clean is not None
    assert not clean.is_wrong, "a clean column was accused"
    return hits / len(tried)


def _rain(rows: list[dict[str, str]], lag_h: int) -> list[Rain]:
    """By gauge, (end of the interval, mm); the wrong clock put right by what was found."""
    gupo: Rain = []
    kma: Rain = []
    for row in rows:
        at = datetime.fromisoformat(row["time_kst"])
        gupo.append((at, float(row["gupo_rain_mm_10min"] or 0)))
        if at.minute == 0:
            moved = at + timedelta(hours=lag_h)
            kma.append((moved, float(row["oncheon2_rain_mm_1h_asis"] or 0)))
    return [gupo, kma]


def _alerts(rain: list[Rain]) -> list[datetime]:
    """The instants of the raw log at which a policy could have alerted, judged as they came."""
    log = _log()
    times_us = np.array([int(at.timestamp() * 1e6) for at, _ in log])
    depths = np.array([depth for _, depth in log])
    alerts = []
    for n, (at, depth) in enumerate(log):
        if depth < ATTENTION_M:
            continue
        recent = times_us > times_us[n] - 8 * 3_600_000_000
        recent[n + 1 :] = False
        judged = judge(times_us[recent], depths[recent], LIMITS)
        fell = max(_fallen(gauge, at) for gauge in rain)
        sight = Sight("attention", str(judged.flags[-1]) == "good", fell, False, True)
        if verdict(sight).may_alert:
            alerts.append(at)
    return alerts


def _fallen(gauge: Rain, at: datetime) -> float:
    return sum(mm for end, mm in gauge if at - SIX_HOURS < end <= at)


def _log() -> list[tuple[datetime, float]]:
    with sample_path(LOG).open() as file:
        rows = list(csv.DictReader(file))
    return sorted(
        (datetime.fromisoformat(f"{row['date']}T{row['time']}"), float(row["depth_cm"]) / 100)
        for row in rows
    )
