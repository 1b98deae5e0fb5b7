"""Names of the city that may be said or chosen by key, kept for a while: each turn wants them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Subquery

from apps.base.names import pick
from apps.city.models import District, Place, Street

KEPT_S = 600
MOST_STREETS = 300
MOST_PLACES = 15  # two pages of keys


@dataclass(frozen=True, slots=True)
class Named:
    code: str
    name: str
    lon: float
    lat: float


_kept: dict[tuple[str, str], tuple[float, Any]] = {}


def _for_a_while(what: str, language: str, find: Callable[[str], Any]) -> Any:
    at, found = _kept.get((what, language), (0.0, None))
    if found is None or time.monotonic() - at > KEPT_S:
        found = find(language)
        _kept[what, language] = (time.monotonic(), found)
    return found


def forget_names() -> None:
    """Ask anew, as tests must."""
    _kept.clear()


def districts(language: str) -> tuple[Named, ...]:
    """The city's smallest districts, by name."""
    found: tuple[Named, ...] = _for_a_while("districts", language, _districts)
    return found


def places_in(district: str, language: str) -> tuple[Named, ...]:
    """What people go to in a district, the best known first."""
    found: tuple[Named, ...] = _for_a_while(
        f"places in {district}", language, partial(_places, district)
    )
    return found


def street_names(language: str) -> tuple[str, ...]:
    found: tuple[str, ...] = _for_a_while("streets", language, _streets)
    return found


def _districts(language: str) -> tuple[Named, ...]:
    rows = District.objects.filter(gone_at=None, district=None).only("code", "names", "geom")
    return tuple(sorted((_named(row, language) for row in rows), key=lambda one: one.name))


def _places(district: str, language: str) -> tuple[Named, ...]:
    area = District.objects.filter(code=district).values("geom_m")[:1]
    rows = Place.objects.current().filter(geom_m__intersects=Subquery(area)).exclude(names={})
    known = rows.order_by("-weight", "code").only("code", "names", "geom")[: 2 * MOST_PLACES]
    once = {one.name: one for one in reversed([_named(row, language) for row in known])}
    return tuple(one for one in reversed(once.values()) if one.name)[:MOST_PLACES]


def _named(row: District | Place, language: str) -> Named:
    point = row.geom.point_on_surface
    return Named(row.code, pick(row.names, language), point.x, point.y)


def _streets(language: str) -> tuple[str, ...]:
    rows = Street.objects.filter(gone_at=None).values_list("names", flat=True)[:MOST_STREETS]
    return tuple(dict.fromkeys(pick(names, language) for names in rows))
