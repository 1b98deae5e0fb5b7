"""The demo town Dalbit (달빛), built from a seed: the same for tests and for `make run`.

About 2 × 2 km at Gwangju-si, Gyeonggi. OSM-like elements hold what OSM holds; plain dataclasses
hold the rest. It is built in this order: land, streets, what people walk on, what stands beside it,
and at last the books of devices and people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from random import Random

from apps.city.core.osm import Node, Relation, Way
from citizen.demo.world.areas import AREAS, SPORTS_PARK, write_areas, write_city_wall, write_river
from citizen.demo.world.buildings import House, build_estates, build_houses, take_streets
from citizen.demo.world.canvas import Canvas
from citizen.demo.world.climbs import finish_climbs
from citizen.demo.world.devices import Datastream, Gateway, Thing, build_devices
from citizen.demo.world.districts import District, build_districts
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.furniture import build_furniture
from citizen.demo.world.gauges import UNDERPASS, Gauge, build_gauges
from citizen.demo.world.grading import grade_streets
from citizen.demo.world.junctions import SignalJunction, build_junctions
from citizen.demo.world.lifts import Lift, build_lifts, name_town_lift
from citizen.demo.world.lines import smooth
from citizen.demo.world.network import Network, build_network
from citizen.demo.world.parking import ParkingSite, draft_sites, write_site
from citizen.demo.world.pavements import build_walkways
from citizen.demo.world.people import Person, build_people
from citizen.demo.world.places import Place, build_places, site_houses, write_houses
from citizen.demo.world.plane import CENTRE_LAT, CENTRE_LON, HALF_M, LonLat, Point, to_lonlat
from citizen.demo.world.railway_course import Railway
from citizen.demo.world.river import LEVEE_M, River
from citizen.demo.world.riverside import riverside_plans
from citizen.demo.world.station import Station, build_railway, build_station
from citizen.demo.world.stops import Stop, build_bus_stops, build_drt_stops
from citizen.demo.world.strands import Strand, StrandIndex, write_strand
from citizen.demo.world.street_plan_lanes import LANES
from citizen.demo.world.street_plan_roads import ROADS
from citizen.demo.world.street_tags import names
from citizen.demo.world.terrain import (
    ESCARPMENT,
    ESCARPMENT_HALF_M,
    Heights,
    as_heights,
    natural_land,
)

SEED = 20261122
WEST_UNDERPASS: Point = (-695.0, -581.0)


@dataclass(frozen=True, eq=False)
class Town:
    """All of Dalbit. `heights` is the ground in metres above mean sea level.

    `deck_heights_m` holds nodes that do not lie on the ground: bridges and the station's concourse.
    """

    name_ko: str
    name_en: str
    seed: int
    centre: LonLat
    south_west: LonLat
    north_east: LonLat
    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    relations: tuple[Relation, ...]
    heights: Heights
    deck_heights_m: Mapping[int, float]
    districts: tuple[District, ...]
    places: tuple[Place, ...]
    stops: tuple[Stop, ...]
    sites: tuple[ParkingSite, ...]
    gauges: tuple[Gauge, ...]
    junctions: tuple[SignalJunction, ...]
    lifts: tuple[Lift, ...]
    people: tuple[Person, ...]
    gateways: tuple[Gateway, ...]
    things: tuple[Thing, ...]
    datastreams: tuple[Datastream, ...]

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything: two towns are equal if and only if theirs are."""
        digest = sha256(self.heights.values.tobytes())
        for field in fields(self):
            if field.name != "heights":
                digest.update(repr(getattr(self, field.name)).encode())
        return digest.hexdigest()


def build_town(seed: int = SEED) -> Town:
    river, railway = River(), Railway()
    network = build_network((*ROADS, *LANES, *riverside_plans(river)), river, railway)
    land = as_heights(natural_land(river, seed))
    heights = grade_streets(land, network, river, railway)
    book = ElementBook(heights)
    return _build_on(book, network, river, railway, seed)


def _build_on(
    book: ElementBook, network: Network, river: River, railway: Railway, seed: int
) -> Town:
    walkways = build_walkways(book, network, Random(f"{seed}:pavements"))
    strands = finish_climbs(book, walkways.strands)
    town_lift, lift_node = name_town_lift(book, strands)
    station = build_station(book, railway, *_square_ends(strands))
    index = StrandIndex([s for s in strands if s.walkable])

    drafts = draft_sites(network)
    houses = _build_on_free_ground(network, river, railway, station, [d.ring for d in drafts], seed)
    sites = tuple(write_site(book, draft, index, strands) for draft in drafts)
    places = build_places(book, index, houses, station)
    people = build_people(book, index, houses)
    stops = build_bus_stops(book, network, strands, Random(f"{seed}:stops"))
    stops += build_drt_stops(book, network, walkways.roads, places, index)
    gauges = build_gauges(book, river, book.heights)
    junctions = build_junctions(book, network, walkways)

    draw = Random(f"{seed}:ways")
    for strand in strands:
        write_strand(book, strand, draw)
    lifts = build_lifts(book, station, town_lift, lift_node)
    districts = _build_scenery(book, network, river, railway, station, houses, seed)
    devices = build_devices(sites, gauges, lifts, junctions, places)
    return Town(
        name_ko="달빛", name_en="Dalbit", seed=seed, centre=(CENTRE_LON, CENTRE_LAT),
        south_west=to_lonlat((-HALF_M, -HALF_M)), north_east=to_lonlat((HALF_M, HALF_M)),
        nodes=book.nodes(), ways=book.ways(), relations=book.relations(), heights=book.heights,
        deck_heights_m=book.deck_heights_m(), districts=districts, places=places, stops=stops,
        sites=sites, gauges=gauges, junctions=junctions, lifts=lifts, people=people,
        gateways=devices.gateways, things=devices.things, datastreams=devices.datastreams,
    )  # fmt: skip


def _square_ends(strands: list[Strand]) -> tuple[int, int]:
    north = next(s for s in strands if s.key == "northsquare" and s.walkable)
    south = next(s for s in strands if s.key == "southsquare" and s.walkable)
    return north.end, south.end


def _build_on_free_ground(
    network: Network,
    river: River,
    railway: Railway,
    station: Station,
    lots: list[list[Point]],
    seed: int,
) -> list[House]:
    """Everything that must stay clear is marked first; houses come last and take what is left."""
    canvas = Canvas()
    take_streets(canvas, network)
    canvas.take_line(river.line, LEVEE_M + 4.0)
    canvas.take_line(railway.line, 17.0)
    canvas.take_line(smooth(ESCARPMENT, 12.0), ESCARPMENT_HALF_M - 2.0)
    for ring in (*lots, *station.halls, station.square):
        canvas.take_ring(ring)
    for area in (*AREAS, *SPORTS_PARK):
        if "landuse" not in area.tags or area.tags["landuse"] not in ("residential", "commercial"):
            canvas.take_ring(list(area.ring))
    houses = site_houses(canvas)
    houses += build_estates(canvas, Random(f"{seed}:estates"))
    return houses + build_houses(canvas, network, Random(f"{seed}:houses"))


def _build_scenery(
    book: ElementBook,
    network: Network,
    river: River,
    railway: Railway,
    station: Station,
    houses: list[House],
    seed: int,
) -> tuple[District, ...]:
    build_railway(book, railway, [UNDERPASS, WEST_UNDERPASS])
    for hall in station.halls:
        book.ring(hall, {"building": "train_station", "building:levels": "2"})
    square = {"place": "square", "surface": "paving_stones"}
    book.ring(station.square, square | names("역광장", "Station Square"))
    write_houses(book, houses)
    write_areas(book)
    write_river(book, river)
    write_city_wall(book)
    build_furniture(book, network, Random(f"{seed}:furniture"))
    return build_districts(book, river)
