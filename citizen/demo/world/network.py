"""From planned lines to a network: junctions where lines meet, edges between them.

1. Draw each plan as a line. 2. Find where lines of one layer cross and where ends rest on others.
3. Merge meeting points closer than a junction is wide. 4. Cut the lines there, and at the abutments
of bridges.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np

from citizen.demo.world.lines import arc, at, cut, gap, length, meetings, nearest, smooth, straight
from citizen.demo.world.plane import Floats, Point, into_box
from citizen.demo.world.railway_course import Railway
from citizen.demo.world.river import River
from citizen.demo.world.street_kinds import StreetPlan

MERGE_M = 11.0
REST_M = 15.0
RIVER_SPAN_M = 64.0
RAIL_SPAN_M = 17.0
OVER_RAIL = frozenset({"dongsan"})
UNDER_RAIL = frozenset({"daero", "seogang"})


@dataclass
class Junction:
    """A place where edges end. `at` is in metres of the plane."""

    at: Point
    rank: int
    edges: list["Edge"] = field(default_factory=list)


@dataclass(eq=False)
class Edge:
    """A piece of street between two junctions (indices `u`, `v`), drawn from u to v."""

    number: int
    plan: StreetPlan
    u: int
    v: int
    line: Floats
    bridge: bool
    underpass: bool = False

    @cached_property
    def length_m(self) -> float:
        return length(self.line)


@dataclass
class Network:
    junctions: list[Junction]
    edges: list[Edge]


@dataclass
class _Cut:
    street: int
    s_m: float
    at: Point
    group: int = -1


def draw(plan: StreetPlan) -> Floats:
    points = [into_box(point) for point in plan.points]
    if plan.curvy and len(points) > 2:
        return smooth(points, 12.0)
    return straight(points, 14.0)


def build_network(plans: tuple[StreetPlan, ...], river: River, railway: Railway) -> Network:
    lines = [draw(plan) for plan in plans]
    cuts = [
        *_crossing_cuts(plans, lines), *_resting_cuts(lines),
        *_abutment_cuts(plans, lines, river, railway), *_end_cuts(lines),
    ]  # fmt: skip
    junctions = _merge(cuts)
    network = Network(junctions, [])
    for number, (plan, line) in enumerate(zip(plans, lines, strict=True)):
        mine = sorted((c for c in cuts if c.street == number), key=lambda c: c.s_m)
        _cut_street(network, plan, line, mine, river, railway)
    for edge in network.edges:
        junctions[edge.u].edges.append(edge)
        junctions[edge.v].edges.append(edge)
    return network


def _crossing_cuts(plans: tuple[StreetPlan, ...], lines: list[Floats]) -> list[_Cut]:
    boxes = [(line.min(axis=0), line.max(axis=0)) for line in lines]
    found = []
    for i, j in combinations(range(len(lines)), 2):
        apart = (boxes[i][0] > boxes[j][1]).any() or (boxes[j][0] > boxes[i][1]).any()
        if apart or plans[i].layer != plans[j].layer:
            continue
        for s_i, s_j in meetings(lines[i], lines[j]):
            point = at(lines[i], s_i)
            found += [_Cut(i, s_i, point), _Cut(j, s_j, point)]
    return found


def _resting_cuts(lines: list[Floats]) -> list[_Cut]:
    """An end that lies on, or just short of, another line rests on it."""
    found = []
    for i, line in enumerate(lines):
        for s_i, end in ((0.0, line[0]), (length(line), line[-1])):
            for j, other in enumerate(lines):
                if i == j or np.abs(other - end).sum(axis=1).min() > 60.0:
                    continue
                s_j, away_m = nearest(other, (end[0], end[1]))
                if away_m < REST_M:
                    point = at(other, s_j)
                    found += [_Cut(j, s_j, point), _Cut(i, s_i, point)]
    return found


def _end_cuts(lines: list[Floats]) -> list[_Cut]:
    return [
        _Cut(i, s_m, (float(end[0]), float(end[1])))
        for i, line in enumerate(lines)
        for s_m, end in ((0.0, line[0]), (length(line), line[-1]))
    ]


def _abutment_cuts(
    plans: tuple[StreetPlan, ...], lines: list[Floats], river: River, railway: Railway
) -> list[_Cut]:
    return [
        _Cut(i, s_m, at(line, s_m))
        for i, (plan, line) in enumerate(zip(plans, lines, strict=True))
        for s_m in _span(plan, line, river, railway)
    ]


def _span(plan: StreetPlan, line: Floats, river: River, railway: Railway) -> tuple[float, ...]:
    """Where the street's bridge begins and ends, or nothing."""
    if plan.bridge_name is None:
        return ()
    over, reach_m = (railway, RAIL_SPAN_M) if plan.key in OVER_RAIL else (river, RIVER_SPAN_M)
    s_m = np.arange(0.0, length(line), 2.0)
    near = [s for s in s_m if over.distance(at(line, float(s))) < reach_m]
    return (float(near[0]), float(near[-1]))


def _merge(cuts: list[_Cut]) -> list[Junction]:
    """Group the cuts; the first street of the plan in a group says where the junction is."""
    junctions: list[Junction] = []
    for found in sorted(cuts, key=lambda c: c.street):
        close = [k for k, j in enumerate(junctions) if _is_close(j.at, found.at)]
        if close:
            found.group = min(close, key=lambda k: gap(junctions[k].at, found.at))
        else:
            found.group = len(junctions)
            junctions.append(Junction(found.at, found.street))
    return junctions


def _is_close(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) < MERGE_M and abs(a[1] - b[1]) < MERGE_M and gap(a, b) < MERGE_M


def _cut_street(
    network: Network,
    plan: StreetPlan,
    line: Floats,
    cuts: list[_Cut],
    river: River,
    railway: Railway,
) -> None:
    for a, b in pairwise(cuts):
        if a.group == b.group:
            continue
        piece = cut(line, a.s_m, b.s_m)
        piece[0], piece[-1] = network.junctions[a.group].at, network.junctions[b.group].at
        bridge = _is_bridge(plan, piece, river, railway)
        number = len(network.edges)
        under = plan.key in UNDER_RAIL and min(railway.distance(p) for p in _points(piece)) < 16.0
        network.edges.append(Edge(number, plan, a.group, b.group, piece, bridge, under))


def _points(line: Floats) -> list[Point]:
    return [(float(x), float(y)) for x, y in line]


def _is_bridge(plan: StreetPlan, piece: Floats, river: River, railway: Railway) -> bool:
    if plan.bridge_name is None:
        return False
    middle = at(piece, float(arc(piece)[-1]) / 2)
    return (
        railway.distance(middle) < RAIL_SPAN_M
        if plan.key in OVER_RAIL
        else river.distance(middle) < RIVER_SPAN_M * 0.8
    )
