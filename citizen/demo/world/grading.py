"""Streets are built into the land: their own heights first, then cuts and banks beside them.

Heights of the streets' vertices start on the land and are relaxed until no piece is steeper than
its street may be; abutments, the underpasses' lowest points and the overpass are held. Then the
land within a few metres takes the street's height and further out blends back into itself.
"""

from dataclasses import dataclass

import numpy as np

from citizen.demo.world.lines import arc, at_many
from citizen.demo.world.network import OVER_RAIL, UNDER_RAIL, Network
from citizen.demo.world.plane import Floats, Point
from citizen.demo.world.railway_course import FORMATION_HALF_M, Railway
from citizen.demo.world.river import River
from citizen.demo.world.terrain import CELL_M, CELLS, RASTER_HALF_M, Heights, as_heights

# The raster blurs a profile a little; streets are planned below what they may have.
GRADE_RESERVE = 0.94
DECK_ABOVE_BED_M = 5.3
OVERPASS_CLEAR_M = 7.2
UNDERPASS_DEEP_M = 5.0
BLEND_M = 12.0


@dataclass
class _Profile:
    """Vertices of all streets: where, how high, and pieces a→b with the rise they may have."""

    points: Floats
    height_m: Floats
    held: np.ndarray
    a: np.ndarray
    b: np.ndarray
    rise_m: Floats


def grade_streets(land: Heights, network: Network, river: River, railway: Railway) -> Heights:
    """The land with railway and streets built into it."""
    grid = land.values.astype(np.float64)
    grid = _carve(grid, *_formation(railway))
    profile, vertices = _profile(as_heights(grid), network)
    _hold(profile, network, vertices, river, railway)
    _relax(profile)
    return as_heights(_carve(grid, *_ground(network, vertices, profile)))


def _profile(land: Heights, network: Network) -> tuple[_Profile, dict[int, list[int]]]:
    points: list[Point] = [junction.at for junction in network.junctions]
    vertices: dict[int, list[int]] = {}
    a, b, rise = [], [], []
    for edge in network.edges:
        inner = [] if edge.bridge else [(float(x), float(y)) for x, y in edge.line[1:-1]]
        chain = [edge.u, *range(len(points), len(points) + len(inner)), edge.v]
        points += inner
        vertices[edge.number] = chain
        line = edge.line if not edge.bridge else edge.line[[0, -1]]
        a += chain[:-1]
        b += chain[1:]
        limit = min(edge.plan.grade_limit, 0.03) if edge.bridge else edge.plan.grade_limit
        rise += list(np.diff(arc(line)) * limit)
    xy = np.array(points)
    held = np.zeros(len(xy), dtype=bool)
    return _Profile(
        xy, land.at_points(xy), held, np.array(a), np.array(b), np.array(rise)
    ), vertices


def _hold(
    profile: _Profile,
    network: Network,
    vertices: dict[int, list[int]],
    river: River,
    railway: Railway,
) -> None:
    rail_m = float(railway.height_m[0])
    for edge in network.edges:
        ends = [edge.u, edge.v]
        if edge.bridge and edge.plan.key in OVER_RAIL:
            _pin(profile, ends, rail_m + OVERPASS_CLEAR_M)
        elif edge.bridge:
            bed_m = river.bed_at((float(edge.line[:, 0].mean()), float(edge.line[:, 1].mean())))
            _pin(profile, ends, bed_m + DECK_ABOVE_BED_M)
        if edge.plan.key in UNDER_RAIL:
            low = [v for v in vertices[edge.number] if _is_under(profile, v, railway)]
            _pin(profile, low, rail_m - UNDERPASS_DEEP_M)


def _is_under(profile: _Profile, vertex: int, railway: Railway) -> bool:
    x_m, y_m = profile.points[vertex]
    return railway.distance((float(x_m), float(y_m))) < FORMATION_HALF_M + 3.0


def _pin(profile: _Profile, vertices: list[int], height_m: float) -> None:
    profile.height_m[vertices] = height_m
    profile.held[vertices] = True


def _relax(profile: _Profile) -> None:
    """The mean of the highest and the lowest profile that the grades allow.

    Both envelopes (McShane's extensions on the graph whose metric is the allowed rise) keep every
    grade, so their mean does. Heights out of reach of a held vertex are brought within it first.
    """
    _smooth(profile)
    h, held = profile.height_m, profile.held
    if held.any():
        ceiling = _lowest_cover(profile, np.where(held, h, np.inf))
        floor = -_lowest_cover(profile, np.where(held, -h, np.inf))
        h = np.where(held, h, np.clip(h, floor, ceiling))
    lower = _lowest_cover(profile, h)
    upper = -_lowest_cover(profile, -h)
    profile.height_m = (lower + upper) / 2


def _smooth(profile: _Profile) -> None:
    h, a, b = profile.height_m, profile.a, profile.b
    n = len(h)
    degree = np.maximum(np.bincount(a, minlength=n) + np.bincount(b, minlength=n), 1)
    for _ in range(12):
        pull = np.bincount(a, h[b] - h[a], n) + np.bincount(b, h[a] - h[b], n)
        h += np.where(profile.held, 0.0, 0.35 * pull / degree)


def _lowest_cover(profile: _Profile, height_m: Floats) -> Floats:
    """At each vertex the least of (height elsewhere + rise allowed on the way): Bellman-Ford."""
    cover = height_m.copy()
    a, b, rise = profile.a, profile.b, profile.rise_m * GRADE_RESERVE
    while True:
        before = cover.copy()
        np.minimum.at(cover, b, cover[a] + rise)
        np.minimum.at(cover, a, cover[b] + rise)
        if np.array_equal(before, cover):
            return cover


def _formation(railway: Railway) -> tuple[Floats, Floats, Floats]:
    s_m = np.arange(0.0, railway.arc_m[-1], 2.5)
    heights = np.interp(s_m, railway.arc_m, railway.height_m)
    return at_many(railway.line, s_m), heights, np.full(len(s_m), FORMATION_HALF_M)


def _ground(
    network: Network, vertices: dict[int, list[int]], profile: _Profile
) -> tuple[Floats, Floats, Floats]:
    """Points each two metres along what lies on the ground: place, height, half-width."""
    points, heights, reaches = [], [], []
    for edge in network.edges:
        if edge.bridge or edge.plan.kind in ("path", "lift"):
            continue
        along = arc(edge.line)
        s_m = np.arange(0.0, along[-1] + 2.0, 2.0).clip(max=along[-1])
        points.append(at_many(edge.line, s_m))
        heights.append(np.interp(s_m, along, profile.height_m[vertices[edge.number]]))
        spare_m = 3.5 if edge.plan.spec.is_for_cars else 2.0
        reaches.append(np.full(len(s_m), edge.plan.spec.width_m / 2 + spare_m))
    return np.vstack(points), np.concatenate(heights), np.concatenate(reaches)


def _carve(grid: Floats, points: Floats, height_m: Floats, reach_m: Floats) -> Floats:
    """Cells within reach of a point take its height; `BLEND_M` further out fade into the land.

    Where several points reach a cell the nearest counts most, so that a lane which leaves a wide
    street at a sharp angle keeps a profile of its own.
    """
    span = int(np.ceil((reach_m.max() + BLEND_M) / CELL_M))
    row0 = np.floor((RASTER_HALF_M - points[:, 1]) / CELL_M).astype(int)
    col0 = np.floor((points[:, 0] + RASTER_HALF_M) / CELL_M).astype(int)
    weight, total, blend = np.zeros((3, CELLS * CELLS))
    for dr, dc in np.ndindex(2 * span + 1, 2 * span + 1):
        row, col = row0 + dr - span, col0 + dc - span
        x_m = (col + 0.5) * CELL_M - RASTER_HALF_M
        y_m = RASTER_HALF_M - (row + 0.5) * CELL_M
        away = np.hypot(x_m - points[:, 0], y_m - points[:, 1])
        fit = (away < reach_m + BLEND_M) & (row >= 0) & (row < CELLS) & (col >= 0) & (col < CELLS)
        cell, away = (row * CELLS + col)[fit], away[fit]
        near = np.exp(-((away / 2.5) ** 2)) + 1e-9
        weight += np.bincount(cell, near, CELLS * CELLS)
        total += np.bincount(cell, near * height_m[fit], CELLS * CELLS)
        np.maximum.at(blend, cell, np.clip(1 - (away - reach_m[fit]) / BLEND_M, 0, 1))
    built = total / np.maximum(weight, 1e-12)
    share = blend * blend * (3 - 2 * blend)
    land = grid.ravel()
    return np.where(share > 0, land * (1 - share) + built * share, land).reshape(CELLS, CELLS)
