"""Whom an area reaches: by the cell an app was last in, and by places people saved.

A phone's cell says only that it may be inside: every cell that touches the area counts, and the
phone decides with the polygon in the message. A saved place is tested exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import connection

from apps.notify.core import cells

# A CTE of live registrations whose cell touches the area, and persons and registrations with a
# saved place inside it. Cells wholly inside need no test; at the border the polygon decides.
PLACES_IN_AREA = """
    SELECT place.registration_id, place.person_id FROM notify_savedplace place
    WHERE place.coarse_cell = ANY(%(inside)s)
    UNION ALL
    SELECT place.registration_id, place.person_id FROM notify_savedplace place
    WHERE place.coarse_cell = ANY(%(border)s)
      AND ST_Contains(%(area)s::geometry, ST_SetSRID(ST_MakePoint(place.lon, place.lat), 4326))
"""


@dataclass(frozen=True)
class Audience:
    """Everybody in an area: apps in its cells, and whoever saved a place in it.

    `broadcast` also wakes the topics of its cells: phones that follow them without having told us.
    `and_told` adds whoever was told for that cause, wherever they are now.
    """

    area: MultiPolygon
    broadcast: bool = False
    and_told: str = ""

    def polygons(self) -> list[cells.Polygon]:
        parts: list[cells.Polygon] = [
            [list(ring) for ring in polygon] for polygon in self.area.coords
        ]
        return parts

    def touching(self) -> list[int]:
        return cells.touching(self.polygons())

    def topics(self) -> list[int]:
        return cells.touching(self.polygons(), cells.TOPIC) if self.broadcast else []

    def parameters(self) -> dict[str, Any]:
        """What the statements here ask for."""
        polygons = self.polygons()
        within = cells.within(polygons, cells.PLACE_INDEX)
        touching = cells.touching(polygons, cells.PLACE_INDEX)
        return {
            "cells": self.touching(),
            "inside": within,
            "border": sorted(set(touching) - set(within)),
            "area": self.area.hexewkb.decode(),
            "told": self.and_told,
        }


@dataclass(frozen=True)
class Counts:
    """Whom a message to an audience would reach, before it is sent.

    `over_reach` is the share of the cells' own area that lies outside the polygon: so many of the
    phones in `by_cell` may decide that it is not for them.
    """

    by_cell: int
    by_place: int
    persons: int
    cells: int
    over_reach: float
    languages: Mapping[str, int] = field(default_factory=dict)
    transports: Mapping[str, int] = field(default_factory=dict)
    mobility: Mapping[str, int] = field(default_factory=dict)

    @property
    def devices(self) -> int:
        return sum(self.transports.values())


_BY_CELL = """
    SELECT count(*) FROM notify_registration
    WHERE cell = ANY(%(cells)s) AND cell IS NOT NULL AND ended_at IS NULL
"""
_BY_PLACE = f"SELECT count(*), count(person_id) FROM ({PLACES_IN_AREA}) found"  # noqa: S608
_SPLIT = """
    SELECT split_part(locale, '-', 1), transport, count(*) FROM notify_registration
    WHERE cell = ANY(%(cells)s) AND cell IS NOT NULL AND ended_at IS NULL
    GROUP BY 1, 2
"""
_PEOPLE = f"""
    WITH places AS ({PLACES_IN_AREA}),
    people AS (SELECT DISTINCT person_id FROM places WHERE person_id IS NOT NULL)
    SELECT profile.base, count(*) FROM people
    LEFT JOIN accounts_mobilityprofile profile USING (person_id) GROUP BY 1
"""  # noqa: S608


def count_in_cells(audience: Audience) -> int:
    """How many apps were last in a cell that touches the area."""
    return int(_rows(_BY_CELL, {"cells": audience.touching()})[0][0])


def count_places(audience: Audience) -> int:
    """How many saved places lie in the area, exactly."""
    return int(_rows(_BY_PLACE, audience.parameters())[0][0])


def count_audience(audience: Audience) -> Counts:
    """Everything staff want to know before they send."""
    asked = audience.parameters()
    languages: dict[str, int] = {}
    transports: dict[str, int] = {}
    for language, transport, count in _rows(_SPLIT, asked):
        languages[language] = languages.get(language, 0) + count
        transports[transport] = transports.get(transport, 0) + count
    people = {base or "": count for base, count in _rows(_PEOPLE, asked)}
    return Counts(
        by_cell=sum(transports.values()),
        by_place=int(_rows(_BY_PLACE, asked)[0][0]),
        persons=sum(people.values()),
        cells=len(asked["cells"]),
        over_reach=_over_reach(audience, asked["cells"]),
        languages=languages,
        transports=transports,
        mobility={base: count for base, count in people.items() if base},
    )


def _over_reach(audience: Audience, touched: list[int]) -> float:
    covered = cells.area_m2(touched)
    inside = cells.polygons_area_m2(audience.polygons())
    return max(0.0, 1 - inside / covered) if covered else 0.0


def _rows(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
