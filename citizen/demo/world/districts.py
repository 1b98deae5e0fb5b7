"""The four districts: they share their borders and fill the town's square."""

from dataclasses import dataclass

import numpy as np

from apps.city.core.osm import Member
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.lines import arc, at_many, nearest, smooth
from citizen.demo.world.plane import HALF_M, Floats, LonLat, Point, to_lonlat
from citizen.demo.world.river import River
from citizen.demo.world.street_tags import names
from citizen.demo.world.terrain import ESCARPMENT

EAST_BORDER: tuple[Point, ...] = (
    (330, 205), (400, 145), (550, 160), (690, 168), (860, 180), (1000, 200),
)  # fmt: skip
WALL_ENDS_AT: Point = (40, 700)


@dataclass(frozen=True)
class District:
    code: str
    name_ko: str
    name_en: str
    ring: tuple[LonLat, ...]
    relation_id: int


# Each ring is a chain of borders; "-" walks a border backwards.
_DISTRICTS = (
    ("dalmaru", "달마루동", "Dalmaru-dong", ("wall", "-river_a", "edge_nw")),
    ("gangbyeon", "강변동", "Gangbyeon-dong", ("wall", "river_b", "river_c", "-edge_w")),
    ("eunhaeng", "은행동", "Eunhaeng-dong", ("river_a", "river_b", "east", "-edge_ne")),
    ("byeolbit", "별빛동", "Byeolbit-dong", ("east", "edge_s", "-river_c")),
)


def build_districts(book: ElementBook, river: River) -> tuple[District, ...]:
    borders = _borders(river)
    ends: dict[Point, int] = {}
    ways = {key: _write_border(book, line, ends) for key, line in borders.items()}
    town = _town_ways(book, ways)
    districts = []
    for code, ko, en, chain in _DISTRICTS:
        members = [Member("way", ways[key.lstrip("-")], "outer") for key in chain]
        tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8"}
        relation_id = book.relation(members, tags | {"ref": code} | names(ko, en))
        districts.append(District(code, ko, en, _ring(borders, chain), relation_id))
    book.relation(town, {"type": "boundary", "boundary": "administrative", "admin_level": "6"}
                  | names("달빛시", "Dalbit"))  # fmt: skip
    return tuple(districts)


def _borders(river: River) -> dict[str, list[Point]]:
    course = _course(river)
    meets_wall, _ = nearest(course, (250.0, 745.0))
    meets_east, _ = nearest(course, (165.0, 230.0))
    a, b, c = _split(course, meets_wall, meets_east)
    wall = smooth(ESCARPMENT[: ESCARPMENT.index(WALL_ENDS_AT) + 1], 40.0)
    wall_points = [_rounded(p) for p in wall if p[0] > -HALF_M]
    wall_points = [(-HALF_M, wall_points[0][1]), *wall_points, b[0]]
    out, into = c[-1], a[0]
    return {
        "wall": wall_points,
        "river_a": a,
        "river_b": b,
        "river_c": c,
        "east": [b[-1], *EAST_BORDER],
        "edge_nw": [into, (-HALF_M, HALF_M), wall_points[0]],
        "edge_w": [wall_points[0], out],
        "edge_ne": [into, (HALF_M, HALF_M), EAST_BORDER[-1]],
        "edge_s": [EAST_BORDER[-1], (HALF_M, -HALF_M), (-HALF_M, -HALF_M), out],
    }


def _course(river: River) -> Floats:
    dense = at_many(river.line, np.arange(0.0, arc(river.line)[-1], 4.0))
    inside = dense[(np.abs(dense) <= HALF_M).all(axis=1)]
    inside[0, 1] = HALF_M
    inside[-1, 0] = -HALF_M
    return np.vstack([inside[::8], inside[-1:]])


def _split(line: Floats, first_m: float, second_m: float) -> tuple[list[Point], ...]:
    along = arc(line)
    parts = []
    for low, high in ((0.0, first_m), (first_m, second_m), (second_m, float(along[-1]))):
        inner = along[(along > low + 1) & (along < high - 1)]
        parts.append([_rounded(p) for p in at_many(line, np.array([low, *inner, high]))])
    return tuple(parts)


def _rounded(point: Floats) -> Point:
    return round(float(point[0]), 2), round(float(point[1]), 2)


def _write_border(book: ElementBook, line: list[Point], ends: dict[Point, int]) -> int:
    """Borders that meet share the node where they do."""
    ids = []
    for i, point in enumerate(line):
        if i in (0, len(line) - 1):
            if point not in ends:
                ends[point] = book.node(point)
            ids.append(ends[point])
        else:
            ids.append(book.node(point))
    return book.way(ids, {"boundary": "administrative", "admin_level": "8"})


def _town_ways(book: ElementBook, ways: dict[str, int]) -> list[Member]:
    edges = [way_id for key, way_id in ways.items() if key.startswith("edge")]
    for way_id in edges:
        book.tag_way(way_id, {"admin_level": "6"})
    return [Member("way", way_id, "outer") for way_id in edges]


def _ring(borders: dict[str, list[Point]], chain: tuple[str, ...]) -> tuple[LonLat, ...]:
    points: list[Point] = []
    for key in chain:
        line = borders[key.lstrip("-")]
        points += (line[::-1] if key.startswith("-") else line)[:-1]
    ring = [to_lonlat(p) for p in points]
    return (*ring, ring[0])
