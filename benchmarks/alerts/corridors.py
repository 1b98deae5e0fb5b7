"""Five winding corridors, drawn from a seed."""

import time

import numpy as np
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection, transaction
from shapely.geometry import LineString

from apps.notify.core.messages import Content, Lane, Message
from apps.notify.selectors.audiences import Audience
from apps.notify.services import tell
from benchmarks.notify.phones import EAST, NORTH, SOUTH, WEST

# Half a corridor's width: so wide that about 215,000 saved places lie inside; and so narrow that
# the cells it touches, of about a kilometre each, hold about 215,000 phones.
HOLDS_215K_DEG = 0.0056
TOUCHES_215K_DEG = 0.0013


def five_corridors(half_deg: float, seed: int = 7) -> MultiPolygon:
    chance = np.random.default_rng(seed)
    parts = []
    for n in range(5):
        xs = np.linspace(WEST + 0.005, EAST - 0.005, 40)
        middle = SOUTH + (NORTH - SOUTH) * (n + 0.5) / 5
        ys = middle + np.cumsum(chance.normal(0, 0.0012, 40))
        band = LineString(np.column_stack([xs, ys])).buffer(half_deg, quad_segs=4)
        parts.append(GEOSGeometry(band.wkt, srid=4326))
    return MultiPolygon(*parts, srid=4326)


def outbox_of(audience: Audience) -> tuple[int, float]:
    """Recipients and milliseconds of the median telling to phones by cell, committed."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notify_savedplace")
    words = {code: Content(title="Flood", body="Go to higher ground.") for code in ("ko", "en")}
    message = Message(contents=words, category="alert", critical=True)
    times, size = [], 0
    for n in range(5):
        started = time.perf_counter()
        with transaction.atomic():
            telling = tell(to=audience, message=message, lane=Lane.LIFE_SAFETY, key=f"bench{n}")
        times.append((time.perf_counter() - started) * 1000)
        size = telling.planned
    return size, float(np.median(times))
