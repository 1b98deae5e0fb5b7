"""Areas, fleets and shifts from plans that may be applied as often as one likes: rows are found by
code and brought up to date. Whatever changes supply touches the service, so that processes which
remember it read it anew."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.geo import WGS84
from apps.base.problems import Conflict, Invalid, NotFound
from apps.city.models import metres_of, the_city
from apps.drt.models import (
    BookingRule,
    Calendar,
    Depot,
    Driver,
    Fare,
    OperatingRule,
    Service,
    Shift,
    ShiftBreak,
    ShiftPattern,
    Vehicle,
    VehiclePlan,
    VehicleType,
    VirtualStop,
    Zone,
)

Names = Mapping[str, str]
Placed = TypeVar("Placed", Zone, VirtualStop, Depot)
Known = TypeVar("Known", Calendar, BookingRule, Fare, VehicleType)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """`terms` are further columns of the service, by name."""

    code: str
    names: Names
    phone: str = ""
    currency: str = "KRW"
    terms: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlan:
    code: str
    names: Names
    geom: GEOSGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlan:
    code: str
    names: Names
    lon: float
    lat: float
    kerb_side: str = VirtualStop.KerbSide.RIGHT
    heading_deg: float | None = None
    step_free: bool = False
    boards_wheelchairs: bool = False
    sheltered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPlan:
    code: str
    names: Names
    days: tuple[str, ...]
    first_on: date
    last_on: date
    excepted_on: tuple[date, ...] = ()
    added_on: tuple[date, ...] = ()
    on_holidays: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRulePlan:
    code: str
    names: Names
    kind: int = BookingRule.Kind.REAL_TIME
    notice_min: int | None = None
    notice_max_min: int | None = None
    last_day: int | None = None
    last_time: time | None = None
    message: str = ""
    phone: str = ""
    info_url: str = ""
    booking_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FarePlan:
    code: str
    names: Names
    components: Mapping[str, Sequence[Mapping[str, Any]]]
    currency: str = "KRW"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePlan:
    """Times are minutes after local midnight; what is named is named by its code."""

    code: str
    from_zone: str
    to_zone: str
    calendar: str
    booking_rule: str
    opens_min: int
    closes_min: int
    last_dropoff_min: int
    fare: str = ""
    vehicle_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotPlan:
    code: str
    names: Names
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleTypePlan:
    code: str
    names: Names
    layouts: tuple[Mapping[str, int], ...]
    wheelchair_boarding: str = VehicleType.Boarding.INACCESSIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclePlanned:
    code: str
    type: str
    depot: str
    label: str = ""
    plate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPlan:
    code: str
    vehicle: str
    calendar: str
    starts_min: int
    ends_min: int
    break_from_min: int | None = None
    break_by_min: int | None = None
    break_lasts_min: int = 0
    driver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakPlan:
    earliest_at: datetime
    latest_at: datetime
    lasts_s: int


def provision_service(plan: ServicePlan) -> Service:
    facts = {"names": dict(plan.names), "phone": plan.phone, "currency": plan.currency}
    row, _created = Service.objects.update_or_create(
        code=plan.code, defaults=facts | dict(plan.terms) | {"retired_at": None}
    )
    _checked(row)
    touch_service(row)
    return row


@transaction.atomic
def provision_zone(service: Service, plan: ZonePlan) -> Zone:
    area = plan.geom if isinstance(plan.geom, MultiPolygon) else MultiPolygon(plan.geom)
    area.srid = WGS84
    if area.empty or not area.valid:
        raise Invalid(errors={"geom": _("The area is empty or crosses itself.")})
    facts = {"names": dict(plan.names), "geom": area, "retired_at": None}
    return _put(Zone, service, plan.code, facts)


@transaction.atomic
def provision_stop(service: Service, plan: StopPlan) -> VirtualStop:
    facts = asdict(plan)
    point = Point(facts.pop("lon"), facts.pop("lat"), srid=WGS84)
    facts["names"] = dict(facts.pop("names"))
    return _put(
        VirtualStop, service, facts.pop("code"), facts | {"geom": point, "retired_at": None}
    )


@transaction.atomic
def provision_depot(service: Service, plan: DepotPlan) -> Depot:
    point = Point(plan.lon, plan.lat, srid=WGS84)
    return _put(Depot, service, plan.code, {"names": dict(plan.names), "geom": point})


def _put(model: type[Placed], service: Service, code: str, facts: dict[str, Any]) -> Placed:
    """Raises Conflict where the code belongs to another service, Invalid."""
    if model.objects.filter(code=code).exclude(service=service).exists():
        raise Conflict(errors={"code": _("This code belongs to another service.")})
    facts["geom_m"] = metres_of(facts["geom"], srid=the_city().srid)
    row, _created = model.objects.update_or_create(code=code, defaults=facts | {"service": service})
    _checked(row)
    touch_service(service)
    return row


def provision_calendar(plan: CalendarPlan) -> Calendar:
    facts = asdict(plan)
    facts |= {name: list(facts[name]) for name in ("days", "excepted_on", "added_on")}
    return _named(Calendar, facts)


def provision_booking_rule(plan: BookingRulePlan) -> BookingRule:
    return _named(BookingRule, asdict(plan))


def provision_fare(plan: FarePlan) -> Fare:
    return _named(Fare, asdict(plan))


def provision_vehicle_type(plan: VehicleTypePlan) -> VehicleType:
    return _named(VehicleType, asdict(plan) | {"layouts": [dict(one) for one in plan.layouts]})


def _named(model: type[Known], facts: dict[str, Any]) -> Known:
    with transaction.atomic():
        row, _created = model.objects.update_or_create(code=facts.pop("code"), defaults=facts)
        _checked(row)
        touch_services()
    return row


@transaction.atomic
def provision_rule(service: Service, plan: RulePlan) -> OperatingRule:
    facts = {
        "from_zone": _by_code(service.zones, plan.from_zone, "from_zone"),
        "to_zone": _by_code(service.zones, plan.to_zone, "to_zone"),
        "calendar": _by_code(Calendar.objects, plan.calendar, "calendar"),
        "booking_rule": _by_code(BookingRule.objects, plan.booking_rule, "booking_rule"),
        "fare": _by_code(Fare.objects, plan.fare, "fare") if plan.fare else None,
        "opens_min": plan.opens_min,
        "closes_min": plan.closes_min,
        "last_dropoff_min": plan.last_dropoff_min,
    }
    types = [_by_code(VehicleType.objects, code, "vehicle_types") for code in plan.vehicle_types]
    row, _created = OperatingRule.objects.update_or_create(
        code=plan.code, defaults=facts | {"service": service}
    )
    _checked(row)
    row.vehicle_types.set(types)
    touch_service(service)
    return row


@transaction.atomic
def provision_vehicle(service: Service, plan: VehiclePlanned) -> Vehicle:
    facts = {
        "service": service,
        "type": _by_code(VehicleType.objects, plan.type, "type"),
        "depot": _by_code(service.depots, plan.depot, "depot"),
        "label": plan.label,
        "plate": plan.plate,
        "retired_at": None,
    }
    row, _created = Vehicle.objects.update_or_create(code=plan.code, defaults=facts)
    _checked(row)
    touch_service(service)
    return row


@transaction.atomic
def provision_driver(
    service: Service, *, person: Person, number: str, weekly_min: int = 3120
) -> Driver:
    row, _created = Driver.objects.update_or_create(
        person=person,
        defaults={
            "service": service, "number": number, "weekly_min": weekly_min, "retired_at": None,
        },
    )  # fmt: skip
    return row


@transaction.atomic
def provision_pattern(service: Service, plan: PatternPlan) -> ShiftPattern:
    facts = asdict(plan)
    code = facts.pop("code")
    facts |= {
        "vehicle": _by_code(service.vehicles, plan.vehicle, "vehicle"),
        "calendar": _by_code(Calendar.objects, plan.calendar, "calendar"),
        "driver": service.drivers.filter(number=plan.driver).first() if plan.driver else None,
        "retired_at": None,
    }
    row, _created = ShiftPattern.objects.update_or_create(code=code, defaults=facts)
    _checked(row)
    return row


@transaction.atomic
def open_shift(
    *,
    vehicle: Vehicle,
    starts_at: datetime,
    ends_at: datetime,
    driver: Driver | None = None,
    pattern: ShiftPattern | None = None,
    breaks: Sequence[BreakPlan] = (),
    max_route_s: int | None = None,
) -> Shift:
    """Put a vehicle on duty, with an empty plan of its own.

    Raises:
        Conflict: vehicle or driver are on another shift at that time.
    """
    row = Shift(
        vehicle=vehicle, driver=driver, pattern=pattern, start_depot=vehicle.depot,
        end_depot=vehicle.depot, starts_at=starts_at, ends_at=ends_at, max_route_s=max_route_s,
    )  # fmt: skip
    if starts_at >= ends_at:
        raise Invalid(errors={"ends_at": _("A shift ends after it starts.")})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("The vehicle or the driver is on another shift at that time.")) from error
    ShiftBreak.objects.bulk_create(
        ShiftBreak(shift=row, depot=vehicle.depot, **asdict(one)) for one in breaks
    )
    VehiclePlan.objects.create(shift=row, revised_at=clock.now())
    touch_service(vehicle.service)
    return row


def retire_stop(*, stop: VirtualStop) -> None:
    """No new rides from or to this stop; those that are promised stand."""
    with transaction.atomic():
        if VirtualStop.objects.filter(pk=stop.pk, retired_at=None).update(retired_at=clock.now()):
            touch_service(stop.service)


def touch_service(service: Service) -> None:
    """Its supply changed."""
    Service.objects.filter(pk=service.pk).update(**Service.touched())


def touch_services() -> None:
    """Something that several services may share changed."""
    Service.objects.update(**Service.touched())


def _by_code(rows: Any, code: str, name: str) -> Any:
    found = rows.filter(code=code).first()
    if found is None:
        raise Invalid(errors={name: _("There is no %s of this code.") % code})
    return found


def _checked(row: models.Model) -> None:
    """What the database would refuse, and what only validators know, in words."""
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        raise Invalid(
            errors={name: " ".join(texts) for name, texts in error.message_dict.items()}
        ) from error


def find_service(code: str) -> Service:
    """Raises NotFound."""
    service = Service.objects.filter(code=code, retired_at=None).first()
    if service is None:
        raise NotFound(_("There is no such ride service."))
    return service
