"""Who is told how in Dalbit: phones of those who have one, homes, Halmeoni Kim's wish to be called,
a policy, and a flood assessment in the inbox."""

from django.contrib.gis.geos import Point

from apps.accounts.models import Person
from apps.accounts.selectors.persons import person_at
from apps.accounts.services import give_consent, read_address
from apps.alerts.models import Policy
from apps.base import clock
from apps.hazards.services import Finding, assess
from apps.notify.core import cells
from apps.notify.models import Reach, Registration
from apps.notify.services.places import PURPOSE, SAVED_PLACES, save_place
from apps.notify.services.registering import Wish, register_app
from citizen.demo.peers.set_up import ensure_keys
from citizen.demo.world import people as plan
from citizen.demo.world.town import Town


def seed_alerts(town: Town) -> None:
    ensure_keys()
    for planned in town.people:
        person = person_at(read_address("phone", planned.phone))
        if person is not None:
            _seed_person(planned, person)
    Policy.objects.get_or_create(
        name="달빛천 범람 관측",
        defaults={"kind": "flood", "agreed_by": "안전총괄과", "max_km2": 2.0},
    )
    _seed_assessment(town)


def _seed_person(planned: plan.Person, person: Person) -> None:
    Reach.objects.update_or_create(
        person=person,
        defaults={
            "alerts_by_sms": planned.has_smartphone,
            "alerts_by_voice": not planned.has_smartphone,
            "updated_at": clock.now(),
        },
    )
    give_consent(person=person, purpose=SAVED_PLACES, text_version=PURPOSE.version)
    home = cells.cell_at(planned.lon, planned.lat, cells.PLACE)
    save_place(person=person, cell=home, label="집")
    if planned.has_smartphone:
        _seed_phone(planned, person)


def _seed_phone(planned: plan.Person, person: Person) -> None:
    address = f"ok-{planned.key}-phone"
    if not Registration.objects.live().filter(address=address).exists():
        wish = Wish(
            platform="android", transport="fcm", address=address, locale=planned.locale,
            cell=cells.cell_at(planned.lon, planned.lat),
        )  # fmt: skip
        register_app(wish=wish, person=person)


def _seed_assessment(town: Town) -> None:
    """By hand, and only likely: no policy sends it without an officer."""
    halmeoni = next(person for person in town.people if person.key == "halmeoni")
    finding = Finding(
        kind="flood", summary="달빛천 수위 상승: 저지대 침수 우려",
        geom=Point(halmeoni.lon, halmeoni.lat, srid=4326), buffer_m=250, severity="Severe",
        certainty="Likely", urgency="Expected", probability=0.7, depth_m=0.4,
        evidence=[{"title": "달빛천 수위", "value": 4.2, "unit": "m"},
                  {"title": "6시간 강우", "value": 63, "unit": "mm"}],
    )  # fmt: skip
    assess(source="demo", reference="halmeoni-flood", finding=finding)
