"""Bus stops in pairs, the lines that serve them, and the stops of the on-demand bus."""

from dataclasses import dataclass
from math import atan2, degrees
from random import Random
from typing import Literal

from apps.city.core.osm import Member
from citizen.demo.world import lines
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.network import Edge, Network
from citizen.demo.world.places import Place
from citizen.demo.world.plane import Point, to_lonlat, to_plane
from citizen.demo.world.strands import Strand, StrandIndex, insert_node
from citizen.demo.world.street_tags import names

STAGGER_M = 16.0


@dataclass(frozen=True)
class Stop:
    """`heading_deg` is where vehicles drive on, clockwise from north; they keep to the right."""

    code: str
    kind: Literal["bus", "drt"]
    name_ko: str
    name_en: str
    lon: float
    lat: float
    node_id: int
    street: str
    heading_deg: float
    is_step_free: bool
    has_shelter: bool


# Street, place on the plan, name; each gives a stop on both sides of the street.
BUS_STOPS: tuple[tuple[str, Point, str, str], ...] = (
    ("yeokjeon", (-72, -330), "달빛역", "Dalbit Station"),
    ("yeokjeon", (-195, 90), "장터", "Market"),
    ("gangbyeon", (-420, 38), "방짜길", "Bangja-gil"),
    ("gangbyeon", (-780, -70), "배수펌프장", "Pumping Station"),
    ("gangbyeon", (68, 340), "나루터", "Ferry Landing"),
    ("gangbyeon", (95, 570), "북촌입구", "Bukchon Entrance"),
    ("sanseong", (-680, 275), "산성길 중턱", "Sanseong Halfway"),
    ("jungang", (-380, -348), "종합복지관", "Welfare Centre"),
    ("jungang", (60, -290), "호텔앞", "Hotel"),
    ("jungang", (620, -252), "별빛극장", "Byeolbit Cinema"),
    ("sicheong", (610, -55), "시청", "City Hall"),
    ("sicheong", (925, -42), "노을마을", "Noeul Village"),
    ("maehwa", (770, 174), "달빛병원", "Dalbit Hospital"),
    ("eunhaeng", (640, 440), "은행동 주민센터", "Eunhaeng-dong Office"),
    ("daero", (420, 220), "은행공원", "Eunhaeng Park"),
    ("daero", (303, -900), "별빛6단지", "Byeolbit Village 6"),
    ("namcheon", (-330, -722), "남천중학교", "Namcheon Middle School"),
    ("namcheon", (420, -710), "별빛동 주민센터", "Byeolbit-dong Office"),
    ("yeoknam", (-66, -780), "샛별초등학교", "Saetbyeol Elementary"),
    ("dongsan", (696, 60), "다솜길", "Dasom-gil"),
)  # fmt: skip
BUS_LINES: tuple[tuple[str, str, str, tuple[int, ...]], ...] = (
    ("1", "달빛역–달빛병원", "Station – Hospital", (0, 8, 9, 10, 19, 12)),
    ("2", "산성길–은행동", "Sanseong – Eunhaeng-dong", (6, 3, 2, 1, 4, 13)),
    ("3", "남천–은행공원", "Namcheon – Eunhaeng Park", (16, 18, 17, 15, 8, 14)),
)
DRT_AT: tuple[str, ...] = (
    "station", "old_town_hall", "old_school", "market", "city_hall", "hospital", "high_school",
    "elementary_school", "middle_school", "library", "welfare_centre", "sports_centre",
    "bus_terminal", "senior_centre", "seniors_upper", "clinic_seodang", "post_office",
    "community_dalmaru", "community_gangbyeon", "community_eunhaeng", "community_byeolbit",
    "supermarket_byeolbit", "park_central", "park_eunhaeng", "church", "museum", "hotel",
    "bakery_saetbyeol",
)  # fmt: skip


def build_bus_stops(
    book: ElementBook, network: Network, strands: list[Strand], draw: Random
) -> tuple[Stop, ...]:
    stops = []
    for number, (key, point, ko, en) in enumerate(BUS_STOPS):
        edges = [e for e in network.edges if e.plan.key == key and not e.bridge]
        edge = min(edges, key=lambda e: lines.nearest(e.line, point)[1])
        pavements = StrandIndex(
            [s for s in strands if s.key == key and s.walkable and not s.bridge]
        )
        s_m, _ = lines.nearest(edge.line, point)
        for side in (1.0, -1.0):
            code = f"{27101 + 2 * number + (side < 0)}"
            stops.append(_bus_stop(book, edge, pavements, s_m, side, (code, ko, en), draw))
    _write_lines(book, stops)
    return tuple(stops)


def _bus_stop(
    book: ElementBook,
    edge: Edge,
    pavements: StrandIndex,
    s_m: float,
    side: float,
    label: tuple[str, str, str],
    draw: Random,
) -> Stop:
    """On the pavement to the right of whoever drives along `side`, past the opposite stop."""
    here_m = min(max(s_m + side * STAGGER_M, 12.0), edge.length_m - 12.0)
    reach_m = edge.plan.spec.width_m / 2 + 2.0
    wish = lines.beside(edge.line, here_m, -side * reach_m)
    strand, on_m, _ = pavements.nearest(wish)
    node_id = insert_node(book, strand, on_m)
    code, ko, en = label
    has_shelter, step_free = draw.random() < 0.7, edge.plan.quarter == "new" or draw.random() < 0.6
    tags = {
        "highway": "bus_stop", "public_transport": "platform", "bus": "yes", "ref": code,
        "shelter": "yes" if has_shelter else "no", "bench": "yes" if draw.random() < 0.8 else "no",
        "wheelchair": "yes" if step_free else "limited",
        "tactile_paving": "yes" if edge.plan.quarter == "new" else "no",
    }  # fmt: skip
    book.tag_node(node_id, tags | names(ko, en))
    dx, dy = lines.direction(edge.line, here_m)
    heading = _compass((dx * side, dy * side))
    lon, lat = to_lonlat(book.point(node_id))
    return Stop(code, "bus", ko, en, lon, lat, node_id, edge.plan.key, heading, step_free,
                has_shelter)  # fmt: skip


def _compass(vector: Point) -> float:
    return round((90.0 - degrees(atan2(vector[1], vector[0]))) % 360.0, 1)


def _write_lines(book: ElementBook, stops: list[Stop]) -> None:
    for ref, ko, en, order in BUS_LINES:
        members = [Member("node", stops[2 * i].node_id, "platform") for i in order]
        tags = {"type": "route", "route": "bus", "ref": ref, "operator": "달빛교통"}
        book.relation(members, tags | names(f"{ref}번 {ko}", f"Line {ref}: {en}"))


def build_drt_stops(
    book: ElementBook,
    network: Network,
    roads: dict[int, Strand],
    places: tuple[Place, ...],
    index: StrandIndex,
) -> tuple[Stop, ...]:
    """Where the on-demand bus may halt: at the pavement before the doors people go to most."""
    by_code = {place.code: place for place in places}
    drivable = {
        roads[edge.number]: edge
        for edge in network.edges
        if edge.plan.spec.is_for_cars and edge.plan.kind != "service" and not edge.bridge
    }
    road_index = StrandIndex(list(drivable))
    return tuple(
        _drt_stop(book, drivable, road_index, by_code[code], index, number)
        for number, code in enumerate(DRT_AT)
    )


def _drt_stop(
    book: ElementBook,
    drivable: dict[Strand, Edge],
    road_index: StrandIndex,
    place: Place,
    index: StrandIndex,
    number: int,
) -> Stop:
    point = to_plane(place.lon, place.lat)
    road, _, _ = road_index.nearest(point)
    edge = drivable[road]
    s_m, away_m = lines.nearest(edge.line, point)
    side_m = min(away_m, edge.plan.spec.width_m / 2 + 1.5)
    left = lines.gap(lines.beside(edge.line, s_m, side_m), point)
    right = lines.gap(lines.beside(edge.line, s_m, -side_m), point)
    sign = 1.0 if left < right else -1.0
    strand, on_m, _ = index.nearest(lines.beside(edge.line, s_m, sign * side_m))
    node_id = insert_node(book, strand, on_m)
    dx, dy = lines.direction(edge.line, s_m)
    lon, lat = to_lonlat(book.point(node_id))
    step_free = edge.plan.quarter in ("new", "mid") or edge.plan.pavement == "none"
    return Stop(f"V{number + 1:03d}", "drt", place.name_ko, place.name_en, lon, lat, node_id,
                edge.plan.key, _compass((-dx * sign, -dy * sign)), step_free, False)  # fmt: skip
