"""Quality control of gauges: what each reading is worth, and why.

Flags are those of WMO-No. 488/1160: good, suspect, bad, missing, estimated. A reading that is bad
is kept out of everything that follows; a suspect one never raises an alarm by itself.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]  # microseconds since 1970
_US = 1_000_000


class Flag(StrEnum):
    GOOD = "good"
    SUSPECT = "suspect"
    BAD = "bad"
    MISSING = "missing"
    ESTIMATED = "estimated"


class Cause(StrEnum):
    """Why a reading is not good."""

    RANGE = "range"
    STEP = "step"
    FLAT = "flat"
    SILENT = "silent"
    CLOCK = "clock"
    DATUM = "datum"
    NO_RAIN = "no_rain"
    ALONE = "alone"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a station can believably say. None: not asked."""

    low: float | None = None
    high: float | None = None
    step_per_10_min: float | None = None
    flat_readings: int | None = 18
    flat_tolerance: float = 1e-9
    # A gauge may stand still below this: a dry underpass, a rain gauge without rain.
    still_below: float | None = None
    interval_s: float = 600.0


@dataclass(frozen=True, eq=False)
class Judged:
    """A flag and a cause ("" where good) for each reading."""

    flags: NDArray[np.str_]
    causes: NDArray[np.str_]

    @property
    def usable(self) -> NDArray[np.bool_]:
        usable: NDArray[np.bool_] = self.flags != Flag.BAD
        return usable

    @property
    def good(self) -> NDArray[np.bool_]:
        good: NDArray[np.bool_] = self.flags == Flag.GOOD
        return good


def judge(
    times_us: Instants, values: Floats, limits: Limits, *, neighbours_move: bool = True
) -> Judged:
    """Judge readings of one station, in the order of time.

    Range and step are judged against the reading before that was not bad; a flat line only counts
    while neighbours move, because a quiet river is flat everywhere.
    """
    flags = np.full(len(values), str(Flag.GOOD), dtype="<U10")
    causes = np.full(len(values), "", dtype="<U10")

    def mark(rows: NDArray[np.bool_], flag: Flag, cause: Cause) -> None:
        rows = rows & (flags != Flag.BAD)
        flags[rows], causes[rows] = str(flag), str(cause)

    if neighbours_move and limits.flat_readings:
        mark(_flat(values, limits), Flag.SUSPECT, Cause.FLAT)
    mark(_stepped(times_us, values, limits), Flag.SUSPECT, Cause.STEP)
    mark(_out_of_range(values, limits), Flag.BAD, Cause.RANGE)
    return Judged(flags, causes)


def _out_of_range(values: Floats, limits: Limits) -> NDArray[np.bool_]:
    low = -np.inf if limits.low is None else limits.low
    high = np.inf if limits.high is None else limits.high
    out: NDArray[np.bool_] = ~np.isfinite(values) | (values < low) | (values > high)
    return out


def _stepped(times_us: Instants, values: Floats, limits: Limits) -> NDArray[np.bool_]:
    """Steeper than water can rise, seen from the believable reading before."""
    stepped = np.zeros(len(values), dtype=np.bool_)
    if limits.step_per_10_min is None:
        return stepped
    believable = ~_out_of_range(values, limits)
    before = -1
    for row in np.flatnonzero(believable).tolist():
        if before >= 0:
            tens = max((times_us[row] - times_us[before]) / (600 * _US), 0.1)
            stepped[row] = abs(values[row] - values[before]) > limits.step_per_10_min * tens
        # Two readings agreeing on a new level are a new level, not a spike.
        before = row
    return stepped


def _flat(values: Floats, limits: Limits) -> NDArray[np.bool_]:
    """Rows that repeat what came before for too many readings in a row."""
    same = np.concatenate([[False], np.abs(np.diff(values)) <= limits.flat_tolerance])
    if limits.still_below is not None:
        same &= values > limits.still_below
    run = np.zeros(len(values), dtype=np.int64)
    for row in range(1, len(values)):
        run[row] = run[row - 1] + 1 if same[row] else 0
    flat: NDArray[np.bool_] = run + 1 >= (limits.flat_readings or len(values) + 1)
    return flat


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How a station is heard of. One that only speaks while it is wet has no silence of its own:
    its heartbeat must come from the line or from a second datastream."""

    interval_s: float
    speaks_only_when_wet: bool = False
    line_heard_us: int | None = None


def silence(last_us: int | None, now_us: int, beat: Heartbeat) -> Flag:
    """Good, or missing: silence is never zero."""
    heard = beat.line_heard_us if beat.speaks_only_when_wet else last_us
    if heard is None:
        return Flag.MISSING
    return Flag.GOOD if now_us - heard <= 3 * beat.interval_s * _US else Flag.MISSING


def wrong_rate(times_us: Instants, interval_s: float) -> float | None:
    """The interval a stream really has, if it is off by more than a fifth; else None."""
    if len(times_us) < 8:
        return None
    real_s = float(np.median(np.diff(times_us))) / _US
    return real_s if abs(real_s / interval_s - 1.0) > 0.2 else None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit a gauge may have been set to by mistake, as a factor on the right one."""

    code: str
    factor: float


_MISTAKES = (Unit("cm", 100.0), Unit("mm", 1000.0), Unit("[ft_i]", 1 / 0.3048), Unit("km", 0.001))


def wrong_unit(values: Floats, *, typical: float, highest: float) -> str | None:
    """The unit that would best bring what is said near what is typical, if as it stands it is far
    beyond the highest and in that unit it is not."""
    told = values[np.isfinite(values)]
    middle = float(np.median(told)) if len(told) >= 6 else 0.0
    if middle <= 2 * highest:
        return None
    fitting = [unit for unit in _MISTAKES if 0 < middle / unit.factor <= highest]
    if not fitting:
        return None
    return min(fitting, key=lambda unit: abs(np.log(middle / unit.factor / typical))).code
