"""Dalbit as navigation knows it: its map, its land's heights, and the graphs built from both.

Building takes seconds, so the arrays are built once a run; each test's rows are its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings

from apps.base.clock import Hand
from apps.city.core.osm import Element
from apps.city.services.founding import found_city
from apps.navigation.cache import obstacles
from apps.navigation.core.build import build_graph
from apps.navigation.core.cars import build_car_graph, open_roads
from apps.navigation.core.heights import Elevation
from apps.navigation.core.terrain import open_terrain
from apps.navigation.models import GraphBuild
from apps.navigation.snapshot.graphs import keep_roads, keep_terrain
from citizen.demo.seed.graph import SURVEY_NOISE_M, raster_of
from citizen.demo.seed.town_map import founding_of
from citizen.demo.world.town import SEED, Town, build_town

DATED_ON = 20261120
BUILD = UUID(int=0x4E6176)


@cache
def dalbit() -> Town:
    return build_town(SEED)


@dataclass(frozen=True)
class Place:
    lon: float
    lat: float

    @property
    def lonlat(self) -> tuple[float, float]:
        return self.lon, self.lat

    def document(self) -> dict[str, float]:
        return {"lon": self.lon, "lat": self.lat}


def place(code: str) -> Place:
    """One of the town's named places, at the node one walks to."""
    found = next(p for p in dalbit().places if p.code == code)
    return Place(found.lon, found.lat)


@pytest.fixture(scope="session")
def graphs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dalbit's arrays on disk, built once."""
    folder = tmp_path_factory.mktemp("graphs")
    kept, django_settings.GRAPHS_DIR = django_settings.GRAPHS_DIR, folder
    town = dalbit()
    elements: list[Element] = [*town.nodes, *town.ways, *town.relations]
    elevation = Elevation(raster_of(town.heights), noise_m=SURVEY_NOISE_M)
    graph, _report = build_graph(elements, dated_on=DATED_ON, elevation=elevation)
    keep_terrain(BUILD, open_terrain(graph))
    keep_roads(BUILD, open_roads(build_car_graph(elements, dated_on=DATED_ON)))
    django_settings.GRAPHS_DIR = kept
    return folder


def serve_dalbit(folder: Path, settings: Any) -> GraphBuild:
    """Found the city and serve its graphs; what was in the way elsewhere is forgotten."""
    settings.GRAPHS_DIR = folder
    obstacles.forget()
    town = dalbit()
    found_city(founding_of(town), box=(*town.south_west, *town.north_east))
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return GraphBuild.objects.create(
        code=BUILD, state=GraphBuild.State.READY, started_at=at, ended_at=at
    )


@pytest.fixture
def walkable(db: None, hand: Hand, graphs_folder: Path, settings: Any) -> GraphBuild:
    return serve_dalbit(graphs_folder, settings)
