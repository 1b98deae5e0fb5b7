"""`/gtfs/flex.zip`: the services as GTFS Schedule with flexible stop times (GTFS-Flex, 2024).

Virtual stops ride as location groups, one a zone; the zones themselves stand in
`locations.geojson`, so that a map can show them. Every operating rule is a trip of two stop times:
board in the first, alight in the second.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.base import clock, names
from apps.base.answers import answer
from apps.city.models import City, the_city
from apps.drt.models import BookingRule, Calendar, OperatingRule
from apps.drt.models.area import WEEKDAYS, Named
from apps.drt.selectors.published import (
    Published,
    days_without,
    published_services,
    supply_edition,
)

TTL_S = 3600
BUS = 3
MUST_BOOK, NOT_HERE = 2, 1
ACCESSIBLE, INACCESSIBLE = 1, 2
# A zip of equal content shall be equal to the byte.
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)
GTFS_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Row = dict[str, Any]
Coded = TypeVar("Coded", bound=Named)


def flex_zip(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    edition = f"{supply_edition()} {now.astimezone(the_city().zone).date()}".encode()
    return answer(
        request,
        packed(files(published_services(now), now=now)),
        content_type="application/zip",
        ttl_s=TTL_S,
        etag_of=edition,
    )


def packed(contents: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(contents.items()):
            archive.writestr(zipfile.ZipInfo(name, WRITTEN_AT), text.encode())
    return buffer.getvalue()


def files(services: Sequence[Published], *, now: datetime) -> dict[str, str]:
    """The feed, file by file."""
    city = the_city()
    tables: dict[str, list[Row]] = {
        "agency.txt": [_agency(one, city) for one in services],
        "routes.txt": [_route(one, city) for one in services],
        "stops.txt": [row for one in services for row in _stops(one, city)],
        "location_groups.txt": [row for one in services for row in _groups(one, city)],
        "location_group_stops.txt": [row for one in services for row in _group_stops(one)],
        "trips.txt": [_trip(one, rule) for one in services for rule in one.rules],
        "stop_times.txt": [
            row for one in services for rule in one.rules for row in _stop_times(rule)
        ],
        "calendar.txt": [_calendar(calendar) for calendar in _calendars(services)],
        "calendar_dates.txt": [
            row for calendar in _calendars(services) for row in _dates(calendar, now, city)
        ],
        "booking_rules.txt": [
            _booking_rule(rule)
            for rule in _once(rule for s in services for rule in s.booking_rules)
        ],
        "translations.txt": [row for one in services for row in _translations(one, city)],
        "feed_info.txt": [_feed_info(services, city, now)],
    }
    written = {name: _table(rows) for name, rows in tables.items() if rows}
    return written | {"locations.geojson": _locations(services, city)}


def _table(rows: Sequence[Row]) -> str:
    """A CSV of all columns that any row fills."""
    used = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, used, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _once(rows: Iterable[Coded]) -> list[Coded]:
    return list({row.code: row for row in rows}.values())


def _calendars(services: Sequence[Published]) -> list[Calendar]:
    return _once(calendar for one in services for calendar in one.calendars)


def _said(row: Named, city: City) -> str:
    return names.pick(row.names, _language(city)) or row.code


def _language(city: City) -> str:
    return city.languages[0] if city.languages else settings.LANGUAGE_CODE


def _agency(one: Published, city: City) -> Row:
    return {
        "agency_id": one.service.code,
        "agency_name": _said(one.service, city),
        "agency_url": one.service.info_url or settings.PUBLIC_URL,
        "agency_timezone": city.time_zone,
        "agency_lang": _language(city),
        "agency_phone": one.service.phone,
    }


def _route(one: Published, city: City) -> Row:
    return {
        "route_id": one.service.code,
        "agency_id": one.service.code,
        "route_long_name": _said(one.service, city),
        "route_type": BUS,
        "route_color": one.service.color,
        "route_text_color": one.service.text_color,
    }


def _stops(one: Published, city: City) -> list[Row]:
    return [
        {
            "stop_id": stop.code,
            "stop_name": _said(stop, city),
            "stop_lat": f"{stop.geom.y:.7f}",
            "stop_lon": f"{stop.geom.x:.7f}",
            "wheelchair_boarding": ACCESSIBLE if stop.boards_wheelchairs else INACCESSIBLE,
        }
        for stop in one.stops
    ]


def group_id(zone_code: str) -> str:
    """Groups, locations and stops share one space of ids."""
    return f"group:{zone_code}"


def _groups(one: Published, city: City) -> list[Row]:
    return [
        {"location_group_id": group_id(zone.code), "location_group_name": _said(zone, city)}
        for zone in one.zones
    ]


def _group_stops(one: Published) -> list[Row]:
    return [
        {"location_group_id": group_id(zone.code), "stop_id": stop}
        for zone in one.zones
        for stop in one.members[zone.code]
    ]


def _trip(one: Published, rule: OperatingRule) -> Row:
    accessible = any(
        kind.wheelchair_boarding != kind.Boarding.INACCESSIBLE for kind in one.types_of(rule)
    )
    return {
        "route_id": one.service.code,
        "service_id": rule.calendar.code,
        "trip_id": rule.code,
        "wheelchair_accessible": ACCESSIBLE if accessible else INACCESSIBLE,
        # Experimental, read by OpenTripPlanner: the longest ride from the direct way.
        "safe_duration_factor": f"{one.service.detour_factor:g}",
        "safe_duration_offset": one.service.spare_ride_s,
    }


def _stop_times(rule: OperatingRule) -> tuple[Row, Row]:
    """Travel inside one zone takes two rows with the same group: board, then alight."""
    up = {
        "trip_id": rule.code,
        "location_group_id": group_id(rule.from_zone.code),
        "stop_sequence": 1,
        "start_pickup_drop_off_window": _clock(rule.opens_min),
        "end_pickup_drop_off_window": _clock(rule.closes_min),
        "pickup_type": MUST_BOOK,
        "drop_off_type": NOT_HERE,
        "pickup_booking_rule_id": rule.booking_rule.code,
        "drop_off_booking_rule_id": "",
    }
    down = up | {
        "location_group_id": group_id(rule.to_zone.code),
        "stop_sequence": 2,
        "end_pickup_drop_off_window": _clock(rule.last_dropoff_min),
        "pickup_type": NOT_HERE,
        "drop_off_type": MUST_BOOK,
        "pickup_booking_rule_id": "",
        "drop_off_booking_rule_id": rule.booking_rule.code,
    }
    return up, down


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def _calendar(calendar: Calendar) -> Row:
    named = zip(WEEKDAYS, GTFS_DAYS, strict=True)
    days = {name: int(day in calendar.days) for day, name in named}
    return {
        "service_id": calendar.code, **days,
        "start_date": f"{calendar.first_on:%Y%m%d}", "end_date": f"{calendar.last_on:%Y%m%d}",
    }  # fmt: skip


def _dates(calendar: Calendar, now: datetime, city: City) -> list[Row]:
    """Days added (1) and days without (2), holidays among the latter."""
    added = set(calendar.added_on)
    without = days_without(calendar, now.astimezone(city.zone).date())
    kinds = [(day, 1) for day in added] + [(day, 2) for day in without]
    return [
        {"service_id": calendar.code, "date": f"{day:%Y%m%d}", "exception_type": kind}
        for day, kind in sorted(kinds)
    ]


def _booking_rule(rule: BookingRule) -> Row:
    """Which columns a rule may fill depends on its kind; the others stay empty."""
    same_day = rule.kind == BookingRule.Kind.SAME_DAY
    prior_days = rule.kind == BookingRule.Kind.PRIOR_DAYS
    return {
        "booking_rule_id": rule.code,
        "booking_type": rule.kind,
        "prior_notice_duration_min": rule.notice_min if same_day else None,
        "prior_notice_duration_max": rule.notice_max_min if same_day else None,
        "prior_notice_last_day": rule.last_day if prior_days else None,
        "prior_notice_last_time": rule.last_time if prior_days else None,
        "message": rule.message,
        "phone_number": rule.phone,
        "info_url": rule.info_url,
        "booking_url": rule.booking_url or f"{settings.PUBLIC_URL}/#/rides",
    }


def _translations(one: Published, city: City) -> list[Row]:
    """The names in the city's further languages."""
    tables = (
        ("stops", "stop_name", one.stops),
        ("routes", "route_long_name", (one.service,)),
        ("location_groups", "location_group_name", one.zones),
    )
    return [
        {
            "table_name": table,
            "field_name": column,
            "language": language,
            "translation": row.names[language],
            "record_id": group_id(row.code) if table == "location_groups" else row.code,
        }
        for table, column, rows in tables
        for row in rows
        for language in city.languages[1:]
        if row.names.get(language)
    ]


def _feed_info(services: Sequence[Published], city: City, now: datetime) -> Row:
    calendars = _calendars(services)
    first = min((calendar.first_on for calendar in calendars), default=None)
    last = max((calendar.last_on for calendar in calendars), default=None)
    return {
        "feed_publisher_name": names.pick(city.names, _language(city)),
        "feed_publisher_url": settings.PUBLIC_URL,
        "feed_lang": _language(city),
        "feed_start_date": first and f"{first:%Y%m%d}",
        "feed_end_date": last and f"{last:%Y%m%d}",
        "feed_version": f"{now.astimezone(city.zone):%Y%m%d}."
        + ".".join(str(one.service.version) for one in services),
    }


def _locations(services: Sequence[Published], city: City) -> str:
    features = [
        {
            "type": "Feature",
            "id": f"zone:{zone.code}",
            "properties": {"stop_name": _said(zone, city)},
            "geometry": json.loads(zone.geom.json),
        }
        for one in services
        for zone in one.zones
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
