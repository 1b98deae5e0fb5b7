"""The four car parks: garage, camera lot, sensor street, residents' bays.

Bays are drawn one by one where somebody or something looks at each of them; the garage's other
spaces live in its pools only.
"""

from dataclasses import dataclass
from math import atan2, pi
from typing import Literal

import numpy as np

from citizen.demo.world.elements import ElementBook
from citizen.demo.world.lines import beside, cut, direction, offset
from citizen.demo.world.network import Network
from citizen.demo.world.plane import Floats, LonLat, Point, ring_to_lonlat, to_lonlat
from citizen.demo.world.shapes import Footprint
from citizen.demo.world.strands import Strand, StrandIndex, join
from citizen.demo.world.street_tags import names

BayKind = Literal["general", "accessible", "ev", "family", "resident"]
SiteKind = Literal["garage", "camera_lot", "sensor_street", "residents"]

BAY_M = (2.5, 5.0)
ACCESSIBLE_M = (3.3, 5.0)
KERBSIDE_M = (6.0, 2.0)


@dataclass(frozen=True)
class Bay:
    code: str
    site: str
    kind: BayKind
    ring: tuple[LonLat, ...]
    width_m: float
    length_m: float
    level: str = "0"


@dataclass(frozen=True)
class Pool:
    """A count that lives by itself: how many spaces of a category a site has."""

    category: BayKind
    capacity: int
    reservable: int = 0


@dataclass(frozen=True)
class AccessPoint:
    code: str
    kind: Literal["entrance", "exit", "pedestrian"]
    lon: float
    lat: float
    node_id: int
    height_limit_m: float | None = None


@dataclass(frozen=True)
class ParkingLevel:
    level: str
    capacity: int


@dataclass(frozen=True)
class ParkingSite:
    code: str
    kind: SiteKind
    name_ko: str
    name_en: str
    lon: float
    lat: float
    ring: tuple[LonLat, ...]
    pools: tuple[Pool, ...]
    bays: tuple[Bay, ...]
    access: tuple[AccessPoint, ...]
    levels: tuple[ParkingLevel, ...] = ()
    is_covered: bool = False

    @property
    def capacity(self) -> int:
        return sum(pool.capacity for pool in self.pools)


@dataclass(frozen=True)
class _Draft:
    """A site in metres, before it is written."""

    code: str
    kind: SiteKind
    names: tuple[str, str]
    ring: list[Point]
    bays: list[tuple[BayKind, Footprint, str]]
    levels: tuple[ParkingLevel, ...] = ()
    uncounted: tuple[Pool, ...] = ()


GARAGE = Footprint((-125.0, -349.0), 0.17, 50.0, 36.0)
LOT = Footprint((-152.0, 167.0), 0.365, 37.0, 35.0)
GARAGE_LEVELS = tuple(
    ParkingLevel(level, capacity)
    for level, capacity in (("-1", 62), ("0", 48), ("1", 66), ("2", 66), ("3", 66))
)


def draft_sites(network: Network) -> list[_Draft]:
    return [_garage(), _lot(), _sensor_street(network), _residents(network)]


def _garage() -> _Draft:
    bays: list[tuple[BayKind, Footprint, str]] = []
    bays += [
        ("accessible", _inner(GARAGE, -22.0 + 3.3 * i, 14.5, ACCESSIBLE_M), "0") for i in range(6)
    ]
    bays += [("ev", _inner(GARAGE, 1.0 + 2.5 * i, 14.5, BAY_M), "0") for i in range(8)]
    general = sum(level.capacity for level in GARAGE_LEVELS) - len(bays)
    names_ = ("역전 공영주차타워", "Station Parking Tower")
    return _Draft("P-STATION", "garage", names_, GARAGE.ring(), bays, GARAGE_LEVELS,
                  (Pool("general", general, 40),))  # fmt: skip


def _inner(around: Footprint, u_m: float, v_m: float, size_m: tuple[float, float]) -> Footprint:
    width_m, depth_m = size_m
    return Footprint(around.place(u_m, v_m), around.heading, width_m - 0.1, depth_m - 0.1)


def _lot() -> _Draft:
    """Four rows around two aisles, as the camera on the market's roof sees them."""
    rows: tuple[tuple[float, BayKind, int, int], ...] = (
        (-13.0, "accessible", 3, 8), (-2.5, "ev", 4, 8),
        (2.5, "general", 0, 12), (13.0, "family", 2, 10),
    )  # fmt: skip
    bays: list[tuple[BayKind, Footprint, str]] = []
    for v_m, first, special, plain in rows:
        u_m = -15.0
        for i in range(special + plain):
            kind: BayKind = first if i < special else "general"
            size_m = ACCESSIBLE_M if kind == "accessible" else BAY_M
            bays.append((kind, _inner(LOT, u_m + size_m[0] / 2, v_m, size_m), "0"))
            u_m += size_m[0]
    names_ = ("장터 공영주차장", "Market Car Park")
    return _Draft("P-MARKET", "camera_lot", names_, LOT.ring(), bays)


def _sensor_street(network: Network) -> _Draft:
    edges = [e for e in network.edges if e.plan.key == "haetsal"]
    edge = max((e for e in edges if e.line[:, 1].mean() < -60), key=lambda e: e.length_m)
    reach_m = edge.plan.spec.width_m / 2 + 0.5
    bays = _kerbside(edge.line, 20.0, reach_m, ["accessible", "ev"], "general")
    bays += _kerbside(edge.line, 20.0, -reach_m, ["accessible"], "general")
    ring = _band(edge.line, 18.0, -reach_m - 1.3, reach_m + 1.3)
    return _Draft("P-HAETSAL", "sensor_street", ("햇살로 노상주차장", "Haetsal-ro Street Parking"),
                  ring, bays)  # fmt: skip


def _residents(network: Network) -> _Draft:
    edge = max((e for e in network.edges if e.plan.key == "dolbaegi"), key=lambda e: e.length_m)
    reach_m = edge.plan.spec.width_m / 2 + 1.1
    bays = _kerbside(edge.line, 16.0, -reach_m, [], "resident")
    ring = _band(edge.line, 14.0, -reach_m - 1.3, -reach_m + 1.3)
    names_ = ("은행동 거주자우선주차", "Eunhaeng-dong Residents' Parking")
    return _Draft("P-EUNHAENG", "residents", names_, ring, bays)


def _kerbside(
    line: Floats, free_m: float, left_m: float, first: list[BayKind], rest: BayKind
) -> list[tuple[BayKind, Footprint, str]]:
    """Bays one behind the other along a street, `left_m` beside its middle."""
    length_m = float(np.hypot(*np.diff(line, axis=0).T).sum())
    bays: list[tuple[BayKind, Footprint, str]] = []
    s_m = free_m + KERBSIDE_M[0] / 2
    while s_m < length_m - free_m:
        dx, dy = direction(line, s_m)
        heading = atan2(dy, dx) + (pi if left_m < 0 else 0.0)
        shape = Footprint(beside(line, s_m, left_m), heading, KERBSIDE_M[0] - 0.2, KERBSIDE_M[1])
        kind = first[len(bays)] if len(bays) < len(first) else rest
        bays.append((kind, shape, "0"))
        s_m += KERBSIDE_M[0] + 0.2
    return bays


def _band(line: Floats, free_m: float, low_m: float, high_m: float) -> list[Point]:
    length_m = float(np.hypot(*np.diff(line, axis=0).T).sum())
    part = cut(line, free_m, length_m - free_m)
    ring = np.vstack([offset(part, high_m), offset(part, low_m)[::-1]])
    return [(float(x), float(y)) for x, y in ring]


def write_site(
    book: ElementBook, draft: _Draft, index: StrandIndex, strands: list[Strand]
) -> ParkingSite:
    name_ko, name_en = draft.names
    tags = _site_tags(draft) | names(name_ko, name_en)
    book.ring(draft.ring, tags)
    bays = tuple(_write_bay(book, draft, i, *bay) for i, bay in enumerate(draft.bays))
    lon, lat = to_lonlat(_centre(draft.ring))
    pools = (*draft.uncounted, *_pools(bays))
    access = _access(book, draft, index, strands)
    return ParkingSite(draft.code, draft.kind, name_ko, name_en, lon, lat,
                       ring_to_lonlat(draft.ring), pools, bays, access, draft.levels,
                       draft.kind == "garage")  # fmt: skip


def _centre(ring: list[Point]) -> Point:
    x_m, y_m = np.array(ring).mean(axis=0)
    return float(x_m), float(y_m)


def _site_tags(draft: _Draft) -> dict[str, str]:
    kinds = {"garage": "multi-storey", "camera_lot": "surface"}
    capacity = len(draft.bays) + sum(pool.capacity for pool in draft.uncounted)
    tags = {"amenity": "parking", "parking": kinds.get(draft.kind, "street_side")}
    tags |= {"capacity": str(capacity), "ref": draft.code, "fee": "yes"}
    if draft.kind == "garage":
        tags |= {"building": "parking", "building:levels": "4", "building:levels:underground": "1"}
    if draft.kind == "residents":
        tags |= {"access": "permit"}
    return tags


def _write_bay(
    book: ElementBook, draft: _Draft, number: int, kind: BayKind, shape: Footprint, level: str
) -> Bay:
    code = f"{draft.code}-{number + 1:03d}"
    tags = {"amenity": "parking_space", "ref": code}
    tags |= {"accessible": {"parking_space": "disabled"}, "ev": {"parking_space": "charging"},
             "family": {"parking_space": "parent"}}.get(kind, {})  # fmt: skip
    book.ring(shape.ring(), tags)
    long_m, short_m = sorted((shape.width_m, shape.depth_m), reverse=True)
    return Bay(code, draft.code, kind, ring_to_lonlat(shape.ring()), round(short_m, 2),
               round(long_m, 2), level)  # fmt: skip


def _pools(bays: tuple[Bay, ...]) -> tuple[Pool, ...]:
    kinds: list[BayKind] = ["general", "accessible", "ev", "family", "resident"]
    counts = [(kind, sum(bay.kind == kind for bay in bays)) for kind in kinds]
    return tuple(Pool(kind, n, n if kind != "general" else n // 4) for kind, n in counts if n)


def _access(
    book: ElementBook, draft: _Draft, index: StrandIndex, strands: list[Strand]
) -> tuple[AccessPoint, ...]:
    walker = book.node(_walkers_door(draft), {"entrance": "yes"})
    join(book, index, walker, {"highway": "footway", "surface": "paving_stones"})
    points = [_point(book, draft, "pedestrian", walker, None)]
    drives = {"garage": ("garagein", "garageout"), "camera_lot": ("lotdrive", "lotdrive")}
    if draft.kind in drives:
        entrance, leave = drives[draft.kind]
        ends = {strand.key: strand for strand in reversed(strands)}
        gate = ends[entrance].end if draft.kind == "garage" else ends[entrance].start
        out = ends[leave].start
        limit_m = 2.3 if draft.kind == "garage" else None
        book.tag_node(gate, {"barrier": "lift_gate"} if draft.kind == "garage" else {})
        points.append(_point(book, draft, "entrance", gate, limit_m))
        points.append(_point(book, draft, "exit", out, limit_m))
    return tuple(points)


def _walkers_door(draft: _Draft) -> Point:
    if draft.kind == "garage":
        return GARAGE.place(20.0, -18.0)
    if draft.kind == "camera_lot":
        return LOT.place(0.0, -17.5)
    return draft.ring[0]


def _point(
    book: ElementBook,
    draft: _Draft,
    kind: Literal["entrance", "exit", "pedestrian"],
    node_id: int,
    limit_m: float | None,
) -> AccessPoint:
    lon, lat = to_lonlat(book.point(node_id))
    return AccessPoint(f"{draft.code}-{kind.upper()}", kind, lon, lat, node_id, limit_m)
