"""Graphs ready for questions ⇄ arrays on disk."""

from dataclasses import fields
from typing import Any

from apps.navigation.core.cars import Roads, open_roads
from apps.navigation.core.graph import from_arrays, to_arrays
from apps.navigation.core.hierarchy import Hierarchy
from apps.navigation.core.snapping import Grid, build_grid
from apps.navigation.core.terrain import Terrain, terrain_arrays, terrain_from_arrays
from apps.navigation.snapshot.disk import CAR, WALK, folder_of, read_arrays, write_arrays


def keep_terrain(code: object, terrain: Terrain) -> int:
    return write_arrays(folder_of(code, WALK), terrain_arrays(terrain))


def mapped_terrain(code: object) -> Terrain:
    """Raises FileNotFoundError where this host does not have the build."""
    return terrain_from_arrays(read_arrays(folder_of(code, WALK)))


def keep_roads(code: object, roads: Roads) -> int:
    return write_arrays(folder_of(code, CAR), _road_arrays(roads))


def _road_arrays(roads: Roads) -> dict[str, Any]:
    found = to_arrays(roads.graph)
    for column in fields(Hierarchy):
        found[f"hierarchy.{column.name}"] = getattr(roads.hierarchy, column.name)
    return found


def mapped_roads(code: object) -> tuple[Roads, Grid] | None:
    """The driving network and its grid; None for a build in which nobody can drive."""
    try:
        arrays = read_arrays(folder_of(code, CAR))
    except FileNotFoundError:
        return None
    kept = {c.name: arrays[f"hierarchy.{c.name}"] for c in fields(Hierarchy)}
    roads = open_roads(from_arrays(arrays), Hierarchy(**kept))
    return roads, build_grid(roads.graph)
