"""The two cities of the navigation figures, built once a run, and the pairs asked on them."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.city.core.osm import Element
from apps.navigation.core.build import build_graph
from apps.navigation.core.terrain import Terrain, open_terrain
from benchmarks.navigation.extracts import read_extract
from benchmarks.samples import sample_path

FILES = {
    "london": "navigation/osm/london-northern-line.osm.pbf",
    "heidelberg": "navigation/osm/heidelberg.test.osm.pbf",
}
PAIRS_N = 300
NEAREST_M, FARTHEST_M = 300.0, 2400.0

Pair = tuple[tuple[float, float], tuple[float, float]]  # x, y of both ends on the build's plane


@dataclass(frozen=True)
class City:
    name: str
    path: Path
    elements: list[Element]
    terrain: Terrain
    build_s: float


def open_city(name: str) -> City:
    path = sample_path(FILES[name])
    elements = list(read_extract(path))
    started = time.perf_counter()
    graph, _ = build_graph(elements)
    terrain = open_terrain(graph)
    return City(name, path, elements, terrain, time.perf_counter() - started)


def pairs_of(terrain: Terrain, count: int = PAIRS_N, seed: int = 20261122) -> list[Pair]:
    """Random pairs of mainland nodes, 0.3 to 2.4 km apart as the crow flies."""
    graph = terrain.graph
    rng = np.random.default_rng(seed)
    mainland = np.flatnonzero(graph.node_part == 0)
    found: list[Pair] = []
    while len(found) < count:
        a, b = rng.choice(mainland, 2)
        start = (float(graph.node_x[a]), float(graph.node_y[a]))
        end = (float(graph.node_x[b]), float(graph.node_y[b]))
        gap_m = float(np.hypot(start[0] - end[0], start[1] - end[1]))
        if NEAREST_M < gap_m < FARTHEST_M:
            found.append((start, end))
    return found
