"""The build this process serves: mapped once, swapped when a newer one is ready.

Every question asks the database which build is newest (one indexed row) and keeps the build it was
given until it is answered, so a swap never mixes two. The first process thread that meets a newer
build maps it; the others go on with the old one meanwhile.
"""

import logging
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from apps.base.problems import Unavailable
from apps.navigation.cache.travellers import Travellers
from apps.navigation.core.cars import Roads
from apps.navigation.core.snapping import Grid
from apps.navigation.core.terrain import Terrain
from apps.navigation.models import GraphBuild
from apps.navigation.snapshot.graphs import mapped_roads, mapped_terrain

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Serving:
    """One build in memory; `travellers` are priced on it."""

    code: UUID
    terrain: Terrain
    roads: Roads | None
    road_grid: Grid | None
    travellers: Travellers = field(default_factory=Travellers)


_served: dict[str, Serving] = {}
_mapping = threading.Lock()


def serving() -> Serving:
    """The newest ready build. Raises Unavailable while there is none."""
    database = str(settings.DATABASES["default"]["NAME"])
    newest = GraphBuild.objects.ready().values_list("code", flat=True).first()
    if newest is None:
        raise Unavailable
    served = _served.get(database)
    if served is not None and served.code == newest:
        return served
    if served is not None and not _mapping.acquire(blocking=False):
        return served  # somebody else is swapping it
    if served is None:
        _mapping.acquire()
    try:
        return _swap(database, newest)
    finally:
        _mapping.release()


def mapped(code: UUID) -> Serving:
    """One particular build, for routes that were found on it. Raises FileNotFoundError."""
    newest = serving()
    return newest if newest.code == code else _earlier(code)


@lru_cache(maxsize=2)
def _earlier(code: UUID) -> Serving:
    return _mapped(code)


def _swap(database: str, newest: UUID) -> Serving:
    served = _served.get(database)
    if served is not None and served.code == newest:
        return served
    try:
        served = _served[database] = _mapped(newest)
    except FileNotFoundError:
        logger.error("graph build %s is not on this host's disk", newest)
        if served is None:
            raise Unavailable from None
    return served


def _mapped(code: UUID) -> Serving:
    terrain, driving = mapped_terrain(code), mapped_roads(code)
    roads, grid = driving or (None, None)
    return Serving(code, terrain, roads, grid)


def forget() -> None:
    """Drop what is mapped, as tests do between databases."""
    _served.clear()
