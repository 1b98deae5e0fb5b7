"""Named places: what people ask the way to. Each has a door on the network of ways."""

from dataclasses import dataclass
from math import radians

from citizen.demo.world.buildings import House, nearest_house
from citizen.demo.world.canvas import Canvas
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.place_plan import PLACES, PlacePlan
from citizen.demo.world.plane import LonLat, Point, ring_to_lonlat, to_lonlat
from citizen.demo.world.shapes import Footprint
from citizen.demo.world.site_plan import SITES, SitePlan
from citizen.demo.world.station import NAME, Station
from citizen.demo.world.strands import StrandIndex, join
from citizen.demo.world.street_tags import names

FOOTWAY = {"highway": "footway", "surface": "paving_stones"}


@dataclass(frozen=True)
class Place:
    """`node_id` is the door: a node of the walking network. `address` is "street number"."""

    code: str
    kind: str
    name_ko: str
    name_en: str
    lon: float
    lat: float
    node_id: int
    address_ko: str = ""
    address_en: str = ""
    is_shelter: bool = False
    ring: tuple[LonLat, ...] = ()


def site_houses(canvas: Canvas) -> list[House]:
    """Buildings of schools, halls and the like; their grounds are taken as a whole."""
    houses = []
    for site in SITES:
        for number, (x_m, y_m, width_m, depth_m, heading, levels) in enumerate(site.blocks):
            shape = Footprint((x_m, y_m), radians(heading), width_m, depth_m)
            tags = {"building": site.building, "building:levels": str(levels)}
            if number == 0:
                tags |= names(site.name_ko, site.name_en)
            houses.append(House(shape.ring(), shape.front(), tags))
        canvas.take_ring(list(site.ring))
    return houses


def build_places(
    book: ElementBook, index: StrandIndex, houses: list[House], station: Station
) -> tuple[Place, ...]:
    places = [_station_place(book, station)]
    places += [_site_place(book, index, site) for site in SITES]
    for plan in PLACES:
        places.append(_indoor(book, index, houses, plan) if plan.indoor else
                      _outdoor(book, index, plan))  # fmt: skip
    return tuple(places)


def _station_place(book: ElementBook, station: Station) -> Place:
    lon, lat = to_lonlat(book.point(station.north))
    tags = {"railway": "station", "public_transport": "station", "train": "yes"}
    x_m, y_m = book.point(station.north)
    book.node((x_m, y_m - 7.0), tags | {"wheelchair": "yes"} | names(*NAME))
    return Place("station", "station", *NAME, lon, lat, station.north)


def _site_place(book: ElementBook, index: StrandIndex, site: SitePlan) -> Place:
    door = book.node(site.door, {"entrance": "main"})
    join(book, index, door, FOOTWAY)
    book.ring(site.ring, site.tags | names(site.name_ko, site.name_en))
    if site.shelter:
        tags = {"emergency": "assembly_point", "assembly_point:flood": "yes"}
        book.node(_inside(site.door, site.ring), tags | names(*_shelter_name(site)))
    lon, lat = to_lonlat(site.door)
    ring = ring_to_lonlat(list(site.ring))
    return Place(site.key, site.kind, site.name_ko, site.name_en, lon, lat, door,
                 is_shelter=site.shelter, ring=ring)  # fmt: skip


def _shelter_name(site: SitePlan) -> tuple[str, str]:
    return f"{site.name_ko} 대피소", f"{site.name_en} Shelter"


def _inside(door: Point, ring: tuple[Point, ...]) -> Point:
    """A little way from the door towards the middle of the grounds."""
    mid_x = sum(x for x, _ in ring) / len(ring)
    mid_y = sum(y for _, y in ring) / len(ring)
    return door[0] * 0.8 + mid_x * 0.2, door[1] * 0.8 + mid_y * 0.2


def _indoor(book: ElementBook, index: StrandIndex, houses: list[House], plan: PlacePlan) -> Place:
    house = nearest_house(houses, plan.at)
    house.notes["place"] = plan.key
    house.entrance = book.node(house.front, {"entrance": "main"})
    join(book, index, house.entrance, FOOTWAY)
    address = _address(house)
    tags = plan.tags | address_tags(house) | names(plan.name_ko, plan.name_en)
    book.node(house.centre, tags)
    lon, lat = to_lonlat(house.front)
    return Place(plan.key, plan.kind, plan.name_ko, plan.name_en, lon, lat, house.entrance,
                 *address)  # fmt: skip


def _outdoor(book: ElementBook, index: StrandIndex, plan: PlacePlan) -> Place:
    node_id = book.node(plan.at, plan.tags | names(plan.name_ko, plan.name_en))
    join(book, index, node_id, FOOTWAY)
    lon, lat = to_lonlat(plan.at)
    return Place(plan.key, plan.kind, plan.name_ko, plan.name_en, lon, lat, node_id)


def _address(house: House) -> tuple[str, str]:
    assert house.street is not None
    ko = f"{house.street.name_ko} {house.number}"
    return ko, f"{house.number}, {house.street.name_en}"


def address_tags(house: House) -> dict[str, str]:
    if house.street is None or not house.number:
        return {}
    return {
        "addr:city": "달빛시",
        "addr:street": house.street.name_ko,
        "addr:street:en": house.street.name_en,
        "addr:housenumber": house.number,
        "addr:postcode": f"127{_zone(house.front):02d}",
    }


def _zone(point: Point) -> int:
    """A postal zone of 500 × 500 m."""
    return 10 * int((point[1] + 1000) // 500) + int((point[0] + 1000) // 500) + 1


def write_houses(book: ElementBook, houses: list[House]) -> None:
    """The door of a house, where one is known, is a node of its outline."""
    for house in houses:
        ids = [book.node(corner) for corner in house.ring]
        if house.entrance is not None:
            ids.insert(1, house.entrance)
        book.way([*ids, ids[0]], house.tags | address_tags(house))
