"""`/gofs/1/…`: GOFS 1.0, static files and live questions, each in its envelope."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from apps.base import clock
from apps.base.answers import answer_json
from apps.base.problems import NotFound
from apps.city.models import the_city
from apps.drt.feeds.gofs.static import FILES
from apps.drt.selectors.published import published_services, supply_edition

VERSION = "1.0"
STATIC_TTL_S = 3600
LIVE_FILES = ("wait_time", "realtime_booking")
ROOT = "/gofs/1"


def directory(request: HttpRequest) -> HttpResponse:
    """`gofs.json`: where the files are, language by language."""
    names = (*FILES, *LIVE_FILES)
    data = {
        language: {
            "feeds": [{"name": name, "url": _url(f"{language}/{name}.json")} for name in names]
        }
        for language in the_city().languages
    }
    return enveloped(request, data, ttl_s=STATIC_TTL_S)


def versions(request: HttpRequest) -> HttpResponse:
    data = {"versions": [{"version": VERSION, "url": _url("gofs.json")}]}
    return enveloped(request, data, ttl_s=STATIC_TTL_S)


def static_file(request: HttpRequest, language: str, name: str) -> HttpResponse:
    write = FILES.get(name)
    if write is None or language not in the_city().languages:
        raise NotFound
    with translation.override(language):
        data = write(published_services(clock.now()), the_city(), language)
    return enveloped(request, data, ttl_s=STATIC_TTL_S, edition=(supply_edition(), data))


def enveloped(request: HttpRequest, data: Any, *, ttl_s: int, edition: Any = None) -> HttpResponse:
    document = {
        "last_updated": int(clock.now().timestamp()),
        "ttl": ttl_s,
        "version": VERSION,
        "data": data,
    }
    return answer_json(request, document, ttl_s=ttl_s, edition=data if edition is None else edition)


def _url(path: str) -> str:
    return f"{settings.PUBLIC_URL}{ROOT}/{path}"
