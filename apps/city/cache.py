"""What this process remembers of the city: read again each second, and after its own changes."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from apps.base.hot import pool
from apps.base.problems import Unavailable
from apps.city.events import map_changed

KEPT_S = 1.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Known:
    """`database` keeps apart what several cities or tests leave in one Redis."""

    database: str
    map_version: int
    box: Box
    names: dict[str, str]
    attribution: str
    centre: tuple[float, float]
    read_at_s: float


_known: dict[str, Known] = {}

_SQL = """
    SELECT map_version, names, attribution, ST_XMin(bounds), ST_YMin(bounds), ST_XMax(bounds),
           ST_YMax(bounds), ST_X(centre), ST_Y(centre)
    FROM city_city WHERE id = 1
"""


async def known_city() -> Known:
    """The City row, at most a second old. Raises Unavailable before the city was founded."""
    database = settings.DATABASES["default"]["NAME"]
    known = _known.get(database)
    if known is None or time.monotonic() - known.read_at_s > KEPT_S:
        known = _known[database] = await _read(database)
    return known


async def _read(database: str) -> Known:
    connections = await pool()
    async with connections.connection() as connection:
        row = await (await connection.execute(_SQL)).fetchone()
    if row is None:
        raise Unavailable
    version, names, attribution, west, south, east, north, lon, lat = row
    return Known(
        database,
        version,
        (west, south, east, north),
        names,
        attribution,
        (lon, lat),
        time.monotonic(),
    )


def forget(**_: Any) -> None:
    _known.clear()


map_changed.connect(forget, dispatch_uid="city.cache.forget")
