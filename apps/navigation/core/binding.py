"""Which head stands over which crossing: by position, when a graph is built.

A head's line runs from kerb to kerb. It is over those segments of crossings whose middle lies
beside the line and which run along it.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from apps.navigation.core.arrays import F8
from apps.navigation.core.codes import Kind
from apps.navigation.core.graph import WalkGraph

BESIDE_M = 4.0
BEYOND_M = 0.5
ALONG_DEG = 30.0
Head = TypeVar("Head", bound=Hashable)
Line = Sequence[tuple[float, float]]


def bind(graph: WalkGraph, heads: Mapping[Head, Line]) -> dict[int, Head]:
    """Segment → head; `heads` are lines of longitude and latitude. A segment between two heads
    has the nearer one."""
    crossings = np.flatnonzero(graph.segments.kind == Kind.CROSSING)
    if not len(crossings) or not heads:
        return {}
    middles, along = _shapes(graph, crossings)
    found: dict[int, tuple[float, Head]] = {}
    for head, line in heads.items():
        points = np.array([graph.plane.to_xy(lon, lat) for lon, lat in line])
        offset = _offset_m(points, middles, along)
        for place in np.flatnonzero(np.isfinite(offset)):
            segment, gap_m = int(crossings[place]), float(offset[place])
            if segment not in found or gap_m < found[segment][0]:
                found[segment] = (gap_m, head)
    return {segment: head for segment, (_gap, head) in sorted(found.items())}


def _shapes(graph: WalkGraph, segments: np.ndarray) -> tuple[F8, F8]:
    """The middle of each segment, and its direction as a unit vector."""
    middles, along = np.empty((len(segments), 2)), np.empty((len(segments), 2))
    for place, segment in enumerate(segments):
        x, y, _z = graph.shape(int(segment))
        middles[place] = (x[0] + x[-1]) / 2, (y[0] + y[-1]) / 2
        along[place] = x[-1] - x[0], y[-1] - y[0]
    return middles, along / np.maximum(np.hypot(*along.T), 1e-9)[:, None]


def _offset_m(line: F8, middles: F8, along: F8) -> F8:
    """How far beside the line each middle lies; infinite beyond its ends or across it."""
    start, end = line[0], line[-1]
    length_m = float(np.hypot(*(end - start)))
    if length_m < 1.0:
        return np.full(len(middles), np.inf)
    unit = (end - start) / length_m
    ahead = (middles - start) @ unit
    beside = np.abs((middles - start) @ np.array((-unit[1], unit[0])))
    fits = (ahead >= -BEYOND_M) & (ahead <= length_m + BEYOND_M) & (beside <= BESIDE_M)
    fits &= np.abs(along @ unit) >= math.cos(math.radians(ALONG_DEG))
    return np.where(fits, beside, np.inf)
