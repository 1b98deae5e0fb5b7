"""What parking costs in Dalbit, which spaces can be booked, and whose bays are lent."""

from datetime import date, timedelta

from django.contrib.gis.geos import Point

from apps.accounts.models import Person
from apps.accounts.services import settle_person
from apps.base import clock
from apps.city.models import the_city
from apps.parking.models import AccessPoint, Bay, BayRight, CapacityPool, ParkingSite, SharedOffer
from apps.parking.services.booking_policies import set_booking_policy
from apps.parking.services.provisioning import in_metres
from apps.parking.services.sharing import assign_bay, lend_bay
from apps.parking.services.tariffs import assign_tariff, define_tariff
from citizen.demo.world import people as plan
from citizen.demo.world.parking import ParkingSite as SitePlan
from citizen.demo.world.town import Town

DISCOUNTS = [
    {"code": "disabled", "percent": 80},
    {"code": "veteran", "percent": 80},
    {"code": "compact", "percent": 50},
    {"code": "low_emission", "percent": 50},
    {"code": "multi_child", "percent": 50},
]
# The grades (급지) of Korean public car parks: the nearer to the centre, the dearer.
FIRST_GRADE = {
    "free_first_min": 10,
    "bands": [
        {"code": "night", "price": 0, "start": "21:00", "end": "08:00"},
        {"code": "day", "price": 400, "step_min": 10},
    ],
    "day_cap": 16_000,
    "discounts": DISCOUNTS,
    "rounding": {"unit": 100},
}
SECOND_GRADE = FIRST_GRADE | {
    "bands": [
        {"code": "night", "price": 0, "start": "20:00", "end": "09:00"},
        {"code": "day", "price": 250, "step_min": 10},
    ],
    "day_cap": 10_000,
}
TARIFFS = {
    "dalbit-grade-1": ({"": "1급지 공영주차장", "en": "Public car parks, grade 1"}, FIRST_GRADE),
    "dalbit-grade-2": ({"": "2급지 공영주차장", "en": "Public car parks, grade 2"}, SECOND_GRADE),
}
TARIFF_OF = {"garage": "dalbit-grade-1", "sensor_street": "dalbit-grade-1",
             "camera_lot": "dalbit-grade-2"}  # fmt: skip
# Who lends which of the residents' bays: by day on weekdays, and all weekend.
LENDERS = {
    "jiwoo": (1, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "08:30", 9 * 60),
    "minjun": (2, "FREQ=WEEKLY;BYDAY=SA,SU", "09:00", 12 * 60),
    "ben": (3, "FREQ=DAILY", "10:00", 6 * 60),
}
STEP_PRICE = 600


def seed_parking_terms(town: Town) -> None:
    for site in town.sites:
        _seed_doors(site)
        _seed_tariff(site)
        _seed_bookable(site)
    residents = next(site for site in town.sites if site.kind == "residents")
    people = {person.key: person for person in town.people}
    for key, terms in LENDERS.items():
        _seed_lender(people[key], residents, *terms)


def _seed_doors(site: SitePlan) -> None:
    row = ParkingSite.objects.get(code=site.code)
    for door in site.access:
        place = in_metres(door.lon, door.lat)
        AccessPoint.objects.update_or_create(
            code=door.code.lower(),
            defaults={
                "site": row,
                "kind": door.kind,
                "geom": Point(door.lon, door.lat, srid=4326),
                "geom_m": place,
                "max_height_m": door.height_limit_m,
                "step_free": True if door.kind == "pedestrian" else None,
            },
        )


def _seed_tariff(site: SitePlan) -> None:
    code = TARIFF_OF.get(site.kind)
    if code is None:
        return
    names, rules = TARIFFS[code]
    tariff = define_tariff(code=code, names=names, rules=rules)
    row = ParkingSite.objects.get(code=site.code)
    if not row.tariffs.exists():
        assign_tariff(site=row, tariff=tariff, first_on=_today() - timedelta(days=60))


def _seed_bookable(site: SitePlan) -> None:
    for pool in site.pools:
        row = CapacityPool.objects.get(site__code=site.code, category=pool.category)
        if site.kind == "residents":
            set_booking_policy(pool=row, reservable=0, max_ahead_days=14)
        elif site.kind == "garage" and pool.reservable:
            set_booking_policy(pool=row, reservable=pool.reservable)


def _seed_lender(
    who: plan.Person, site: SitePlan, number: int, rule: str, opens: str, lasts_min: int
) -> None:
    person = _person(who)
    bay = Bay.objects.get(code=site.bays[number].code)
    first = _today() - timedelta(days=30)
    if not BayRight.objects.filter(person=person, bay=bay).exists():
        assign_bay(person=person, bay=bay, first_on=first)
    if not SharedOffer.objects.of(person).standing().exists():
        lend_bay(
            person=person, bay=bay.code, first_on=first, rule=rule, opens=opens,
            lasts_min=lasts_min, step_min=30, step_price=STEP_PRICE,
        )  # fmt: skip


def _person(who: plan.Person) -> Person:
    return settle_person(
        display_name=who.name_ko if who.locale == "ko" else who.name_en,
        locale=who.locale,
        phone=who.phone,
        email=who.email,
        profile=who.profile if who.role == "citizen" else None,
    )


def _today() -> date:
    return clock.now().astimezone(the_city().zone).date()
