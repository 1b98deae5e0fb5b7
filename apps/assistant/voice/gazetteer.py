"""Names of the city that may be said or chosen by key, kept for a while: each turn wants them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.base.names import pick
from apps.city.models import District, Street

KEPT_S = 600
MOST_STREETS = 300


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


def street_names(language: str) -> tuple[str, ...]:
    found: tuple[str, ...] = _for_a_while("streets", language, _streets)
    return found


def _districts(language: str) -> tuple[Named, ...]:
    rows = District.objects.filter(gone_at=None, district=None).only("code", "names", "geom")
    named = [
        Named(row.code, pick(row.names, language), row.geom.point_on_surface.x,
              row.geom.point_on_surface.y)
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(named, key=lambda one: one.name))


def _streets(language: str) -> tuple[str, ...]:
    rows = Street.objects.filter(gone_at=None).values_list("names", flat=True)[:MOST_STREETS]
    return tuple(dict.fromkeys(pick(names, language) for names in rows))
