"""Dalbit Call (달빛콜): the demo town's ride on demand, with its stops, vans, drivers and hours."""

from datetime import date

from django.contrib.gis.geos import Polygon

from apps.accounts.services import settle_person
from apps.base import clock
from apps.city.models import the_city
from apps.drt.models import Service, Shift
from apps.drt.services import provisioning as supply
from apps.drt.services.rosters import roll_out_shifts
from apps.drt.services.travel import rebuild_travel_table
from citizen.demo.world import rides as plan
from citizen.demo.world.stops import Stop
from citizen.demo.world.town import Town

SERVICE = "dalbit-call"
ZONE = "dalbit"
CALENDAR = "every-day"
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEARS_AHEAD = 2
PHONE = "+82 31-000-0500"
OPENS_MIN, CLOSES_MIN, LAST_DROPOFF_MIN = 330, 1410, 1470
FARE = {
    "ride": [{"amount": 1200}],
    "rider": [{"amount": 600, "interval": 1, "start": 1}],
    "kilometer": [{"amount": 100, "interval": 1, "start": 2}],
}


def seed_rides(town: Town) -> None:
    service = supply.provision_service(
        supply.ServicePlan(
            code=SERVICE,
            names={"": "달빛콜", "ko": "달빛콜", "en": "Dalbit Call"},
            phone=PHONE,
            terms={"max_walk_m": 500, "longest_wait_s": 1500},
        )
    )
    _open_area(service, town)
    _open_rules(service)
    _hire_drivers(service)
    _buy_vans(service)
    rebuild_travel_table(service=service)
    _settle_riders()
    man_shifts()


def man_shifts() -> None:
    """The shifts of the next days, and drivers for them."""
    for service in Service.objects.filter(code=SERVICE):
        roll_out_shifts(service.code)
        _man_what_has_begun(service)


def _open_area(service: Service, town: Town) -> None:
    box = Polygon.from_bbox((*town.south_west, *town.north_east))
    names = {"": "달빛 전역", "ko": "달빛 전역", "en": "All of Dalbit"}
    supply.provision_zone(service, supply.ZonePlan(code=ZONE, names=names, geom=box))
    for stop in plan.halts(town.stops):
        supply.provision_stop(service, _stop_plan(stop))
    place = next(place for place in town.places if place.code == plan.DEPOT)
    depot = supply.DepotPlan(
        code="terminal",
        names={"": "터미널 차고지", "ko": "터미널 차고지", "en": "Terminal depot"},
        lon=place.lon,
        lat=place.lat,
    )
    supply.provision_depot(service, depot)


def _stop_plan(stop: Stop) -> supply.StopPlan:
    return supply.StopPlan(
        code=stop.code,
        names={"": stop.name_ko, "ko": stop.name_ko, "en": stop.name_en},
        lon=stop.lon,
        lat=stop.lat,
        heading_deg=stop.heading_deg,
        step_free=stop.is_step_free,
        boards_wheelchairs=stop.is_step_free,
        sheltered=stop.has_shelter,
    )


def _open_rules(service: Service) -> None:
    year = clock.now().astimezone(the_city().zone).year
    supply.provision_calendar(
        supply.CalendarPlan(
            code=CALENDAR,
            names={"": "매일", "ko": "매일", "en": "Every day"},
            days=EVERY_DAY,
            first_on=date(year, 1, 1),
            last_on=date(year + YEARS_AHEAD, 12, 31),
        )
    )
    supply.provision_booking_rule(
        supply.BookingRulePlan(
            code="at-once", names={"": "바로 호출", "ko": "바로 호출", "en": "At once"}, phone=PHONE
        )
    )
    names = {"": "달빛콜 요금", "ko": "달빛콜 요금", "en": "Dalbit Call fare"}
    supply.provision_fare(supply.FarePlan(code="dalbit-call", names=names, components=FARE))
    for code, kind in plan.TYPES.items():
        type_names, layouts, boarding = kind
        supply.provision_vehicle_type(
            supply.VehicleTypePlan(
                code=code,
                names={"": type_names["ko"], **type_names},
                layouts=layouts,
                wheelchair_boarding=boarding,
            )
        )
    supply.provision_rule(
        service,
        supply.RulePlan(
            code="dalbit-all-day", from_zone=ZONE, to_zone=ZONE, calendar=CALENDAR,
            booking_rule="at-once", opens_min=OPENS_MIN, closes_min=CLOSES_MIN,
            last_dropoff_min=LAST_DROPOFF_MIN, fare="dalbit-call",
        ),
    )  # fmt: skip


def _hire_drivers(service: Service) -> None:
    for driver in plan.DRIVERS:
        person = settle_person(
            display_name=driver.name_ko, locale="ko", phone=driver.phone, email=driver.email
        )
        supply.provision_driver(service, person=person, number=driver.number)


def _buy_vans(service: Service) -> None:
    for van in plan.VANS:
        supply.provision_vehicle(
            service,
            supply.VehiclePlanned(
                code=van.code, type=van.type, depot="terminal", label=van.label, plate=van.plate
            ),
        )
        for number, driver in enumerate(van.drivers):
            _plan_shift(service, van, number, driver)


def _plan_shift(service: Service, van: plan.Van, number: int, driver: str) -> None:
    starts_min = van.shift_starts_min(number)
    rests_min = starts_min + plan.BREAK_AFTER_MIN
    supply.provision_pattern(
        service,
        supply.PatternPlan(
            code=f"{van.code}-{number + 1}", vehicle=van.code, calendar=CALENDAR,
            starts_min=starts_min, ends_min=starts_min + plan.SHIFT_MIN, break_from_min=rests_min,
            break_by_min=rests_min + 120, break_lasts_min=plan.BREAK_LASTS_MIN, driver=driver,
        ),
    )  # fmt: skip


def _man_what_has_begun(service: Service) -> None:
    """Rosters look ahead; whoever usually drives a shift that is under way already does so."""
    begun = Shift.objects.filter(vehicle__service=service, driver=None, starts_at__lte=clock.now())
    for shift in begun.select_related("pattern"):
        if shift.pattern is not None and shift.pattern.driver_id is not None:
            shift.driver_id = shift.pattern.driver_id
            shift.save(update_fields=["driver"])


def _settle_riders() -> None:
    for rider in plan.RIDERS:
        settle_person(
            display_name=f"승객 {rider.number}", locale="ko", phone=rider.phone, email=rider.email
        )
