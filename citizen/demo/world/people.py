"""The people of Dalbit whom tests and the running demo know by name.

Addresses lie in reserved domains and telephone numbers in ranges that nobody can own: British
numbers from Ofcom's range for drama, Korean ones with a subscriber number of zeros.
"""

from dataclasses import dataclass
from typing import Literal

from citizen.demo.world.buildings import House, nearest_house
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.places import FOOTWAY
from citizen.demo.world.plane import Point, to_lonlat
from citizen.demo.world.strands import StrandIndex, join

Role = Literal["citizen", "officer", "operator", "outsider"]


@dataclass(frozen=True)
class Person:
    """`profile` is a mobility profile's name; `department` is set for staff."""

    key: str
    name_ko: str
    name_en: str
    role: Role
    locale: str
    profile: str
    email: str | None
    phone: str
    has_smartphone: bool
    lon: float
    lat: float
    node_id: int
    address_ko: str
    address_en: str
    department: str | None = None
    relative_of: str | None = None


@dataclass(frozen=True)
class _Plan:
    key: str
    name_ko: str
    name_en: str
    role: Role
    profile: str
    phone: str
    home: Point
    locale: str = "ko"
    email: bool = True
    has_smartphone: bool = True
    department: str | None = None
    relative_of: str | None = None


PEOPLE = (
    _Plan("sora", "한소라", "Han Sora", "citizen", "wheelchair_manual", "+82 10-0000-0101",
          (-30, -196)),
    _Plan("minjun", "이민준", "Lee Minjun", "citizen", "blind_cane", "+82 10-0000-0102",
          (-360, 84)),
    _Plan("halmeoni", "김순자", "Halmeoni Kim", "citizen", "walker_elderly", "+82 31-000-0103",
          (-330, 530), email=False, has_smartphone=False),
    _Plan("yuna", "김유나", "Kim Yuna", "citizen", "foot", "+82 10-0000-0104", (820, 72),
          relative_of="halmeoni"),
    _Plan("jiwoo", "박지우", "Park Jiwoo", "citizen", "pushchair", "+82 10-0000-0105",
          (600, -192)),
    _Plan("park", "박서준", "Officer Park", "officer", "foot", "+82 10-0000-0106", (610, 545),
          department="safety"),
    _Plan("lee", "이하은", "Officer Lee", "officer", "foot", "+82 10-0000-0107", (200, -165),
          department="safety"),
    _Plan("choi", "최도윤", "Operator Choi", "operator", "deaf", "+82 10-0000-0108", (-254, -620),
          department="mobility"),
    _Plan("ben", "벤 카터", "Ben Carter", "outsider", "foot", "+44 7700 900109", (20, -296),
          locale="en"),
)  # fmt: skip


def build_people(book: ElementBook, index: StrandIndex, houses: list[House]) -> tuple[Person, ...]:
    return tuple(_person(book, index, houses, plan) for plan in PEOPLE)


def _person(book: ElementBook, index: StrandIndex, houses: list[House], plan: _Plan) -> Person:
    house = nearest_house(houses, plan.home, free_only=plan.role != "outsider")
    house.notes["home"] = plan.key
    if house.entrance is None:
        house.entrance = book.node(house.front, {"entrance": "yes"})
        join(book, index, house.entrance, FOOTWAY)
    assert house.street is not None
    lon, lat = to_lonlat(house.front)
    return Person(
        key=plan.key, name_ko=plan.name_ko, name_en=plan.name_en, role=plan.role,
        locale=plan.locale, profile=plan.profile,
        email=f"{plan.key}@dalbit.example" if plan.email else None, phone=plan.phone,
        has_smartphone=plan.has_smartphone, lon=lon, lat=lat, node_id=house.entrance,
        address_ko=f"{house.street.name_ko} {house.number}",
        address_en=f"{house.number}, {house.street.name_en}", department=plan.department,
        relative_of=plan.relative_of,
    )  # fmt: skip
