"""Ways across open ground: straight lines between the entries of an area that see each other.

A visibility graph on entries only (de Berg et al., Computational Geometry, ch. 15), thinned where
an area has very many
entries. The outline stays walkable, so nothing is cut off by thinning.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.navigation.core.polygons import contains, crosses_any, walls_of

MOST_ENTRIES = 40


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed line: first node and point are repeated at the end. Metres."""

    nodes: tuple[int, ...]
    points: tuple[tuple[float, float], ...]


def chords(rings: list[Ring], entries: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Pairs of entries joined by a straight line inside the area and off its outline."""
    where = {n: p for ring in rings for n, p in zip(ring.nodes, ring.points, strict=True)}
    entries = _thinned(entries)
    first, second = np.triu_indices(len(entries), k=1)
    if len(first) == 0:
        return
    at = np.array([where[n] for n in entries])
    walls = np.vstack([walls_of(np.array(ring.points)) for ring in rings])
    middle = (at[first] + at[second]) / 2
    good = ~crosses_any(at[first], at[second], walls) & contains(walls, middle)
    neighbours = {frozenset(pair) for ring in rings for pair in _steps(ring.nodes)}
    for i, j in zip(first[good], second[good], strict=True):
        if frozenset((entries[i], entries[j])) not in neighbours:
            yield entries[i], entries[j]


def _thinned(entries: tuple[int, ...]) -> tuple[int, ...]:
    if len(entries) <= MOST_ENTRIES:
        return entries
    keep = np.linspace(0, len(entries) - 1, MOST_ENTRIES).astype(int)
    return tuple(entries[i] for i in keep)


def _steps(nodes: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    return itertools.pairwise(nodes)
