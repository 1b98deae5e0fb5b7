"""What a service tells the world of its supply: the rows behind GTFS-Flex and GOFS."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max

from apps.city.models import DayKind
from apps.city.selectors.calendar import day_kinds
from apps.drt.models import (
    BookingRule,
    Calendar,
    Fare,
    OperatingRule,
    Service,
    TravelTable,
    VehicleType,
    VirtualStop,
    Zone,
)

# Beyond this nobody plans; holidays are written out only so far.
HORIZON_DAYS = 366


@dataclass(frozen=True, slots=True)
class Published:
    """One service with all that is in use; `members` are the stops inside each zone."""

    service: Service
    zones: tuple[Zone, ...]
    stops: tuple[VirtualStop, ...]
    members: Mapping[str, tuple[str, ...]]
    rules: tuple[OperatingRule, ...]
    vehicle_types: tuple[VehicleType, ...]

    @property
    def calendars(self) -> tuple[Calendar, ...]:
        return tuple({rule.calendar_id: rule.calendar for rule in self.rules}.values())

    @property
    def booking_rules(self) -> tuple[BookingRule, ...]:
        return tuple({rule.booking_rule_id: rule.booking_rule for rule in self.rules}.values())

    @property
    def fares(self) -> tuple[Fare, ...]:
        return tuple({rule.fare.pk: rule.fare for rule in self.rules if rule.fare}.values())

    def types_of(self, rule: OperatingRule) -> tuple[VehicleType, ...]:
        """The vehicle types that may drive for a rule; a rule that names none takes all."""
        return tuple(rule.vehicle_types.all()) or self.vehicle_types


def published_services(now: datetime) -> tuple[Published, ...]:
    """Every service that runs, without the zones that are suspended now."""
    services = Service.objects.filter(retired_at=None).order_by("code")
    return tuple(_published(service, now) for service in services)


def supply_edition() -> str:
    """Changes with every change of supply."""
    rows = Service.objects.filter(retired_at=None).order_by("code").values_list("code", "version")
    table = TravelTable.objects.aggregate(newest=Max("pk"))["newest"]
    return f"{list(rows)} {table}"


def _published(service: Service, now: datetime) -> Published:
    zones = tuple(Zone.objects.filter(service=service).open_at(now))
    stops = tuple(service.stops.in_use())
    rules = (
        service.rules.filter(from_zone__in=zones, to_zone__in=zones)
        .select_related("from_zone", "to_zone", "calendar", "booking_rule", "fare")
        .prefetch_related("vehicle_types")
    )
    types = VehicleType.objects.filter(vehicles__service=service, vehicles__retired_at=None)
    return Published(
        service=service,
        zones=zones,
        stops=stops,
        members={
            zone.code: tuple(stop.code for stop in stops if zone.geom.intersects(stop.geom))
            for zone in zones
        },
        rules=tuple(rules.order_by("code")),
        vehicle_types=tuple(types.distinct()),
    )


def days_without(calendar: Calendar, today: date) -> tuple[date, ...]:
    """The days on which a calendar's weekday does not count: excepted, or public holidays within
    the horizon."""
    excepted = [day for day in calendar.excepted_on if day not in calendar.added_on]
    return tuple(sorted({*excepted, *_holidays_without(calendar, today)}))


def _holidays_without(calendar: Calendar, today: date) -> list[date]:
    if calendar.on_holidays:
        return []
    first_on = max(calendar.first_on, today)
    span = min((calendar.last_on - first_on).days, HORIZON_DAYS)
    days = [first_on + timedelta(days=ahead) for ahead in range(max(0, span + 1))]
    kinds = day_kinds(days) if days else {}
    return [
        day
        for day, kind in kinds.items()
        if kind == DayKind.HOLIDAY and not calendar.runs_on(day, is_holiday=True)
        if calendar.runs_on(day)
    ]
