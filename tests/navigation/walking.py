"""A simulated walker: positions along a route's line, as a phone would tell them."""

import itertools
import math
from collections.abc import Iterator
from typing import Any

from apps.navigation.services.guidance import Position

M_PER_DEG = 111_132.0


def positions(
    line: list[list[float]], *, every_m: float = 10.0, seq: int = 1, at_s: float = 0.0
) -> Iterator[Position]:
    """A position every so many metres, at a metre a second."""
    for number, (lon, lat) in enumerate(_stepped(line, every_m)):
        yield Position(
            seq=seq + number, lon=lon, lat=lat, accuracy_m=4.0, speed_mps=1.0,
            at_s=at_s + number * every_m,
        )  # fmt: skip


def _stepped(line: list[list[float]], every_m: float) -> Iterator[tuple[float, float]]:
    left_m = 0.0
    for (lon1, lat1, *_), (lon2, lat2, *_) in itertools.pairwise(line):
        scale = math.cos(math.radians(lat1))
        length_m = math.hypot((lon2 - lon1) * scale, lat2 - lat1) * M_PER_DEG
        while left_m < length_m:
            share = left_m / length_m
            yield lon1 + share * (lon2 - lon1), lat1 + share * (lat2 - lat1)
            left_m += every_m
        left_m -= length_m
    yield line[-1][0], line[-1][1]


def as_order(position: Position) -> dict[str, Any]:
    """As it goes up the socket."""
    return {
        "type": "position",
        "seq": position.seq,
        "lon": position.lon,
        "lat": position.lat,
        "accuracy_m": position.accuracy_m,
        "speed_mps": position.speed_mps,
        "at_s": position.at_s,
    }
