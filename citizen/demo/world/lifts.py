"""Lifts that people depend on, with the elements of the map they are."""

from dataclasses import dataclass

from citizen.demo.world.climbs import name_lift
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.plane import to_lonlat
from citizen.demo.world.station import Station
from citizen.demo.world.strands import Strand

TOWN_LIFT = "LIFT-DALOREUM"


@dataclass(frozen=True)
class Lift:
    """A lift is a node shared by levels, or a way between two places on a slope."""

    code: str
    name_ko: str
    name_en: str
    lon: float
    lat: float
    node_id: int
    way_id: int | None = None


def build_lifts(
    book: ElementBook, station: Station, town: Strand, town_node: int
) -> tuple[Lift, ...]:
    """After the strands have been written: the town lift needs its way's id."""
    lifts = [
        Lift(lift.code, lift.name_ko, lift.name_en, *to_lonlat(book.point(lift.node_id)),
             lift.node_id)
        for lift in station.lifts
    ]  # fmt: skip
    place = to_lonlat(book.point(town_node))
    lifts.append(Lift(TOWN_LIFT, "달오름 승강기", "Dal-oreum Lift", *place, town_node,
                      town.way_ids[0]))  # fmt: skip
    return tuple(lifts)


def name_town_lift(book: ElementBook, strands: list[Strand]) -> tuple[Strand, int]:
    town = next(strand for strand in strands if strand.key == "lift")
    return town, name_lift(book, town, TOWN_LIFT)
