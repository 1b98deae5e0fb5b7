"""Lines in the plane: arrays of shape (n, 2) in metres, measured by arc length from their start."""

from math import atan2, hypot

import numpy as np

from citizen.demo.world.plane import Floats, Point


def smooth(points: list[Point], step_m: float) -> Floats:
    """A centripetal-looking curve through all points (Catmull-Rom), one vertex each `step_m`."""
    p = np.array([points[0], *points, points[-1]], dtype=np.float64)
    pieces = []
    for i in range(1, len(p) - 2):
        n = max(2, int(np.ceil(np.hypot(*(p[i + 1] - p[i])) / step_m)))
        t = np.linspace(0.0, 1.0, n, endpoint=False)[:, None]
        pieces.append(_catmull_rom(p[i - 1], p[i], p[i + 1], p[i + 2], t))
    return np.vstack([*pieces, p[-1:]])


def _catmull_rom(a: Floats, b: Floats, c: Floats, d: Floats, t: Floats) -> Floats:
    curve: Floats = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return curve


def straight(points: list[Point], step_m: float) -> Floats:
    """The polyline itself with vertices at most `step_m` apart."""
    line = np.array(points, dtype=np.float64)
    s_m = arc(line)
    extra = np.arange(step_m, s_m[-1], step_m)
    return at_many(line, np.unique(np.concatenate([s_m, extra])))


def arc(line: Floats) -> Floats:
    """Arc length at each vertex."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])


def length(line: Floats) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def at_many(line: Floats, s_m: Floats) -> Floats:
    along = arc(line)
    return np.column_stack([np.interp(s_m, along, line[:, 0]), np.interp(s_m, along, line[:, 1])])


def at(line: Floats, s_m: float) -> Point:
    x_m, y_m = at_many(line, np.array([s_m]))[0]
    return float(x_m), float(y_m)


def direction(line: Floats, s_m: float) -> Point:
    """Unit vector along the line at `s_m`."""
    i = int(np.searchsorted(arc(line), s_m, side="right")) - 1
    i = min(max(i, 0), len(line) - 2)
    dx, dy = line[i + 1] - line[i]
    size = hypot(dx, dy)
    return float(dx / size), float(dy / size)


def beside(line: Floats, s_m: float, left_m: float) -> Point:
    """The point `left_m` metres to the left of the line at `s_m` (negative: to the right)."""
    (x_m, y_m), (dx, dy) = at(line, s_m), direction(line, s_m)
    return x_m - dy * left_m, y_m + dx * left_m


def cut(line: Floats, from_m: float, to_m: float) -> Floats:
    along = arc(line)
    inner = along[(along > from_m + 0.5) & (along < to_m - 0.5)]
    return at_many(line, np.concatenate([[from_m], inner, [to_m]]))


def offset(line: Floats, left_m: float) -> Floats:
    """The parallel line; mitres are capped so that sharp bends do not shoot away."""
    step = np.diff(line, axis=0)
    step /= np.hypot(*step.T)[:, None]
    before = np.vstack([step[:1], step])
    after = np.vstack([step, step[-1:]])
    mean = before + after
    mean /= np.maximum(np.hypot(*mean.T), 1e-9)[:, None]
    reach = left_m / np.maximum((mean * before).sum(axis=1), 0.6)
    shifted: Floats = line + np.column_stack([-mean[:, 1], mean[:, 0]]) * reach[:, None]
    return shifted


def nearest(line: Floats, point: Point) -> tuple[float, float]:
    """(arc length of the nearest point, distance to it)."""
    a, step = line[:-1], np.diff(line, axis=0)
    size2 = (step**2).sum(axis=1)
    t = np.clip(((np.array(point) - a) * step).sum(axis=1) / size2, 0.0, 1.0)
    gap = np.hypot(*(a + step * t[:, None] - np.array(point)).T)
    i = int(gap.argmin())
    return float(arc(line)[i] + t[i] * np.sqrt(size2[i])), float(gap[i])


def meetings(a: Floats, b: Floats) -> list[tuple[float, float]]:
    """Where two lines cross: pairs of arc lengths on `a` and on `b`."""
    p, r = a[:-1, None], np.diff(a, axis=0)[:, None]
    q, s = b[None, :-1], np.diff(b, axis=0)[None]
    turn = _cross(r, s)
    with np.errstate(divide="ignore", invalid="ignore"):
        t, u = _cross(q - p, s) / turn, _cross(q - p, r) / turn
    hits = np.argwhere((turn != 0) & (t >= 0) & (t < 1) & (u >= 0) & (u < 1))
    along_a, along_b = arc(a), arc(b)
    return [
        (
            float(along_a[i] + t[i, j] * (along_a[i + 1] - along_a[i])),
            float(along_b[j] + u[i, j] * (along_b[j + 1] - along_b[j])),
        )
        for i, j in hits
    ]


def _cross(a: Floats, b: Floats) -> Floats:
    z: Floats = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return z


def bearing(vector: Point) -> float:
    """Angle of a vector, radians counter-clockwise from east."""
    return atan2(vector[1], vector[0])


def gap(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])
