"""A service with a hundred stops and forty vans on the road, in the scratch database.

Run as a process of its own it migrates, fills, and prints the riders' session tokens.
"""

from datetime import date, timedelta

import django

django.setup()

# These need Django to be set up.
from django.contrib.gis.geos import Polygon  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from apps.accounts.models import Person, User  # noqa: E402
from apps.base import clock  # noqa: E402
from apps.city.services.founding import Founding, found_city  # noqa: E402
from apps.drt.models import Service, Shift  # noqa: E402
from apps.drt.services import provisioning as supply  # noqa: E402
from apps.drt.services.travel import rebuild_travel_table  # noqa: E402

SIDE = 10
WEST, SOUTH, STEP = 127.20, 37.40, 0.006
VANS, RIDERS = 40, 60
HOUR = timedelta(hours=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def place(number: int) -> tuple[float, float]:
    return WEST + STEP * (number % SIDE), SOUTH + STEP * (number // SIDE)


def fill(*, vans: int, seats: int = 6) -> Service:
    """A city, a service that is open day and night, and vans on duty for twelve hours."""
    edge = 0.01
    east, north = place(SIDE * SIDE - 1)
    box = (WEST - edge, SOUTH - edge, east + edge, north + edge)
    found_city(Founding(code="bench", names={"en": "Bench"}, time_zone="Asia/Seoul"), box=box)
    service = supply.provision_service(
        supply.ServicePlan(
            code="bench", names={"en": "Bench"}, terms={"longest_wait_s": 1800, "max_walk_m": 500}
        )
    )
    _open_area(service, box)
    layout = {"seats": seats, "wheelchair_bays": 1, "pushchairs": 1, "luggage": 4}
    kind = supply.VehicleTypePlan(code="van", names={"en": "Van"}, layouts=(layout,))
    supply.provision_vehicle_type(kind)
    for number in range(vans):
        _put_on_the_road(service, number, vans)
    rebuild_travel_table(service=service)
    return service


def _open_area(service: Service, box: tuple[float, float, float, float]) -> None:
    zone = supply.ZonePlan(code="all", names={"en": "All"}, geom=Polygon.from_bbox(box))
    supply.provision_zone(service, zone)
    for number in range(SIDE * SIDE):
        lon, lat = place(number)
        supply.provision_stop(
            service,
            supply.StopPlan(code=f"s{number}", names={"en": f"Stop {number}"}, lon=lon, lat=lat,
                            step_free=number % 3 > 0, boards_wheelchairs=True),
        )  # fmt: skip
    supply.provision_calendar(
        supply.CalendarPlan(code="daily", names={"en": "Daily"}, days=DAYS,
                            first_on=date(2020, 1, 1), last_on=date(2040, 1, 1))
    )  # fmt: skip
    supply.provision_booking_rule(supply.BookingRulePlan(code="now", names={"en": "At once"}))
    supply.provision_rule(
        service,
        supply.RulePlan(code="all", from_zone="all", to_zone="all", calendar="daily",
                        booking_rule="now", opens_min=0, closes_min=2870, last_dropoff_min=2880),
    )  # fmt: skip


def _put_on_the_road(service: Service, number: int, vans: int) -> None:
    lon, lat = place(number * SIDE * SIDE // vans)
    depot = supply.DepotPlan(code=f"d{number}", names={"en": "Depot"}, lon=lon, lat=lat)
    supply.provision_depot(service, depot)
    van = supply.provision_vehicle(
        service, supply.VehiclePlanned(code=f"v{number}", type="van", depot=f"d{number}")
    )
    now = clock.now()
    supply.open_shift(vehicle=van, starts_at=now - HOUR, ends_at=now + 11 * HOUR)


def settle_riders(count: int) -> list[Person]:
    people = []
    for number in range(count):
        user = User.objects.create_user(email=f"rider{number}@bench.example")
        people.append(Person.objects.create(user=user, locale="en"))
    return people


def session_of(person: Person) -> str:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return str(client.session.session_key)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    fill(vans=VANS)
    assert Shift.objects.count() == VANS
    print(",".join(session_of(person) for person in settle_riders(RIDERS)))
