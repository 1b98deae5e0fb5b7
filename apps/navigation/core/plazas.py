"""Ways across open ground: straight lines between the entries of an area that see each other.

A visibility graph on entries only (de Berg et al., Computational Geometry, ch. 15), thinned where
an area has very many
entries. The outline stays walkable, so nothing is cut off by thinning.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import F8, Bool

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
    good = _are_inside(at[first], at[second], _walls(rings))
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


def _walls(rings: list[Ring]) -> F8:
    """Wall pieces as rows x1, y1, x2, y2."""
    rows = [(*a, *b) for ring in rings for a, b in zip(ring.points, ring.points[1:], strict=False)]
    return np.array(rows, dtype=np.float64)


def _are_inside(a: F8, b: F8, walls: F8) -> Bool:
    """Whether each line a-b crosses no wall and has its middle inside (even-odd rule)."""
    p, q = walls[None, :, :2], walls[None, :, 2:]
    a2, b2 = a[:, None, :], b[:, None, :]
    crosses = (_side(a2, b2, p) * _side(a2, b2, q) < 0) & (_side(p, q, a2) * _side(p, q, b2) < 0)
    middle = (a + b) / 2
    result: Bool = ~crosses.any(axis=1) & _contains(walls, middle)
    return result


def _side(a: F8, b: F8, c: F8) -> F8:
    turn = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
    turn = turn - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    small = np.abs(turn) < 1e-6  # touching an end is not crossing
    return np.where(small, 0.0, np.sign(turn))


def _contains(walls: F8, points: F8) -> Bool:
    x, y = points[:, None, 0], points[:, None, 1]
    x1, y1, x2, y2 = (walls[None, :, k] for k in range(4))
    spans = (y1 > y) != (y2 > y)
    height = np.where(y2 == y1, 1.0, y2 - y1)
    hit = spans & (x < (x2 - x1) * (y - y1) / height + x1)
    result: Bool = hit.sum(axis=1) % 2 == 1
    return result
