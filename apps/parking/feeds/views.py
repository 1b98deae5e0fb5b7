"""The doors of the parking standards: read only, open to everybody, with an ETag for who polls."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.base import names
from apps.base.answers import tagged
from apps.base.geo import degrees_for
from apps.base.limits import Bucket
from apps.base.problems import Invalid, NotFound
from apps.city.models import the_city
from apps.parking.feeds import apds, datex, ngsi, parkapi
from apps.parking.feeds.facts import (
    PublishedSite,
    read_bays,
    read_sites,
    whole_number,
)
from apps.parking.models import Bay, ParkingSite

MOST_ITEMS, DEFAULT_ITEMS = 1_000, 100
TTL_S = 5
_polls = Bucket(per_minute=300)
XML = "application/xml; charset=utf-8"

View = Callable[..., HttpResponse]


def published(view: View) -> View:
    """Safe methods only; 304 where nothing has changed since the client's ETag."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        _polls.take(request.META.get("REMOTE_ADDR", ""))
        return tagged(request, view(request, *arguments, **named), ttl_s=TTL_S)

    return require_safe(answer)


def _json(value: Any, content_type: str = "application/json") -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value, enc_hook=str), content_type=content_type)


def _number(request: HttpRequest, name: str, default: float, low: float, high: float) -> float:
    text = request.GET.get(name, "")
    try:
        found = float(text) if text else default
    except ValueError as error:
        raise Invalid(errors={name: _("This is not a number.")}) from error
    if not low <= found <= high:
        raise Invalid(
            errors={name: _("Between %(low)g and %(high)g.") % {"low": low, "high": high}}
        )
    return found


def _page(request: HttpRequest, rows: "QuerySet[Any]") -> tuple[list[Any], int, int]:
    """The rows from `start` on, how many there are in all, and where the next page starts."""
    start = int(_number(request, "start", 0, 0, 10_000_000))
    limit = int(_number(request, "limit", DEFAULT_ITEMS, 1, MOST_ITEMS))
    return list(rows[start : start + limit]), rows.count(), start + limit


def _sites() -> "QuerySet[ParkingSite]":
    return ParkingSite.objects.in_use().order_by("code")


def _bays() -> "QuerySet[Bay]":
    return Bay.objects.filter(pool__site__retired_at=None).order_by("code")


# ---------------------------------------------------------------- ParkAPI v3


@published
def parkapi_sites(request: HttpRequest) -> HttpResponse:
    found, total, following = _page(request, _near(request, _sites()))
    items = [parkapi.site_item(site) for site in read_sites(found)]
    return _json(_listed(request, items, total, following))


@published
def parkapi_site(_request: HttpRequest, number: int) -> HttpResponse:
    (site,) = read_sites(_sites().filter(code=_code(_sites(), number)))
    return _json(parkapi.site_item(site))


@published
def parkapi_spots(request: HttpRequest) -> HttpResponse:
    found, total, following = _page(request, _bays().select_related("pool__site"))
    items = [parkapi.spot_item(bay) for bay in read_bays(found)]
    return _json(_listed(request, items, total, following))


@published
def parkapi_spot(_request: HttpRequest, number: int) -> HttpResponse:
    (bay,) = read_bays(_bays().filter(code=_code(_bays(), number)).select_related("pool__site"))
    return _json(parkapi.spot_item(bay))


@published
def parkapi_sources(request: HttpRequest) -> HttpResponse:
    city = names.pick(the_city().names, "")
    items = [parkapi.source_item(city, request.build_absolute_uri("/"))]
    return _json({"items": items, "total_count": 1})


def _listed(
    request: HttpRequest, items: Sequence[Any], total: int, following: int
) -> dict[str, Any]:
    answer: dict[str, Any] = {"items": items, "total_count": total}
    if following < total:
        query = {**request.GET.dict(), "start": following}
        answer["next_path"] = f"{request.path}?{urlencode(query)}"
    return answer


def _near(request: HttpRequest, sites: "QuerySet[ParkingSite]") -> "QuerySet[ParkingSite]":
    """ParkAPI's `lat`, `lon`, `radius` (metres) and `name`."""
    if name := request.GET.get("name"):
        sites = sites.filter(names__icontains=name)
    if not ("lat" in request.GET or "lon" in request.GET):
        return sites
    lat, lon = _number(request, "lat", 0, -90, 90), _number(request, "lon", 0, -180, 180)
    radius_m = _number(request, "radius", 1_000, 1, 100_000)
    wide, tall = degrees_for(radius_m, lat=lat)
    box: QuerySet[ParkingSite] = sites.within(lon - wide, lat - tall, lon + wide, lat + tall)  # type: ignore[attr-defined]
    return box


def _code(rows: "QuerySet[Any]", number: int) -> str:
    """The code behind a whole number. Raises NotFound."""
    for code in rows.values_list("code", flat=True):
        if whole_number(code) == number:
            return str(code)
    raise NotFound


# ---------------------------------------------------------------- APDS


@published
def apds_places(request: HttpRequest) -> HttpResponse:
    return _apds(request, apds.place)


@published
def apds_rates(_request: HttpRequest) -> HttpResponse:
    tariffs = {tariff.code: tariff for site in read_sites(_sites()) for tariff in site.tariffs}
    return _json({"data": [apds.rate_table(tariffs[code]) for code in sorted(tariffs)]})


@published
def apds_rights(_request: HttpRequest) -> HttpResponse:
    found = [
        apds.right_specification(site, tariff)
        for site in read_sites(_sites())
        for tariff in site.tariffs
    ]
    return _json({"data": found})


def _apds(request: HttpRequest, make: Callable[[PublishedSite], Any]) -> HttpResponse:
    found, total, following = _page(request, _sites())
    answer: dict[str, Any] = {"data": [make(site) for site in read_sites(found)]}
    if following < total:
        query = {**request.GET.dict(), "start": following}
        answer["next"] = f"{request.path}?{urlencode(query)}"
    return _json(answer)


# ---------------------------------------------------------------- NGSI-LD


@published
def ngsi_entities(request: HttpRequest) -> HttpResponse:
    """`type` (several by comma), `limit` and `offset`, `options=keyValues`, `count=true`."""
    types = set(filter(None, request.GET.get("type", "").split(","))) or set(ngsi.TYPES)
    unknown = types - set(ngsi.TYPES)
    if unknown:
        raise Invalid(errors={"type": _("One of: %s") % ", ".join(ngsi.TYPES)})
    limit = int(_number(request, "limit", DEFAULT_ITEMS, 1, MOST_ITEMS))
    offset = int(_number(request, "offset", 0, 0, 10_000_000))
    found, total = _entities(types, offset, limit)
    response = _ngsi(request, found)
    if request.GET.get("count") == "true":
        response.headers["NGSILD-Results-Count"] = str(total)
    return response


def _entities(types: set[str], offset: int, limit: int) -> tuple[list[ngsi.Entity], int]:
    """Sites first, then bays."""
    kinds = [kind for kind in ParkingSite.Kind.values if ngsi.type_of(kind) in types]
    sites = _sites().filter(kind__in=kinds)
    bays = _bays() if ngsi.SPOT in types else _bays().none()
    many = sites.count()
    found = [ngsi.site_entity(site) for site in read_sites(sites[offset : offset + limit])]
    start, left = max(0, offset - many), limit - len(found)
    if left:
        found += _bay_entities(bays[start : start + left])
    return found, many + bays.count()


def _bay_entities(bays: "QuerySet[Bay]") -> list[ngsi.Entity]:
    rows = list(bays.select_related("pool__site"))
    kinds = {bay.pool.site.code: bay.pool.site.kind for bay in rows}
    return [ngsi.bay_entity(bay, kinds[bay.site]) for bay in read_bays(rows)]


@published
def ngsi_entity(request: HttpRequest, urn: str) -> HttpResponse:
    _scheme, _colon, rest = urn.partition("urn:ngsi-ld:")
    type_, _colon, code = rest.partition(":")
    if type_ == ngsi.SPOT:
        found = _bay_entities(_bays().filter(code=code))
    else:
        sites = read_sites(_sites().filter(code=code))
        found = [ngsi.site_entity(site) for site in sites if ngsi.type_of(site.kind) == type_]
    if not found:
        raise NotFound
    return _ngsi(request, found[0])


@published
def ngsi_types(_request: HttpRequest) -> HttpResponse:
    return _json({"id": "urn:ngsi-ld:EntityTypeList:citizen", "type": "EntityTypeList",
                  "typeList": list(ngsi.TYPES)})  # fmt: skip


def _ngsi(request: HttpRequest, found: Any) -> HttpResponse:
    """JSON-LD carries its context in the body, plain JSON names it in a header (ETSI, 6.3.5)."""
    if "keyValues" in request.GET.get("options", ""):
        found = ngsi.as_key_values(found) if isinstance(found, dict) else [
            ngsi.as_key_values(one) for one in found
        ]  # fmt: skip
    if "application/ld+json" in request.headers.get("Accept", ""):
        rows = [found] if isinstance(found, dict) else found
        rows = [{"@context": ngsi.CONTEXT, **one} for one in rows]
        return _json(rows[0] if isinstance(found, dict) else rows, "application/ld+json")
    response = _json(found)
    link = '<%s>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    response.headers["Link"] = link % ngsi.CONTEXT[0]
    return response


# ---------------------------------------------------------------- DATEX II


@published
def datex_status(_request: HttpRequest) -> HttpResponse:
    city = the_city()
    body = datex.status_publication(read_sites(_sites()), country=city.country, city=city.code)
    return HttpResponse(body, content_type=XML)


@published
def datex_table(_request: HttpRequest) -> HttpResponse:
    city = the_city()
    body = datex.table_publication(read_sites(_sites()), country=city.country, city=city.code)
    return HttpResponse(body, content_type=XML)
