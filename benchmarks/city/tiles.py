"""Tiles a second: drawn, finished and unchanged, each beside its peer on the same tiles."""

import math
from collections.abc import Iterator

from benchmarks.city.stage import Stage
from benchmarks.report import Metric, NotMeasuredError

CONNECTIONS = 16
ZOOMS = (13, 14, 15, 16)
REPEATS = 6
_PACKED = "Accept-Encoding: gzip\r\n"


def measure(stage: Stage) -> Iterator[Metric]:
    paths = list(_paths(stage))
    drawn = _rate(stage, stage.port, paths)
    bare = _rate(stage, stage.bare_port, paths)
    yield Metric(
        "tiles_rps", f"drawn, {len(paths)} tiles of London, zoom 13 to 16", drawn, "requests/s",
        "bare ASGI application, same statement", bare,
    )  # fmt: skip
    again = paths * REPEATS
    finished = _rate(stage, stage.port, again)
    memory = [path.replace("/tiles/", "/finished/") for path in again]
    _rate(stage, stage.bare_port, memory[: len(paths)])  # draws them
    yield Metric(
        "tiles_rps", "finished, from Redis", finished, "requests/s",
        "bare ASGI application, from its memory", _rate(stage, stage.bare_port, memory),
    )  # fmt: skip
    unchanged = stage.load(
        stage.port, again, connections=CONNECTIONS, headers="If-None-Match: *\r\n"
    )
    if set(unchanged.statuses) != {"304"}:
        raise NotMeasuredError(f"unchanged tiles were answered {unchanged.statuses}")
    yield Metric("tiles_rps", "unchanged (304)", unchanged.per_second, "requests/s")


def _rate(stage: Stage, port: int, paths: list[str]) -> float:
    load = stage.load(port, paths, connections=CONNECTIONS, headers=_PACKED)
    if not set(load.statuses) <= {"200", "204"}:
        raise NotMeasuredError(f"tiles were answered {load.statuses}")
    return load.per_second


def _paths(stage: Stage) -> Iterator[str]:
    """All tiles of the city's box."""
    ((west, south, east, north),) = stage.rows(
        "SELECT ST_XMin(bounds), ST_YMin(bounds), ST_XMax(bounds), ST_YMax(bounds) FROM city_city"
    )
    for z in ZOOMS:
        left, top = _tile(float(str(west)), float(str(north)), z)
        right, bottom = _tile(float(str(east)), float(str(south)), z)
        for x in range(left, right + 1):
            for y in range(top, bottom + 1):
                yield f"/tiles/{z}/{x}/{y}.mvt"


def _tile(lon: float, lat: float, z: int) -> tuple[int, int]:
    size = 1 << z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * size), int(y * size)
