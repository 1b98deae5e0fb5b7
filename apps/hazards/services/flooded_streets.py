"""Streets under the river's water are in the way: facts of the city that routes and rides read.

A row says how deep the water can be on a street, not whether somebody may pass: whoever asks for a
way knows what they can wade through. It opens once the river has reached its lowest level, grows
and shrinks with the water, and closes when a reading to be believed says that it is below that
level again. Silence and doubt change nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from apps.base import names
from apps.city.models import Obstruction, ObstructionQuerySet
from apps.city.services.obstructions import Facts, close_obstruction, open_obstruction
from apps.hazards.models import InundationStep, Reach
from apps.hazards.services.places import step_of
from apps.hazards.services.underpasses import SOURCE

STREETS = "hazards.streets"
# Less of a street than this is its edge, or the map's error.
LEAST_M = 10.0
MOVED_M = 0.05
CERTAIN = 0.9
MOST_STREETS = 300

# Bridges stand above the water as far as a map can know; eight metres either side go with them.
_FLOODED = """
WITH wet AS (SELECT geom FROM hazards_inundationstep WHERE id = %(step)s),
raised AS (
    SELECT ST_Union(ST_Buffer(way.geom::geography, 8)::geometry) AS geom
    FROM city_osmway way JOIN wet ON way.geom && wet.geom
    WHERE way.tags ? 'highway' AND coalesce(way.tags ->> 'bridge', 'no') <> 'no'
),
part AS (
    SELECT street.code, street.names, ST_CollectionExtract(
        ST_Difference(ST_Intersection(street.geom, wet.geom),
                      coalesce(raised.geom, 'SRID=4326;POLYGON EMPTY'::geometry)), 2) AS geom
    FROM city_street street
    JOIN wet ON ST_Intersects(street.geom, wet.geom)
    CROSS JOIN raised
    WHERE street.gone_at IS NULL
)
SELECT code, names, ST_AsHEXEWKB(ST_Multi(geom)), (
    SELECT min(step.depth_m) FROM hazards_inundationstep step
    WHERE step.reach_id = %(reach)s AND ST_Intersects(step.geom, part.geom)
) AS first_m
FROM part WHERE ST_Length(geom::geography) >= %(least_m)s
ORDER BY first_m, code LIMIT %(most)s
"""


@dataclass(frozen=True)
class Flooded:
    """A street's wet part and how deep the water can be on it."""

    street: str
    names: Mapping[str, str]
    geom: GEOSGeometry
    depth_m: float


def flood_streets(payload: Mapping[str, Any]) -> None:
    """Work handler: some gauges have been looked at; follow the water along their reaches."""
    reaches = Reach.objects.filter(station__in=payload["stations"]).exclude(built_at=None)
    for reach in reaches.select_related("station__state"):
        _follow(reach)


def flooded_streets(reach: Reach, depth_m: float) -> list[Flooded]:
    """What a depth of water above the bed puts under water, the deepest first."""
    step = step_of(reach, depth_m)
    if step is None:
        return []
    asked = {"step": step.pk, "reach": reach.pk, "least_m": LEAST_M, "most": MOST_STREETS}
    with connection.cursor() as cursor:
        cursor.execute(_FLOODED, asked)
        return [
            Flooded(code, json.loads(told), GEOSGeometry(geom), _depth_m(depth_m, first_m))
            for code, told, geom, first_m in cursor.fetchall()
        ]


def _depth_m(water_m: float, first_wet_m: float) -> float:
    """The lowest spot lies above the step before the first that wets it."""
    return round(water_m - first_wet_m + InundationStep.STEP_M, 2)


def _follow(reach: Reach) -> None:
    """1. is the gauge to be believed · 2. has the water moved · 3. open and close."""
    depth_m = reach.depth_now_m
    if depth_m is None:
        return
    wet_m = depth_m if reach.station.state.level else None
    if not _has_moved(reach.followed_m, wet_m):
        return
    flooded = [] if wet_m is None else flooded_streets(reach, wet_m)
    refused = _refused(reach) if reach.followed_m is not None else set()
    for one in flooded:
        if reference(reach, one.street) not in refused:
            _open(reach, one)
    _close_others(reach, {reference(reach, one.street) for one in flooded})
    Reach.objects.filter(pk=reach.pk).update(followed_m=wet_m)


def _has_moved(before: float | None, now: float | None) -> bool:
    if before is None or now is None:
        return before is not now
    return abs(now - before) >= MOVED_M


def reference(reach: Reach, street: str) -> str:
    """The same for the same street in every flood."""
    return f"{_prefix(reach)}{street}"


def _prefix(reach: Reach) -> str:
    return f"street:{reach.pk}:"


def _open(reach: Reach, flooded: Flooded) -> None:
    facts = Facts(
        kind=Obstruction.Kind.FLOOD,
        geom=flooded.geom,
        depth_m=flooded.depth_m,
        certainty=CERTAIN,
        description=names.pick(flooded.names, ""),
    )
    open_obstruction(
        source=SOURCE,
        reference=reference(reach, flooded.street),
        facts=facts,
        actor=SOURCE,
        confirmed=True,
    )


def _refused(reach: Reach) -> set[str]:
    """Staff looked and saw no water: that holds for this flood."""
    rows = _own(reach).filter(state=Obstruction.State.REFUSED)
    return set(rows.values_list("reference", flat=True))


def _own(reach: Reach) -> ObstructionQuerySet:
    return Obstruction.objects.filter(source=SOURCE, reference__startswith=_prefix(reach))


def _close_others(reach: Reach, still_wet: set[str]) -> None:
    for row in _own(reach).open().exclude(reference__in=still_wet):
        close_obstruction(code=row.code, actor=SOURCE)
