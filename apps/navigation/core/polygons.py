"""Plane geometry of closed rings: sides, crossings, containment. Rings are rows of x1, y1, x2,
y2.
"""

import numpy as np

from apps.navigation.core.arrays import F8, Bool


def walls_of(points: F8) -> F8:
    """The wall pieces of one closed ring of points (first point repeated at the end)."""
    return np.hstack((points[:-1], points[1:]))


def crosses_any(a: F8, b: F8, walls: F8) -> Bool:
    """Whether each line a-b properly crosses a wall; touching an end is not crossing."""
    p, q = walls[None, :, :2], walls[None, :, 2:]
    a2, b2 = a[:, None, :], b[:, None, :]
    crosses = (_side(a2, b2, p) * _side(a2, b2, q) < 0) & (_side(p, q, a2) * _side(p, q, b2) < 0)
    return np.asarray(crosses.any(axis=1), dtype=np.bool_)


def _side(a: F8, b: F8, c: F8) -> F8:
    turn = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
    turn = turn - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    return np.where(np.abs(turn) < 1e-6, 0.0, np.sign(turn))


def contains(walls: F8, points: F8) -> Bool:
    """Whether each point lies inside, by the even-odd rule."""
    x, y = points[:, None, 0], points[:, None, 1]
    x1, y1, x2, y2 = (walls[None, :, k] for k in range(4))
    spans = (y1 > y) != (y2 > y)
    rise = np.where(y2 == y1, 1.0, y2 - y1)
    hit = spans & (x < (x2 - x1) * (y - y1) / rise + x1)
    found: Bool = hit.sum(axis=1) % 2 == 1
    return found
