"""Where and when one can ride: zones, hours, stops."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Point
from django.db.models import F, FloatField, Func, QuerySet, Value

from apps.base.geo import WGS84
from apps.city.models import METRES, DayKind, metres_of, the_city
from apps.city.selectors.calendar import day_kind
from apps.drt.models import OperatingRule, Service, VirtualStop, Zone

MOST_STOPS = 50
MINUTE = timedelta(minutes=1)


def service_areas(now: datetime) -> list[dict[str, Any]]:
    """Each service with its zones and today's hours."""
    services = Service.objects.filter(retired_at=None).prefetch_related(
        "zones", "rules__calendar", "rules__from_zone", "rules__to_zone"
    )
    midnight = now.astimezone(the_city().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    is_holiday = day_kind(midnight.date()) == DayKind.HOLIDAY
    return [
        {
            "code": service.code,
            "names": service.names,
            "phone": service.phone,
            "ahead_days": service.ahead_days,
            "max_party": service.max_party,
            "max_walk_m": service.max_walk_m,
            "zones": [_zone(zone, now) for zone in service.zones.all() if not zone.retired_at],
            "hours": [_hours(rule, midnight, is_holiday) for rule in service.rules.all()],
        }
        for service in services
    ]


def _zone(zone: Zone, now: datetime) -> dict[str, Any]:
    suspended = zone.is_suspended_at(now)
    return {
        "code": zone.code,
        "names": zone.names,
        "geometry": json.loads(zone.geom.geojson),
        "suspended": suspended,
        "suspended_because": zone.suspended_because if suspended else "",
    }


def _hours(rule: OperatingRule, midnight: datetime, is_holiday: bool) -> dict[str, Any]:
    runs = rule.calendar.runs_on(midnight.date(), is_holiday=is_holiday)
    return {
        "from_zone": rule.from_zone.code,
        "to_zone": rule.to_zone.code,
        "opens_at": midnight + rule.opens_min * MINUTE if runs else None,
        "closes_at": midnight + rule.closes_min * MINUTE if runs else None,
    }


class Apart(Func):
    """Metres between two points in the city's metres."""

    arg_joiner = " <-> "
    template = "(%(expressions)s)"
    output_field = FloatField()


def stops_near(near: tuple[float, float] | None) -> list[dict[str, Any]]:
    """Stops in use; the nearest ones, with their distance, if a place is given."""
    rows: QuerySet[VirtualStop] = VirtualStop.objects.in_use().filter(service__retired_at=None)
    if near is None:
        return [_stop(stop, None) for stop in rows.order_by("code")]
    here = metres_of(Point(*near, srid=WGS84), srid=the_city().srid)
    point = Value(here, output_field=GeometryField(srid=METRES))
    nearest = rows.annotate(distance_m=Apart(F("geom_m"), point)).order_by("distance_m")
    return [_stop(stop, round(stop.distance_m, 1)) for stop in nearest[:MOST_STOPS]]


def _stop(stop: VirtualStop, distance_m: float | None) -> dict[str, Any]:
    return {
        "code": stop.code,
        "names": stop.names,
        "lon": stop.geom.x,
        "lat": stop.geom.y,
        "step_free": stop.step_free,
        "boards_wheelchairs": stop.boards_wheelchairs,
        "sheltered": stop.sheltered,
        "kerb_side": stop.kerb_side,
        "distance_m": distance_m,
    }
