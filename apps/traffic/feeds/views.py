"""The doors of traffic's open data: read only, open to everybody, with an ETag for who polls."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from apps.base import clock
from apps.base.answers import answer, answer_json
from apps.city.models import the_city
from apps.traffic.feeds import datex, gtfs, its
from apps.traffic.models import Incident
from apps.traffic.selectors.incidents import open_incidents
from apps.traffic.selectors.junctions import intersections
from apps.traffic.selectors.links import known_links
from devices.protocols import spat

TTL_S = 2
XML = "application/xml; charset=utf-8"


@require_safe
def datex_sites(request: HttpRequest) -> HttpResponse:
    body = datex.site_table(list(known_links()), **_publisher())
    return answer(request, body, content_type=XML, ttl_s=300)


@require_safe
def datex_measured(request: HttpRequest) -> HttpResponse:
    body = datex.measured_data(list(known_links()), **_publisher())
    return answer(request, body, content_type=XML, ttl_s=TTL_S)


@require_safe
def datex_situations(request: HttpRequest) -> HttpResponse:
    body = datex.situations(open_incidents(), **_publisher())
    return answer(request, body, content_type=XML, ttl_s=TTL_S)


def _publisher() -> dict[str, str]:
    city = the_city()
    return {"country": city.country, "city": city.code}


@require_safe
def its_traffic(request: HttpRequest) -> HttpResponse:
    states = list(known_links())
    document = its.traffic_info(states, zone=the_city().zone, now=clock.now())
    edition = [(state.link.code, state.version) for state in states]
    return answer_json(request, document, ttl_s=TTL_S, edition=edition)


@require_safe
def its_events(request: HttpRequest) -> HttpResponse:
    rows = open_incidents()
    document = its.event_info(rows, zone=the_city().zone, now=clock.now())
    edition = [(str(row.code), row.version) for row in rows]
    return answer_json(request, document, ttl_s=TTL_S, edition=edition)


@require_safe
def spat_file(request: HttpRequest) -> HttpResponse:
    """SPaT in the JSON shape of USDOT's ODE; `time` in each intersection is when it was heard."""
    document: dict[str, Any] = spat.encode(intersections())
    return answer_json(request, document, ttl_s=1, edition=document)


@require_safe
def gtfs_alerts(request: HttpRequest) -> HttpResponse:
    rows = open_incidents()
    feed = gtfs.alerts(rows, clock.now(), agency=the_city().code, titles=_titles())
    edition = repr([(str(row.code), row.version) for row in rows]).encode()
    if request.GET.get("format") == "text":
        return answer(
            request, str(feed).encode(), content_type="text/plain", ttl_s=TTL_S, etag_of=edition
        )
    return answer(
        request, feed.SerializeToString(), content_type="application/x-protobuf", ttl_s=TTL_S,
        etag_of=edition,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _titles() -> dict[str, dict[str, str]]:
    """The words for kinds in every language."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in Incident.Kind.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for kind in Incident.Kind:
                found[kind.value][language] = str(kind.label)
    return found
