"""One speed for a link from everything that has seen it: detectors, cameras, vehicles under way.

Every sample has a variance of its own: the spread between vehicles over their number, the bias of
its kind of source, and what the speed may have drifted since. The fused speed is the mean weighted
by the inverse of these (the best linear estimate while errors are independent), and its level
stands against the link's free speed.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LOOK_BACK_S = 600.0
DRIFT_MPS2_PER_S = 1.0 / 60.0  # variance gained: a speed drifts by 1 m/s in a minute
VEHICLE_M = 6.5  # effective length: the vehicle's and the loop's
SLOWEST_MPS = 0.5


class Source(StrEnum):
    DETECTOR = "detector"
    CAMERA = "camera"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class _Error:
    spread_mps: float
    bias_mps: float


_ERRORS = {
    Source.DETECTOR: _Error(spread_mps=2.5, bias_mps=1.0),  # spot speeds at one place of the link
    Source.CAMERA: _Error(spread_mps=2.5, bias_mps=1.5),
    Source.PROBE: _Error(spread_mps=3.5, bias_mps=0.7),  # few vehicles, but along the whole link
}


class Level(StrEnum):
    """How a link flows. Shares of the free speed below which the next begins."""

    FREE = "free"
    SLOW = "slow"
    CONGESTED = "congested"
    JAMMED = "jammed"
    UNKNOWN = "unknown"


BELOW = ((Level.JAMMED, 0.3), (Level.CONGESTED, 0.5), (Level.SLOW, 0.7))


@dataclass(frozen=True, slots=True)
class Sample:
    at_s: float
    speed_mps: float
    source: Source
    vehicles_n: float = 1.0


@dataclass(frozen=True, slots=True)
class Fused:
    """`at_s` is when the newest sample was taken."""

    speed_mps: float
    sd_mps: float
    at_s: float
    samples_n: int
    sources: tuple[Source, ...]


def fused(samples: Iterable[Sample], now_s: float) -> Fused | None:
    """None while nothing was seen of late."""
    fresh = [sample for sample in samples if 0.0 <= now_s - sample.at_s <= LOOK_BACK_S]
    if not fresh:
        return None
    weights = [1.0 / variance(sample, now_s) for sample in fresh]
    total = sum(weights)
    speed_mps = sum(w * s.speed_mps for w, s in zip(weights, fresh, strict=True)) / total
    return Fused(
        speed_mps=speed_mps,
        sd_mps=math.sqrt(1.0 / total),
        at_s=max(sample.at_s for sample in fresh),
        samples_n=len(fresh),
        sources=tuple(sorted({sample.source for sample in fresh})),
    )


def variance(sample: Sample, now_s: float) -> float:
    error = _ERRORS[sample.source]
    drifted = DRIFT_MPS2_PER_S * (now_s - sample.at_s)
    return error.spread_mps**2 / max(sample.vehicles_n, 1.0) + error.bias_mps**2 + drifted


def level_of(speed_mps: float | None, free_mps: float) -> Level:
    if speed_mps is None:
        return Level.UNKNOWN
    share = speed_mps / free_mps
    return next((level for level, below in BELOW if share < below), Level.FREE)


def speed_of_loop(
    count: float, occupancy: float, period_s: float, *, free_mps: float
) -> float | None:
    """From a single loop: vehicles, the share of time it was covered, over how long. None where
    nobody passed or nothing moved. Occupancy comes in coarse steps and vehicles have lengths of
    their own, so what is faster than free flow is taken for it."""
    if count <= 0 or not 0.0 < occupancy < 1.0:
        return None
    return min(max(count * VEHICLE_M / (occupancy * period_s), SLOWEST_MPS), free_mps)


def travel_s(length_m: float, speed_mps: float) -> float:
    return length_m / max(speed_mps, SLOWEST_MPS)


# ---------------------------------------------------------------- vehicles under way


@dataclass(frozen=True, slots=True)
class Line:
    """A link on the plane: x and y in metres, in driving order."""

    key: int
    points: Sequence[tuple[float, float]]


BESIDE_M = 20.0
TURNED_DEG = 50.0


def matched(lines: Iterable[Line], x: float, y: float, bearing_deg: float | None) -> int | None:
    """The link a vehicle is on: the nearest that runs its way."""
    best: tuple[float, int] | None = None
    for line in lines:
        for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
            gap_m = _gap_m(x, y, x1, y1, x2, y2)
            if gap_m > BESIDE_M or not _runs(bearing_deg, x2 - x1, y2 - y1):
                continue
            if best is None or gap_m < best[0]:
                best = (gap_m, line.key)
    return best[1] if best else None


def _gap_m(x: float, y: float, x1: float, y1: float, x2: float, y2: float) -> float:
    dx, dy = x2 - x1, y2 - y1
    along = ((x - x1) * dx + (y - y1) * dy) / max(dx * dx + dy * dy, 1e-9)
    along = min(max(along, 0.0), 1.0)
    return math.hypot(x - x1 - along * dx, y - y1 - along * dy)


def _runs(bearing_deg: float | None, dx: float, dy: float) -> bool:
    if bearing_deg is None:
        return True
    turn = (math.degrees(math.atan2(dx, dy)) - bearing_deg + 180.0) % 360.0 - 180.0
    return abs(turn) <= TURNED_DEG
