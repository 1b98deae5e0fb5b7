"""Houses: rows along the streets in each quarter's manner, and slabs in the housing estates.

A house is set down only where the canvas is free; then it takes its place on the canvas. Its number
is that of Korea's road-name addresses: the street is measured from its beginning in steps of 20 m,
odd numbers on the left, even ones on the right, later houses of a step get a sub-number.
"""

from collections import Counter
from dataclasses import dataclass, field
from math import atan2, cos, hypot, pi, sin
from random import Random

import numpy as np

from citizen.demo.world.canvas import Canvas, contains
from citizen.demo.world.lines import at_many
from citizen.demo.world.network import Edge, Network
from citizen.demo.world.plane import Point
from citizen.demo.world.shapes import Footprint
from citizen.demo.world.street_kinds import PAVEMENT_M, VERGE_M, StreetPlan


@dataclass(eq=False)
class House:
    """A building before it is written. `front` is the middle of the side that faces the street."""

    ring: list[Point]
    front: Point
    tags: dict[str, str]
    street: StreetPlan | None = None
    number: str = ""
    entrance: int | None = None
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def centre(self) -> Point:
        x_m, y_m = np.array(self.ring).mean(axis=0)
        return float(x_m), float(y_m)


@dataclass(frozen=True)
class Manner:
    """How one builds along a street: ranges in metres and storeys."""

    front_m: tuple[float, float]
    depth_m: tuple[float, float]
    gap_m: tuple[float, float]
    levels: tuple[int, int]
    rows: int
    sway: float
    empty: float
    kinds: tuple[str, ...]
    notch: float = 0.0


OLD = Manner((8, 13.5), (7.5, 10.5), (0.8, 2.6), (1, 2), 4, 0.10, 0.05, ("house", "house", "yes"),
             0.5)  # fmt: skip
MID = Manner((10, 18), (10, 14.5), (1.5, 4.5), (2, 5), 2, 0.03, 0.08,
             ("apartments", "retail", "yes", "house"), 0.2)  # fmt: skip
HIGH_STREET = Manner((16, 30), (15, 23), (2.5, 6), (3, 10), 1, 0.0, 0.07,
                     ("commercial", "office", "retail", "commercial"), 0.25)  # fmt: skip
VILLAS = Manner((11, 16), (11, 14), (2.5, 5), (3, 5), 2, 0.02, 0.08,
                ("apartments", "apartments", "house"), 0.2)  # fmt: skip
HILLSIDE = Manner((9.5, 13), (8.5, 11), (3.5, 9), (1, 3), 2, 0.12, 0.12, ("house", "detached"), 0.4)


STREET_MARGIN_M = 0.4
# The cutting of an underpass has banks on which nobody builds.
UNDERPASS_BANK_M = 11.0


def manner_of(plan: StreetPlan) -> Manner | None:
    if plan.kind in ("path", "steps", "lift", "cycle", "service"):
        return None
    if plan.layer or plan.key.startswith(("riverramp", "north", "south")):
        return None
    if plan.quarter == "old":
        return OLD
    if plan.quarter == "hill":
        return HILLSIDE
    if plan.quarter == "new":
        return HIGH_STREET if plan.kind in ("primary", "secondary", "tertiary") else VILLAS
    return MID


def take_streets(canvas: Canvas, network: Network) -> None:
    for edge in network.edges:
        bank_m = UNDERPASS_BANK_M if edge.underpass else 0.0
        canvas.take_line(edge.line, side_m(edge.plan) + STREET_MARGIN_M + bank_m)


def side_m(plan: StreetPlan) -> float:
    """From the middle of the street to its outer edge, pavement included."""
    half_m = plan.spec.width_m / 2
    if plan.pavement != "separate" or not plan.spec.is_for_cars:
        return half_m
    return half_m + VERGE_M[plan.quarter] + PAVEMENT_M[plan.quarter]


def build_houses(canvas: Canvas, network: Network, draw: Random) -> list[House]:
    """Front rows of every street first, so that no back row takes a street's face."""
    houses: list[House] = []
    numbers: Counter[tuple[str, int]] = Counter()
    starts = _street_starts(network)
    guides = {edge.number: _guide(edge) for edge in network.edges}
    rows: dict[tuple[int, float], float] = {}
    for row in range(4):
        for edge in network.edges:
            manner = manner_of(edge.plan)
            if manner is None or edge.bridge or row >= manner.rows:
                continue
            for side in (1.0, -1.0):
                first_m = side_m(edge.plan) + STREET_MARGIN_M + 1.0 + manner.gap_m[0] / 2
                base_m = rows.get((edge.number, side), first_m)
                face = _Face(edge, guides[edge.number], side, base_m)
                found = _build_row(canvas, face, manner, draw)
                for s_m, house in found:
                    _number(house, edge, starts[edge.number] + s_m, side, numbers)
                houses += [house for _, house in found]
                rows[edge.number, side] = base_m + manner.depth_m[1] + 2.0
    return houses


def _street_starts(network: Network) -> dict[int, float]:
    """How far along its street each edge begins."""
    starts = {}
    so_far: dict[str, float] = {}
    for edge in network.edges:
        starts[edge.number] = so_far.get(edge.plan.key, 0.0)
        so_far[edge.plan.key] = starts[edge.number] + edge.length_m
    return starts


@dataclass(frozen=True)
class _Face:
    """One side of an edge that houses may face; they begin `base_m` from the street's middle."""

    edge: Edge
    guide: list[tuple[Point, float]]
    side: float
    base_m: float


def _guide(edge: Edge) -> list[tuple[Point, float]]:
    """Point and heading of the street at each metre."""
    points = at_many(edge.line, np.arange(0.0, edge.length_m, 1.0))
    step = np.gradient(points, axis=0) if len(points) > 1 else np.ones((1, 2))
    headings = np.arctan2(step[:, 1], step[:, 0])
    return [((float(x), float(y)), float(a)) for (x, y), a in zip(points, headings, strict=True)]


def _build_row(
    canvas: Canvas, face: _Face, manner: Manner, draw: Random
) -> list[tuple[float, House]]:
    found = []
    s_m, length_m = 4.0 + draw.uniform(0, 3), face.edge.length_m
    while s_m < length_m - 4.0:
        front_m = draw.uniform(*manner.front_m)
        fit = _try_house(canvas, face, s_m + front_m / 2, front_m, manner, draw)
        if fit is None:
            s_m += 3.5
            continue
        if draw.random() >= manner.empty:
            house, shape = fit
            found.append((s_m + front_m / 2, house))
            canvas.take_shape(shape)
        s_m += front_m + draw.uniform(*manner.gap_m)
    return found


def _try_house(
    canvas: Canvas, face: _Face, s_m: float, front_m: float, manner: Manner, draw: Random
) -> tuple[House, Footprint] | None:
    """The deepest house that fits here, or none."""
    if s_m >= len(face.guide):
        return None
    (x_m, y_m), along = face.guide[int(s_m)]
    heading = along + (0.0 if face.side > 0 else pi) + draw.uniform(-1, 1) * manner.sway
    wish_m = draw.uniform(*manner.depth_m)
    notch = draw.uniform(0.35, 0.5) if draw.random() < manner.notch else 0.0
    for depth_m in (wish_m, wish_m * 0.75):
        away_m = face.side * (face.base_m + depth_m / 2)
        centre = (x_m - sin(along) * away_m, y_m + cos(along) * away_m)
        shape = Footprint(centre, heading, front_m, depth_m, notch)
        if canvas.is_free(shape, manner.gap_m[0] / 2):
            house = House(shape.ring(), shape.front(), _tags(manner, draw), face.edge.plan)
            return house, shape
    return None


def _tags(manner: Manner, draw: Random) -> dict[str, str]:
    levels = draw.randint(*manner.levels)
    tags = {"building": draw.choice(manner.kinds), "building:levels": str(levels)}
    if manner is OLD and levels == 1 and draw.random() < 0.5:
        tags |= {"building": "house", "building:architecture": "hanok", "roof:shape": "gabled"}
    return tags


def _number(
    house: House, edge: Edge, from_start_m: float, side: float, numbers: Counter[tuple[str, int]]
) -> None:
    if not edge.plan.name_ko:
        return
    main = 2 * int(from_start_m // 20) + (1 if side > 0 else 2)
    later = numbers[edge.plan.key, main]
    numbers[edge.plan.key, main] += 1
    house.number = f"{main}-{later}" if later else str(main)


@dataclass(frozen=True)
class Estate:
    """A housing estate: slabs stand in rows within the ring."""

    name_ko: str
    name_en: str
    ring: tuple[Point, ...]
    levels: tuple[int, int]


ESTATES = (
    Estate("별빛마을 1단지", "Byeolbit Village 1", ((326, -602), (484, -584), (487, -516),
           (330, -522)), (12, 15)),
    Estate("별빛마을 2단지", "Byeolbit Village 2", ((332, -692), (484, -698), (478, -624),
           (330, -648)), (14, 18)),
    Estate("별빛마을 3단지", "Byeolbit Village 3", ((518, -700), (688, -710), (690, -634),
           (514, -622)), (15, 20)),
    Estate("별빛마을 4단지", "Byeolbit Village 4", ((330, -832), (486, -842), (484, -734),
           (332, -724)), (18, 24)),
    Estate("별빛마을 5단지", "Byeolbit Village 5", ((522, -842), (694, -852), (688, -744),
           (518, -734)), (18, 24)),
    Estate("별빛마을 6단지", "Byeolbit Village 6", ((328, -982), (494, -986), (490, -878),
           (328, -868)), (20, 27)),
    Estate("별빛마을 7단지", "Byeolbit Village 7", ((528, -986), (698, -986), (696, -888),
           (524, -878)), (20, 27)),
    Estate("온누리마을", "Onnuri Village", ((730, -862), (852, -872), (852, -766), (726, -748)),
           (15, 20)),
    Estate("철길푸른마을", "Cheolgil Pureun Village", ((-32, -690), (188, -692), (186, -556),
           (-28, -552)), (15, 22)),
    Estate("샛별마을 1단지", "Saetbyeol Village 1", ((-48, -830), (194, -836), (190, -728),
           (-44, -724)), (15, 20)),
    Estate("샛별마을 2단지", "Saetbyeol Village 2", ((-428, -844), (-270, -836), (-272, -740),
           (-430, -752)), (12, 15)),
    Estate("샛별마을 3단지", "Saetbyeol Village 3", ((-234, -836), (-90, -830), (-84, -724),
           (-238, -738)), (12, 15)),
    Estate("나래마을", "Narae Village", ((-680, -862), (-478, -846), (-474, -756), (-678, -786)),
           (10, 14)),
    Estate("노을마을 1단지", "Noeul Village 1", ((870, -134), (986, -148), (986, -60), (866, -62)),
           (14, 18)),
    Estate("노을마을 2단지", "Noeul Village 2", ((866, -20), (988, -18), (988, 62), (872, 52)),
           (14, 18)),
)  # fmt: skip
SLAB_DEPTH_M = 12.5
SLAB_GAP_M = 31.0


def build_estates(canvas: Canvas, draw: Random) -> list[House]:
    houses = []
    for estate in ESTATES:
        houses += _build_estate(canvas, estate, draw)
        canvas.take_ring(list(estate.ring))
    return houses


def _build_estate(canvas: Canvas, estate: Estate, draw: Random) -> list[House]:
    """Rows that face south along the estate's southern side, each row with its own rhythm."""
    ring = np.array(estate.ring)
    (x0, y0), (x1, y1) = ring.min(axis=0), ring.max(axis=0)
    (ax, ay), (bx, by) = estate.ring[0], estate.ring[1]
    heading = atan2(by - ay, bx - ax) + draw.uniform(-0.12, 0.12)
    houses: list[House] = []
    y_m = y0 + 18.0
    while y_m < y1:
        x_m = x0 + 8.0 + draw.uniform(0, 14)
        while x_m < x1:
            width_m = draw.choice([34.0, 46.0, 46.0, 58.0])
            lean = (x_m - (x0 + x1) / 2) * np.tan(heading)
            centre = (float(x_m + width_m / 2), float(y_m + lean))
            shape = Footprint(centre, heading, width_m, SLAB_DEPTH_M)
            inside = contains(list(estate.ring), shape.probes(3.0)).all()
            if inside and canvas.is_free(shape, 3.0):
                houses.append(_slab(shape, estate, len(houses), draw))
                x_m += width_m + draw.uniform(10, 20)
            else:
                x_m += 6.0
        y_m += SLAB_DEPTH_M + SLAB_GAP_M
    return houses


def _slab(shape: Footprint, estate: Estate, number: int, draw: Random) -> House:
    block = f"{101 + number}"
    tags = {
        "building": "apartments", "building:levels": str(draw.randint(*estate.levels)),
        "name": f"{estate.name_ko} {block}동", "name:ko": f"{estate.name_ko} {block}동",
        "name:en": f"{estate.name_en}, Block {block}", "ref": block,
    }  # fmt: skip
    return House(shape.ring(), shape.front(), tags)


SEARCH_M = 150.0


def nearest_house(houses: list[House], point: Point, free_only: bool = True) -> House:
    """The house whose front is nearest; with `free_only` one that nobody has yet."""
    fit = [
        house
        for house in houses
        if abs(house.front[0] - point[0]) < SEARCH_M
        and abs(house.front[1] - point[1]) < SEARCH_M
        and house.street is not None
        and not (free_only and house.notes)
    ]
    return min(fit, key=lambda h: hypot(h.front[0] - point[0], h.front[1] - point[1]))
