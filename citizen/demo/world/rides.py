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
    drivers: tuple[str, str]
    starts_min: int

    def shift_starts_min(self, shift: int) -> int:
        return self.starts_min + shift * SHIFT_MIN


DRIVERS = (
    Driver("D01", "오태식", "Oh Taesik", "+82 10-0000-0201"),
    Driver("D02", "윤보람", "Yoon Boram", "+82 10-0000-0202"),
    Driver("D03", "노기준", "Noh Gijun", "+82 10-0000-0203"),
    Driver("D04", "서미경", "Seo Migyeong", "+82 10-0000-0204"),
    Driver("D05", "류현우", "Ryu Hyeonu", "+82 10-0000-0205"),
    Driver("D06", "문정아", "Moon Jeonga", "+82 10-0000-0206"),
    Driver("D07", "배성호", "Bae Seongho", "+82 10-0000-0207"),
    Driver("D08", "하은주", "Ha Eunju", "+82 10-0000-0208"),
    Driver("D09", "곽도현", "Gwak Dohyeon", "+82 10-0000-0209"),
    Driver("D10", "심가영", "Shim Gayeong", "+82 10-0000-0210"),
    Driver("D11", "탁인수", "Tak Insu", "+82 10-0000-0211"),
    Driver("D12", "봉서윤", "Bong Seoyun", "+82 10-0000-0212"),
    Driver("D13", "변재훈", "Byeon Jaehun", "+82 10-0000-0213"),
    Driver("D14", "위소정", "Wi Sojeong", "+82 10-0000-0214"),
)
# Each van has a morning and an evening shift of ten hours; its usual drivers change at its break
# of the day, one after the other, so that somebody always drives.
VANS = (
    Van("DC-1", "ramp-van", "달빛콜 1호", "70바 1001", ("D01", "D02"), 300),
    Van("DC-2", "ramp-van", "달빛콜 2호", "70바 1002", ("D03", "D04"), 320),
    Van("DC-3", "ramp-van", "달빛콜 3호", "70바 1003", ("D05", "D06"), 340),
    Van("DC-4", "minibus", "달빛콜 4호", "70바 1004", ("D07", "D08"), 360),
    Van("DC-5", "minibus", "달빛콜 5호", "70바 1005", ("D09", "D10"), 380),
)
SHIFT_MIN = 600
BREAK_AFTER_MIN, BREAK_LASTS_MIN = 240, 30


@dataclass(frozen=True)
class Rider:
    """Somebody who rides in the demo and is otherwise nobody in particular."""

    number: int

    @property
    def email(self) -> str:
        return f"rider-{self.number:02}@dalbit.example"

    @property
    def phone(self) -> str:
        return f"+82 10-0000-{300 + self.number:04}"


RIDERS = tuple(Rider(number) for number in range(1, 25))
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
