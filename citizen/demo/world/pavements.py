"""Pavements beside the carriageways, the corners that join them, and the crossings.

Each junction is seen as arms in counter-clockwise order with a corner between neighbours. A corner
is paved if one of the two sides that face it is. 1. Every arm gets a set-back that clears the
corners. 2. At the set-back its left and right foot points are set. 3. Foot points around a corner
are joined. 4. The arm is crossed between its two foot points, or linked to its middle.
5. Pavements run along the edges from foot point to foot point.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, pi, sin
from random import Random
from typing import Literal

import numpy as np

from citizen.demo.world import lines
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.kerbs import Crossing, kerb_tags, signal_tags
from citizen.demo.world.network import Edge, Junction, Network
from citizen.demo.world.plane import Point
from citizen.demo.world.strands import Strand, insert_node
from citizen.demo.world.street_kinds import PAVEMENT_M, VERGE_M, StreetPlan
from citizen.demo.world.street_tags import pavement_tags, street_tags

Side = Literal["left", "right"]
OPPOSITE: tuple[tuple[Side, Side], ...] = (("left", "right"), ("right", "left"))
MAJOR = frozenset({"primary", "secondary", "tertiary"})
SIGNALLED_SMALL = ({"yeokjeon", "gangbyeon"}, {"gangbyeon", "eunhaeng"}, {"dongsan", "eunhaeng"})
BLOCK_TOO_LONG_M = 175.0


@dataclass(eq=False)
class Arm:
    """One edge as seen from a junction; left and right are those of somebody walking away."""

    edge: Edge
    outward: bool
    angle: float
    setback_m: float = 0.0
    foot: dict[Side, int] = field(default_factory=dict)
    middle: int | None = None

    @property
    def plan(self) -> StreetPlan:
        return self.edge.plan

    @property
    def is_paved(self) -> bool:
        return self.plan.spec.is_for_cars and self.plan.pavement == "separate"

    @property
    def reach_m(self) -> float:
        """From the middle of the street to the middle of its pavement, or to where one would be."""
        half_m = self.plan.spec.width_m / 2
        if not self.is_paved:
            return half_m + 1.0
        return half_m + VERGE_M[self.plan.quarter] + PAVEMENT_M[self.plan.quarter] / 2

    def s_m(self) -> float:
        return self.setback_m if self.outward else self.edge.length_m - self.setback_m

    def sign(self, side: Side) -> float:
        return 1.0 if (side == "left") == self.outward else -1.0


@dataclass(frozen=True)
class SignalCrossing:
    """A crossing with lights: which junction, which edge it crosses, and its way."""

    junction: int
    edge: int
    way_id: int
    length_m: float
    line: tuple[Point, ...]


@dataclass
class Walkways:
    """What the pavement builders leave behind."""

    strands: list[Strand]
    roads: dict[int, Strand]
    signal_crossings: list[SignalCrossing]
    junction_ids: list[int]
    arms: list[list[Arm]]


def build_walkways(book: ElementBook, network: Network, draw: Random) -> Walkways:
    ids = [book.node(junction.at) for junction in network.junctions]
    roads = {edge.number: _road(edge, ids, draw) for edge in network.edges}
    walkways = Walkways([], roads, [], ids, [])
    for number, junction in enumerate(network.junctions):
        arms = _arms(number, junction)
        walkways.arms.append(arms)
        _build_junction(book, walkways, number, arms, draw)
    _build_pavements(book, network, walkways, draw)
    _trim_lanes(book, walkways)
    walkways.strands += walkways.roads.values()
    return walkways


def _road(edge: Edge, ids: list[int], draw: Random) -> Strand:
    plan = edge.plan
    walkable = plan.pavement != "separate" and plan.kind != "lift"
    return Strand(plan.key, edge.line, ids[edge.u], ids[edge.v], street_tags(edge, draw),
                  plan.quarter, walkable, edge.bridge, _incline_known(plan))  # fmt: skip


def _incline_known(plan: StreetPlan) -> float:
    return 1.0 if plan.key == "dalmaji" else 0.7


def is_signalled(arms: list[Arm]) -> bool:
    big = [arm for arm in arms if arm.plan.kind in MAJOR]
    keys = {arm.plan.key for arm in arms}
    if len(big) < 3 or any(arm.edge.bridge for arm in arms):
        return False
    return any(arm.plan.kind in ("primary", "secondary") for arm in big) or any(
        pair <= keys for pair in SIGNALLED_SMALL
    )


def _arms(number: int, junction: Junction) -> list[Arm]:
    arms = []
    for edge in junction.edges:
        for outward in (True, False):
            if (edge.u if outward else edge.v) != number:
                continue
            far = min(14.0, edge.length_m / 2)
            tip = lines.at(edge.line, far if outward else edge.length_m - far)
            angle = lines.bearing((tip[0] - junction.at[0], tip[1] - junction.at[1]))
            arms.append(Arm(edge, outward, angle))
    return sorted(arms, key=lambda arm: arm.angle)


def _build_junction(
    book: ElementBook, walkways: Walkways, number: int, arms: list[Arm], draw: Random
) -> None:
    if not any(arm.is_paved for arm in arms):
        return
    if len(arms) == 2 and arms[0].plan is arms[1].plan:
        _pass_through(book, arms)
        return
    corners = _paved_corners(arms)
    crossed = _crossed(arms, is_signalled(arms))
    for arm in arms:
        arm.setback_m = _setback(arms, arm, corners, arm in crossed)
    for a, b in corners:
        _build_corner(book, walkways, a, b, draw)
    for arm in arms:
        if {"left", "right"} <= arm.foot.keys() and arm in crossed:
            _cross(book, walkways, number, arms, arm, crossed[arm], draw)
        elif arm.foot and not arm.is_paved:
            _link(book, walkways, arm)
    if len(arms) == 1:
        _close_end(book, walkways, arms[0])


def _pass_through(book: ElementBook, arms: list[Arm]) -> None:
    """A bare cut in one street, such as an abutment: the pavements simply go on."""
    first, second = arms
    for side, other in OPPOSITE:
        node_id = book.node(_foot_point(first, side))
        first.foot[side] = second.foot[other] = node_id


def _paved_corners(arms: list[Arm]) -> list[tuple[Arm, Arm]]:
    """Neighbours (a, b): the corner lies to the left of a and to the right of b."""
    if len(arms) == 1:
        return []
    pairs = list(pairwise([*arms, arms[0]]))
    return [(a, b) for a, b in pairs if a.is_paved or b.is_paved]


def _crossed(arms: list[Arm], signalled: bool) -> dict[Arm, Crossing | None]:
    """Which arms are crossed, and how; None is a pavement that goes on over a lane's mouth."""
    crossed: dict[Arm, Crossing | None] = {}
    majors = [arm for arm in arms if arm.plan.kind in MAJOR]
    for arm in arms if len(arms) > 2 else []:
        if not arm.plan.spec.is_for_cars:
            crossed[arm] = None
        elif signalled:
            crossed[arm] = Crossing(marked=True, signals=True)
        elif arm.plan.kind not in MAJOR:
            crossed[arm] = Crossing(marked=arm.plan.quarter == "new", signals=False)
        elif majors and arm is majors[0] and not arm.edge.bridge:
            crossed[arm] = Crossing(marked=True, signals=False)
    return crossed


def _setback(arms: list[Arm], arm: Arm, corners: list[tuple[Arm, Arm]], is_crossed: bool) -> float:
    """How far from the junction the arm's foot points clear both corners."""
    if len(arms) == 1:
        return 0.0
    needs = [1.5]
    for a, b in corners:
        if arm in (a, b):
            other = b if arm is a else a
            needs.append(_corner_reach(arm, other, (b.angle - a.angle) % (2 * pi)))
    return min(max(needs) + (2.2 if is_crossed else 0.0), 0.42 * arm.edge.length_m)


def _corner_reach(arm: Arm, other: Arm, angle: float) -> float:
    """Along `arm`, where its offset line meets the other's; open corners need none."""
    if angle > 0.9 * pi or angle < 0.1:
        return 1.5
    return (other.reach_m + arm.reach_m * cos(angle)) / sin(angle)


def _foot_point(arm: Arm, side: Side) -> Point:
    return lines.beside(arm.edge.line, arm.s_m(), arm.sign(side) * arm.reach_m)


def _build_corner(book: ElementBook, walkways: Walkways, a: Arm, b: Arm, draw: Random) -> None:
    a.foot["left"] = book.node(_foot_point(a, "left"))
    b.foot["right"] = book.node(_foot_point(b, "right"))
    start, end = book.point(a.foot["left"]), book.point(b.foot["right"])
    if lines.gap(start, end) < 0.5:
        return
    paved = a if a.is_paved else b
    line = np.array([start, *_corner_tip(a, b), end])
    tags = pavement_tags(paved.edge, draw)
    walkways.strands.append(
        Strand(paved.plan.key, line, a.foot["left"], b.foot["right"], tags, paved.plan.quarter,
               True, False, 0.0)
    )  # fmt: skip


def _corner_tip(a: Arm, b: Arm) -> list[Point]:
    """Where the two pavements' lines would meet, if that is a sensible place to turn."""
    angle = (b.angle - a.angle) % (2 * pi)
    if angle > 0.85 * pi or angle < 0.3:
        return []
    back_m = a.setback_m - _corner_reach(a, b, angle)
    if back_m < 1.0:
        return []
    x_m, y_m = _foot_point(a, "left")
    return [(x_m - cos(a.angle) * back_m, y_m - sin(a.angle) * back_m)]


def _cross(
    book: ElementBook,
    walkways: Walkways,
    number: int,
    arms: list[Arm],
    arm: Arm,
    crossing: Crossing | None,
    draw: Random,
) -> None:
    road = walkways.roads[arm.edge.number]
    arm.middle = insert_node(book, road, arm.s_m())
    if crossing is None:
        tags = {"highway": "footway", "footway": "sidewalk", "surface": "paving_stones"}
        book.way([arm.foot["left"], arm.middle, arm.foot["right"]], tags)
        return
    plans = [other.plan for other in arms]
    way_id, kerb_ids = _write_crossing(book, arm, plans, crossing, draw)
    if crossing.signals:
        line = tuple(book.point(node) for node in kerb_ids)
        width_m = arm.plan.spec.width_m
        walkways.signal_crossings.append(
            SignalCrossing(number, arm.edge.number, way_id, width_m, line)
        )


def _write_crossing(
    book: ElementBook, arm: Arm, plans: list[StreetPlan], crossing: Crossing, draw: Random
) -> tuple[int, list[int]]:
    """Link, kerb, crossing, kerb, link; sometimes the mapper drew all of it as one way. The way,
    and its kerbs."""
    assert arm.middle is not None
    quarter = arm.plan.quarter
    half_m = arm.plan.spec.width_m / 2
    kerb_ids = []
    for side in ("left", "right"):
        point = _kerb_point(book, arm, side, half_m)
        south = point[1] < book.point(arm.middle)[1]
        kerb_ids.append(book.node(point, kerb_tags(plans, quarter, south, draw)))
    tags = crossing.tags(draw)
    at_pole = signal_tags(quarter, draw) if crossing.signals else {}
    island = {"crossing:island": "yes"} if arm.plan.kind == "primary" else {}
    book.tag_node(arm.middle, {"highway": "crossing"} | tags | at_pole | island)
    way_tags = {"highway": "footway", "footway": "crossing"} | tags | island
    if draw.random() < 0.7:
        way_tags["surface"] = "asphalt"
    path = [kerb_ids[0], arm.middle, kerb_ids[1]]
    if draw.random() < 0.25:
        return book.way([arm.foot["left"], *path, arm.foot["right"]], way_tags), kerb_ids
    link = {"highway": "footway", "footway": "link"}
    book.way([arm.foot["left"], kerb_ids[0]], link)
    book.way([kerb_ids[1], arm.foot["right"]], link)
    return book.way(path, way_tags), kerb_ids


def _kerb_point(book: ElementBook, arm: Arm, side: Side, half_m: float) -> Point:
    foot, middle = book.point(arm.foot[side]), lines.at(arm.edge.line, arm.s_m())
    share = half_m / max(lines.gap(foot, middle), half_m)
    return (
        middle[0] + (foot[0] - middle[0]) * share,
        middle[1] + (foot[1] - middle[1]) * share,
    )


def _link(book: ElementBook, walkways: Walkways, arm: Arm) -> None:
    """A street without pavement begins where its neighbour's pavement ends."""
    middle = insert_node(book, walkways.roads[arm.edge.number], arm.s_m())
    for foot in arm.foot.values():
        book.way([foot, middle], {"highway": "footway", "footway": "link"})


def _close_end(book: ElementBook, walkways: Walkways, arm: Arm) -> None:
    """At a dead end one can step from pavement to pavement; at the town's edge as well."""
    road = walkways.roads[arm.edge.number]
    middle = road.start if arm.outward else road.end
    for side, _ in OPPOSITE:
        arm.foot[side] = book.node(_foot_point(arm, side))
        book.way([arm.foot[side], middle], {"highway": "footway", "footway": "link"})


def _build_pavements(book: ElementBook, network: Network, walkways: Walkways, draw: Random) -> None:
    arm_of = {(arm.edge.number, arm.outward): arm for arms in walkways.arms for arm in arms}
    for edge in network.edges:
        start, end = arm_of[edge.number, True], arm_of[edge.number, False]
        if not start.is_paved:
            continue
        pair = [_pavement(book, start, end, side, other, draw) for side, other in OPPOSITE]
        walkways.strands += pair
        if _needs_crossing(edge, start, end):
            _cross_mid_block(book, walkways, edge, pair, draw)


def _pavement(
    book: ElementBook, start: Arm, end: Arm, side: Side, other: Side, draw: Random
) -> Strand:
    edge = start.edge
    along = lines.cut(edge.line, start.setback_m, edge.length_m - end.setback_m)
    line = lines.offset(along, start.sign(side) * start.reach_m)
    first, last = start.foot[side], end.foot[other]
    line[0], line[-1] = book.point(first), book.point(last)
    return Strand(edge.plan.key, line, first, last, pavement_tags(edge, draw), edge.plan.quarter,
                  True, edge.bridge, 0.6)  # fmt: skip


def _needs_crossing(edge: Edge, start: Arm, end: Arm) -> bool:
    free_m = edge.length_m - start.setback_m - end.setback_m
    open_road = not edge.bridge and not edge.underpass
    return edge.plan.kind in MAJOR and open_road and free_m > BLOCK_TOO_LONG_M


def _cross_mid_block(
    book: ElementBook, walkways: Walkways, edge: Edge, pair: list[Strand], draw: Random
) -> None:
    arm = Arm(edge, True, 0.0, setback_m=edge.length_m * draw.uniform(0.42, 0.58))
    for (side, _), strand in zip(OPPOSITE, pair, strict=True):
        s_m, _ = lines.nearest(strand.line, _foot_point(arm, side))
        arm.foot[side] = insert_node(book, strand, s_m)
    arm.middle = insert_node(book, walkways.roads[edge.number], arm.s_m())
    signals = edge.plan.kind != "tertiary"
    _write_crossing(book, arm, [edge.plan], Crossing(marked=True, signals=signals), draw)
    if signals:
        book.tag_node(arm.middle, {"button_operated": "yes"})


def _trim_lanes(book: ElementBook, walkways: Walkways) -> None:
    """A lane for walkers ends at the pavement, not in the middle of the carriageway."""
    for arms in walkways.arms:
        for arm in arms:
            if arm.middle is None or arm.plan.spec.is_for_cars:
                continue
            road = walkways.roads[arm.edge.number]
            s_m = lines.nearest(road.line, book.point(arm.middle))[0]
            if arm.outward:
                _keep(road, s_m, road.length_m)
                road.start = arm.middle
            else:
                _keep(road, 0.0, s_m)
                road.end = arm.middle


def _keep(road: Strand, from_m: float, to_m: float) -> None:
    road.line = lines.cut(road.line, from_m, to_m)
    road.inserts = [
        (s - from_m, node_id) for s, node_id in road.inserts if from_m + 0.6 < s < to_m - 0.6
    ]
