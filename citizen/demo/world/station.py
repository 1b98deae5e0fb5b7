"""Railway and station: two tracks around an island platform, reached over a concourse.

The concourse is one level up and spans the tracks. From both squares and down to the platform lead
a lift and a flight of stairs each; an escalator helps up from the north square.
"""

from dataclasses import dataclass

import numpy as np

from citizen.demo.world import lines
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.lines import at_many, nearest, offset
from citizen.demo.world.plane import HALF_M, Floats, Point
from citizen.demo.world.railway_course import STATION, STATION_HALF_M, Railway
from citizen.demo.world.street_tags import names

CONCOURSE_M = 6.8
STAIR_STEPS = 42
NAME = ("달빛역", "Dalbit Station")
PLATFORM_HALF_LONG_M = 96.0
PLATFORM_HALF_WIDE_M = 3.4


@dataclass(frozen=True)
class StationLift:
    code: str
    node_id: int
    name_ko: str
    name_en: str


@dataclass(frozen=True)
class Station:
    """`north` and `south` are entrance nodes; rings are metres of the plane."""

    north: int
    south: int
    platform: int
    lifts: tuple[StationLift, ...]
    halls: tuple[list[Point], ...]
    square: list[Point]


class _Frame:
    """Metres along the track (t) and to its left (n) from the middle of the platform."""

    def __init__(self, railway: Railway) -> None:
        self.line = railway.line
        self.s_m, _ = nearest(railway.line, STATION)
        self.centre = lines.at(railway.line, self.s_m)
        self.along = lines.direction(railway.line, self.s_m)

    def __call__(self, t_m: float, n_m: float) -> Point:
        (x_m, y_m), (dx, dy) = self.centre, self.along
        return x_m + dx * t_m - dy * n_m, y_m + dy * t_m + dx * n_m

    def on_track(self, t_m: float) -> Point:
        """The track bends; so does whatever lies along it."""
        return lines.at(self.line, self.s_m + t_m)

    def band(self, half_long_m: float, half_wide_m: float) -> list[Point]:
        part = lines.cut(self.line, self.s_m - half_long_m, self.s_m + half_long_m)
        ring = np.vstack([offset(part, half_wide_m), offset(part, -half_wide_m)[::-1]])
        return [(float(x), float(y)) for x, y in ring]


def build_railway(book: ElementBook, railway: Railway, underpasses: list[Point]) -> None:
    """Both tracks, cut where they pass over a street."""
    s_m = np.arange(0.0, railway.arc_m[-1], 8.0)
    base = at_many(railway.line, s_m)
    station_m, _ = nearest(railway.line, STATION)
    apart = 2.2 + 3.6 * np.exp(-(((s_m - station_m) / STATION_HALF_M) ** 4))
    for side in (1.0, -1.0):
        track = np.array([offset(base, side * a)[i] for i, a in enumerate(apart)])
        _write_track(book, track[(np.abs(track) <= HALF_M).all(axis=1)], underpasses)


def _write_track(book: ElementBook, track: Floats, underpasses: list[Point]) -> None:
    chain = [(book.node((float(x), float(y))), (float(x), float(y))) for x, y in track]
    tags = {"railway": "rail", "gauge": "1435", "electrified": "contact_line", "usage": "main"}
    tags |= names("달빛선", "Dalbit Line")
    piece: list[int] = []
    on_bridge = False
    for node_id, point in chain:
        bridge = any(lines.gap(point, u) < 14.0 for u in underpasses)
        piece.append(node_id)
        if bridge != on_bridge:
            _write_piece(book, piece, tags, on_bridge)
            piece, on_bridge = [node_id], bridge
    _write_piece(book, piece, tags, on_bridge)


def _write_piece(book: ElementBook, ids: list[int], tags: dict[str, str], bridge: bool) -> None:
    if len(ids) > 1:
        book.way(ids, tags | ({"bridge": "yes", "layer": "1"} if bridge else {}))


def build_station(book: ElementBook, railway: Railway, north_end: int, south_end: int) -> Station:
    """`north_end` and `south_end` are the street nodes that the squares begin at."""
    frame = _Frame(railway)
    deck_m = float(railway.height_m[0]) + CONCOURSE_M
    up = {
        name: book.node(frame(t, n), {"level": "1"}, deck_m)
        for name, t, n in (
            ("north", 0, 33), ("middle", 0, 0), ("south", 0, -33), ("down", -10, 0),
        )
    }  # fmt: skip
    north = book.node(frame(0, 44), {"entrance": "main", "level": "0", "door": "automatic"})
    south = book.node(frame(0, -44), {"entrance": "yes", "level": "0", "door": "automatic"})
    lifts = (
        _lift(book, frame(7, 36), "LIFT-ST-N", "북쪽", "North"),
        _lift(book, frame(14, 0), "LIFT-ST-P", "승강장", "Platform"),
        _lift(book, frame(7, -36), "LIFT-ST-S", "남쪽", "South"),
    )
    platform = _platform(book, frame, lifts[1].node_id)
    for a, b in (("north", "middle"), ("middle", "south"), ("middle", "down")):
        _walk(book, [up[a], up[b]], "corridor", level="1", incline="0%")
    _walk(book, [up["middle"], lifts[1].node_id], "corridor", level="1", incline="0%")
    for entrance, top, lift in ((north, "north", lifts[0]), (south, "south", lifts[2])):
        _walk(book, [entrance, lift.node_id], "footway", level="0")
        _walk(book, [lift.node_id, up[top]], "corridor", level="1", incline="0%")
        _stairs(book, [entrance, up[top]])
    _stairs(book, [platform, up["down"]])
    escalator_foot = book.node(frame(-5, 41))
    _walk(book, [north, escalator_foot], "footway", level="0")
    _stairs(book, [escalator_foot, up["north"]], conveying="forward")
    _walk(book, [north_end, north], "footway", level="0")
    _walk(book, [south, south_end], "footway", level="0")
    square = [frame(-38, 45), frame(-8, 45), frame(30, 45), frame(30, 68), frame(-38, 68)]
    return Station(north, south, platform, lifts, _halls(frame), square)


def _lift(book: ElementBook, point: Point, code: str, ko: str, en: str) -> StationLift:
    name_ko, name_en = f"달빛역 {ko} 승강기", f"Dalbit Station {en} Lift"
    tags = {"highway": "elevator", "level": "0;1", "wheelchair": "yes", "ref": code}
    return StationLift(code, book.node(point, tags | names(name_ko, name_en)), name_ko, name_en)


def _platform(book: ElementBook, frame: _Frame, lift: int) -> int:
    """The platform's area and its middle line; the answer is the node at the stairs' foot."""
    tags = {"railway": "platform", "public_transport": "platform", "level": "0"}
    tags |= {"area": "yes", "wheelchair": "yes", "tactile_paving": "yes"}
    book.ring(frame.band(PLATFORM_HALF_LONG_M, PLATFORM_HALF_WIDE_M), tags | names(*NAME))
    stairs_foot = book.node(frame(-28, 0))
    long_m = PLATFORM_HALF_LONG_M - 6
    west, east = (book.node(frame.on_track(t)) for t in (-long_m, long_m))
    _walk(book, [west, stairs_foot, lift, east], "footway", level="0", tactile_paving="yes")
    stop = {"railway": "stop", "public_transport": "stop_position", "train": "yes"}
    book.node(frame(0, 5.8), stop | names(*NAME))
    return stairs_foot


def _walk(book: ElementBook, ids: list[int], highway: str, **tags: str) -> None:
    indoor = {"indoor": "yes"} if highway == "corridor" else {}
    base = {"highway": highway, "surface": "paving_stones", "smoothness": "excellent"}
    book.way(ids, base | {"lit": "yes", "wheelchair": "yes", "width": "4.0"} | indoor | tags)


def _stairs(book: ElementBook, ids: list[int], conveying: str = "") -> None:
    tags = {"highway": "steps", "level": "0;1", "incline": "up", "handrail": "yes", "lit": "yes"}
    if conveying:
        book.way(ids, tags | {"conveying": conveying, "width": "1.0"})
        return
    tags |= {"step_count": str(STAIR_STEPS), "tactile_paving": "yes", "width": "2.4"}
    book.way(ids, tags)


def _halls(frame: _Frame) -> tuple[list[Point], ...]:
    """Outlines of the two entrance halls and of the concourse above the tracks."""
    outlines = (
        [(-16, 30), (18, 30), (18, 44), (-16, 44)],
        [(-12, -30), (14, -30), (14, -44), (-12, -44)],
    )
    return tuple([frame(t, n) for t, n in outline] for outline in outlines)
