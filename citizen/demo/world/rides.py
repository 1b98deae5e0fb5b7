"""Dalbit's ride on demand: where its vans halt, what they are like, and who drives them.

The virtual stops are the doors people go to most and the bus stops between them, so that nobody
walks far.
"""

from dataclasses import dataclass
from math import hypot

from citizen.demo.world.plane import to_plane
from citizen.demo.world.stops import Stop

APART_M = 110.0
DEPOT = "bus_terminal"


@dataclass(frozen=True)
class Driver:
    """`number` is on the driver's badge; telephone numbers are ones that nobody can own."""

    number: str
    name_ko: str
    name_en: str
    phone: str

    @property
    def email(self) -> str:
        return f"driver-{self.number.lower()}@dalbit.example"


@dataclass(frozen=True)
class Van:
    code: str
    type: str
    label: str
    plate: str
    driver: str
    starts_min: int
    ends_min: int
    break_from_min: int


DRIVERS = (
    Driver("D01", "오태식", "Oh Taesik", "+82 10-0000-0201"),
    Driver("D02", "윤보람", "Yoon Boram", "+82 10-0000-0202"),
    Driver("D03", "노기준", "Noh Gijun", "+82 10-0000-0203"),
    Driver("D04", "서미경", "Seo Migyeong", "+82 10-0000-0204"),
    Driver("D05", "류현우", "Ryu Hyeonu", "+82 10-0000-0205"),
)
# Two begin early, two end late, so that somebody always drives; each has a break.
VANS = (
    Van("DC-1", "ramp-van", "달빛콜 1호", "70바 1001", "D01", 300, 1500, 690),
    Van("DC-2", "ramp-van", "달빛콜 2호", "70바 1002", "D02", 300, 1500, 750),
    Van("DC-3", "ramp-van", "달빛콜 3호", "70바 1003", "D03", 360, 1560, 810),
    Van("DC-4", "minibus", "달빛콜 4호", "70바 1004", "D04", 360, 1560, 870),
    Van("DC-5", "minibus", "달빛콜 5호", "70바 1005", "D05", 420, 1380, 720),
)
# (name, layouts): folding two seats makes room for a second wheelchair.
TYPES = {
    "ramp-van": (
        {"ko": "저상 승합차", "en": "Van with a ramp"},
        (
            {"seats": 6, "wheelchair_bays": 1, "pushchairs": 2, "luggage": 6},
            {"seats": 3, "wheelchair_bays": 2, "pushchairs": 1, "luggage": 6},
        ),
        "boarding_accessible_with_assistance",
    ),
    "minibus": (
        {"ko": "소형 버스", "en": "Minibus"},
        ({"seats": 11, "wheelchair_bays": 0, "pushchairs": 2, "luggage": 10},),
        "boarding_inaccessible",
    ),
}


def halts(stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """The stops made for the service, and every bus stop that is not next to one of them."""
    chosen = [stop for stop in stops if stop.kind == "drt"]
    for stop in stops:
        if stop.kind == "bus" and all(_apart_m(stop, other) >= APART_M for other in chosen):
            chosen.append(stop)
    return tuple(chosen)


def _apart_m(one: Stop, other: Stop) -> float:
    (x, y), (u, v) = to_plane(one.lon, one.lat), to_plane(other.lon, other.lat)
    return hypot(x - u, y - v)
