"""The static files of GOFS 1.0: what there is, where, when and for how much."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from apps.base import clock, names
from apps.city.models import City
from apps.drt.models import BookingRule, Calendar, Fare, OperatingRule, VehicleType
from apps.drt.models.area import Named
from apps.drt.selectors.published import Published, days_without

Document = dict[str, Any]
Services = Sequence[Published]


def system_information(_services: Services, city: City, language: str) -> Document:
    return {
        "language": language,
        "timezone": city.time_zone,
        "name": names.pick(city.names, language),
    }


def service_brands(services: Services, _city: City, language: str) -> Document:
    return {
        "service_brands": [
            {
                "brand_id": one.service.code,
                "brand_name": _said(one.service, language),
                "brand_color": one.service.color,
                "brand_text_color": one.service.text_color,
            }
            for one in services
        ]
    }


def vehicle_types(services: Services, _city: City, _language: str) -> Document:
    found = {kind.code: kind for one in services for kind in one.vehicle_types}
    return {"vehicle_types": [_vehicle_type(kind) for kind in found.values()]}


def _vehicle_type(kind: VehicleType) -> Document:
    return {
        "vehicle_type_id": kind.code,
        "max_capacity": max(one.seats + one.wheelchair_bays for one in kind.capacities),
        "wheelchair_boarding": kind.wheelchair_boarding,
    }


def zones(services: Services, _city: City, language: str) -> Document:
    features = [
        {
            "type": "Feature",
            "zone_id": zone.code,
            "geometry": json.loads(zone.geom.json),
            "properties": {"name": _said(zone, language)},
        }
        for one in services
        for zone in one.zones
    ]
    return {"zones": {"type": "FeatureCollection", "features": features}}


def operating_rules(services: Services, _city: City, _language: str) -> Document:
    return {
        "operating_rules": [_operating_rule(one, rule) for one in services for rule in one.rules]
    }


def _operating_rule(one: Published, rule: OperatingRule) -> Document:
    written = {
        "from_zone_id": rule.from_zone.code,
        "to_zone_id": rule.to_zone.code,
        "start_pickup_window": _clock(rule.opens_min),
        "end_pickup_window": _clock(rule.closes_min),
        "end_dropoff_window": _clock(rule.last_dropoff_min),
        "calendars": [rule.calendar.code],
        "brand_id": one.service.code,
        "vehicle_type_id": [kind.code for kind in one.types_of(rule)],
    }
    return written | ({"fare_id": rule.fare.code} if rule.fare else {})


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def calendars(services: Services, city: City, _language: str) -> Document:
    found = {calendar.code: calendar for one in services for calendar in one.calendars}
    today = clock.now().astimezone(city.zone).date()
    return {"calendars": [_calendar(calendar, today) for calendar in found.values()]}


def _calendar(calendar: Calendar, today: date) -> Document:
    return {
        "calendar_id": calendar.code,
        "days": list(calendar.days),
        "start_date": f"{calendar.first_on:%Y%m%d}",
        "end_date": f"{calendar.last_on:%Y%m%d}",
        "excepted_dates": [f"{day:%Y%m%d}" for day in days_without(calendar, today)],
    }


def fares(services: Services, _city: City, _language: str) -> Document:
    found = {fare.code: fare for one in services for fare in one.fares}
    return {"fares": [_fare(fare) for fare in found.values()]}


def _fare(fare: Fare) -> Document:
    """Ours names `ride`, a price for getting on; GOFS has none, so it is a rider's first step."""
    components = {
        component: [_step(step) for step in steps]
        for component, steps in fare.components.items()
        if component != "ride"
    }
    for step in fare.components.get("ride", ()):
        once = {"interval": 1, "start": 0, "end": 1, "amount": step["amount"]}
        components["rider"] = [once, *components.get("rider", ())]
    return {"fare_id": fare.code, "currency": fare.currency, **components}


def _step(step: dict[str, Any]) -> Document:
    written = {
        "interval": step.get("interval", 0), "start": step.get("start", 0),
        "amount": step["amount"],
    }  # fmt: skip
    return written | ({"end": step["end"]} if step.get("end") is not None else {})


def booking_rules(services: Services, _city: City, _language: str) -> Document:
    return {"booking_rules": [_booking_rule(rule) for one in services for rule in one.rules]}


def _booking_rule(rule: OperatingRule) -> Document:
    terms = rule.booking_rule
    written: Document = {
        "from_zone_ids": [rule.from_zone.code],
        "to_zone_ids": [rule.to_zone.code],
        "booking_type": terms.kind,
    }
    if terms.kind == BookingRule.Kind.SAME_DAY:
        written |= {
            "prior_notice_duration_min": terms.notice_min,
            "prior_notice_duration_max": terms.notice_max_min,
        }
    if terms.kind == BookingRule.Kind.PRIOR_DAYS:
        written |= {
            "prior_notice_last_day": terms.last_day,
            "prior_notice_last_time": terms.last_time and f"{terms.last_time:%H:%M:%S}",
            "prior_notice_calendar_id": rule.calendar.code,
        }
    written |= {
        "message": terms.message,
        "phone_number": terms.phone,
        "info_url": terms.info_url,
        "booking_url": terms.booking_url,
    }
    return {name: value for name, value in written.items() if value not in (None, "")}


def _said(row: Named, language: str) -> str:
    return names.pick(row.names, language) or row.code


FILES: dict[str, Callable[[Services, City, str], Document]] = {
    "system_information": system_information,
    "service_brands": service_brands,
    "vehicle_types": vehicle_types,
    "zones": zones,
    "operating_rules": operating_rules,
    "calendars": calendars,
    "fares": fares,
    "booking_rules": booking_rules,
}
