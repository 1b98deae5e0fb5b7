"""GOFS's live questions: how long one waits, and what a ride would be. Answered by the dispatcher's
own engine, as a quote would be; nothing is promised and nothing written."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.base.problems import Invalid, NotFound
from apps.city.models import the_city
from apps.drt.feeds.gofs.views import enveloped
from apps.drt.services.waiting import Wait, waits_now
from apps.drt.services.wishes import LonLat

TTL_S = 10


def wait_time(request: HttpRequest, language: str) -> HttpResponse:
    """`?pickup_lat&pickup_lon[&drop_off_lat&drop_off_lon][&brand_id=a,b]`"""
    waits = _waits(request, language)
    rows = [{"brand_id": wait.service.code, "wait_time": wait.wait_s} for wait in waits]
    return enveloped(request, {"wait_times": rows}, ttl_s=TTL_S)


def realtime_booking(request: HttpRequest, language: str) -> HttpResponse:
    """The same with the ride's time, its fare, and where to book it."""
    rows = [_booking(wait, request.GET) for wait in _waits(request, language)]
    return enveloped(request, {"realtime_booking": rows}, ttl_s=TTL_S)


def _waits(request: HttpRequest, language: str) -> list[Wait]:
    if language not in the_city().languages:
        raise NotFound
    query = request.GET
    brands = query.get("brand_id", "")
    return waits_now(
        origin=_point(query, "pickup"),
        destination=_point(query, "drop_off") if "drop_off_lat" in query else None,
        services=frozenset(str(brands).split(",")) if brands else None,
    )


def _point(query: QueryDict, end: str) -> LonLat:
    """Raises Invalid, with the parameter at fault."""
    try:
        lon, lat = float(str(query[f"{end}_lon"])), float(str(query[f"{end}_lat"]))
    except (KeyError, ValueError) as error:
        raise Invalid(errors={f"{end}_lat": _("Two numbers: lat and lon in degrees.")}) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid(errors={f"{end}_lat": _("Two numbers: lat and lon in degrees.")})
    return lon, lat


def _booking(wait: Wait, query: QueryDict) -> dict[str, Any]:
    passed_on = {name: str(value) for name, value in query.items() if name != "brand_id"}
    detail = {
        "service_name": wait.service.code,
        "web_uri": f"{settings.PUBLIC_URL}/?{urlencode(passed_on)}#/rides",
    }
    if wait.service.phone:
        detail["phone_number"] = wait.service.phone
    return {
        "brand_id": wait.service.code,
        "wait_time": wait.wait_s,
        "travel_time": wait.travel_s,
        "travel_cost": wait.fare,
        "travel_cost_currency": wait.currency,
        "booking_detail": detail,
    }
