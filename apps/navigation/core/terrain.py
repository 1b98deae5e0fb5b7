"""A build made ready for questions: graph, hierarchy, priors, grid, and the walker used for "why
not".
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from apps.accounts.core.mobility import BASE_PROFILES, MobilityProfile
from apps.navigation.core.arrays import F4
from apps.navigation.core.codes import NEVER_LIFTED
from apps.navigation.core.graph import WalkGraph, from_arrays, to_arrays
from apps.navigation.core.hierarchy import Hierarchy, pour, prepare
from apps.navigation.core.pricing import price
from apps.navigation.core.priors import Priors, learn
from apps.navigation.core.report import ISLAND_M
from apps.navigation.core.search import Traveller
from apps.navigation.core.snapping import Grid, build_grid


@dataclass(frozen=True, slots=True)
class Terrain:
    """Everything shared by all travellers on one build. `is_mainland` is per segment."""

    graph: WalkGraph
    hierarchy: Hierarchy
    priors: Priors
    grid: Grid
    is_mainland: Any
    walker: Traveller


def open_terrain(graph: WalkGraph, hierarchy: Hierarchy | None = None) -> Terrain:
    """Prepare a graph; a hierarchy kept from an earlier preparation saves some seconds."""
    if hierarchy is None:
        hierarchy = prepare(graph.node_x, graph.node_y, graph.arcs.tail, graph.arcs.head)
    priors = learn(graph)
    walker = _traveller(graph, hierarchy, priors, BASE_PROFILES["foot"])
    return Terrain(graph, hierarchy, priors, build_grid(graph), _mainland(graph), walker)


def traveller(terrain: Terrain, profile: MobilityProfile, waits: F4 | None = None) -> Traveller:
    """One person on this terrain: priced in a few milliseconds, kept as long as the profile
    holds. `waits` as `price` takes them.
    """
    return _traveller(terrain.graph, terrain.hierarchy, terrain.priors, profile, waits)


def _traveller(
    graph: WalkGraph,
    hierarchy: Hierarchy,
    priors: Priors,
    profile: MobilityProfile,
    waits: F4 | None = None,
) -> Traveller:
    known = {} if waits is None else {"waits": waits}
    prices = price(graph, profile, priors, **known)
    bound = pour(hierarchy, prices.cost_s, prices.broken, int(NEVER_LIFTED))
    return Traveller(graph, hierarchy, prices, bound)


def _mainland(graph: WalkGraph) -> Any:
    """Segments of parts large enough to be worth starting from."""
    s = graph.segments
    part = graph.node_part[s.tail]
    part_m = np.bincount(part, weights=s.length_m)
    return (part_m >= min(ISLAND_M, part_m[0]))[part]


def terrain_arrays(terrain: Terrain) -> dict[str, Any]:
    """The arrays worth keeping on disk: the graph's and the hierarchy's."""
    found = to_arrays(terrain.graph)
    for column in fields(Hierarchy):
        found[f"hierarchy.{column.name}"] = getattr(terrain.hierarchy, column.name)
    return found


def terrain_from_arrays(arrays: Mapping[str, Any]) -> Terrain:
    kept = {c.name: arrays[f"hierarchy.{c.name}"] for c in fields(Hierarchy)}
    return open_terrain(from_arrays(arrays), Hierarchy(**kept))
