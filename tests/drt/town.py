"""A small service: twelve stops in a grid about half a kilometre apart, a depot, some vans.

s0  s1  s2  s3      steps at s5 only; every stop has room for the ramp but s5 and s6
s4  s5  s6  s7
s8  s9  s10 s11     the depot lies at s5
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.gis.geos import Polygon

from apps.accounts.models import Person
from apps.drt.models import Driver, Service, Shift, Vehicle, VehiclePlan, VirtualStop
from apps.drt.services import provisioning as supply
from apps.drt.services.travel import rebuild_travel_table
from tests.conftest import NOON
from tests.devices.conftest import found_city

LON, LAT = 127.25, 37.435
STEP_LON, STEP_LAT = 0.006, 0.005  # about 530 m and 555 m
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VAN = {"seats": 6, "wheelchair_bays": 1, "pushchairs": 1, "luggage": 4}
FOLDED = {"seats": 4, "wheelchair_bays": 2, "pushchairs": 1, "luggage": 4}


def place(number: int) -> tuple[float, float]:
    return LON + STEP_LON * (number % 4), LAT - STEP_LAT * (number // 4)


@dataclass
class Rides:
    """What tests ask of the town."""

    service: Service
    vans: list[Vehicle] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)

    def stop(self, number: int) -> VirtualStop:
        return VirtualStop.objects.get(code=f"s{number}")

    def plan(self, number: int = 0) -> VehiclePlan:
        return VehiclePlan.objects.get(shift=self.shifts[number])

    def add_van(
        self,
        *,
        starts_at: datetime = NOON - HOUR,
        hours: float = 8,
        driver: Driver | None = None,
        type_: str = "van",
    ) -> Shift:
        code = f"van-{len(self.vans) + 1}"
        plan = supply.VehiclePlanned(code=code, type=type_, depot="depot", label=code)
        van = supply.provision_vehicle(self.service, plan)
        shift = supply.open_shift(
            vehicle=van, starts_at=starts_at, ends_at=starts_at + hours * HOUR, driver=driver
        )
        self.vans.append(van)
        self.shifts.append(shift)
        return shift

    def add_type(self, code: str, *, seats: int) -> None:
        supply.provision_vehicle_type(
            supply.VehicleTypePlan(code=code, names={"en": code}, layouts=({"seats": seats},))
        )

    def hire(self, person: Person, number: str = "D1") -> Driver:
        return supply.provision_driver(self.service, person=person, number=number)


def open_service() -> Rides:
    found_city()
    service = supply.provision_service(
        supply.ServicePlan(code="dalbit", names={"en": "Dalbit Call", "ko": "달빛콜"})
    )
    _open_area(service)
    _open_rules(service)
    supply.provision_vehicle_type(
        supply.VehicleTypePlan(
            code="van", names={"en": "Van"}, layouts=(VAN, FOLDED),
            wheelchair_boarding="boarding_accessible",
        )
    )  # fmt: skip
    supply.provision_depot(
        service,
        supply.DepotPlan(code="depot", names={"en": "Depot"}, lon=place(5)[0], lat=place(5)[1]),
    )
    rebuild_travel_table(service=service)
    return Rides(service)


def _open_area(service: Service) -> None:
    west, north = place(0)
    east, south = place(11)
    box = Polygon.from_bbox((west - 0.003, south - 0.003, east + 0.003, north + 0.003))
    supply.provision_zone(
        service, supply.ZonePlan(code="old-town", names={"en": "Old town"}, geom=box)
    )
    for number in range(12):
        lon, lat = place(number)
        plan = supply.StopPlan(
            code=f"s{number}", names={"en": f"Stop {number}", "ko": f"{number}번 정류장"}, lon=lon,
            lat=lat, step_free=number != 5, boards_wheelchairs=number not in (5, 6),
        )  # fmt: skip
        supply.provision_stop(service, plan)


def _open_rules(service: Service) -> None:
    supply.provision_calendar(
        supply.CalendarPlan(
            code="daily", names={"en": "Daily"}, days=EVERY_DAY, first_on=date(2026, 1, 1),
            last_on=date(2027, 12, 31),
        )
    )  # fmt: skip
    supply.provision_booking_rule(supply.BookingRulePlan(code="now", names={"en": "At once"}))
    fare = {"ride": [{"amount": 1000}], "rider": [{"amount": 500, "interval": 1, "start": 1}]}
    supply.provision_fare(supply.FarePlan(code="city", names={"en": "City fare"}, components=fare))
    supply.provision_rule(
        service,
        supply.RulePlan(
            code="all-day", from_zone="old-town", to_zone="old-town", calendar="daily",
            booking_rule="now", opens_min=360, closes_min=1320, last_dropoff_min=1350, fare="city",
        ),
    )  # fmt: skip
