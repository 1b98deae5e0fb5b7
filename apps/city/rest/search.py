"""The hot paths of the geocoder: as you type, and what is here."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.base.hot import Request, Response, Route
from apps.base.names import pick
from apps.base.problems import Invalid
from apps.city.cache import known_city
from apps.city.selectors.asking import ask_hot
from apps.city.selectors.search import Found, Wanted, answers, whats_there


async def search(request: Request) -> Response:
    known = await known_city()
    query = request.query
    wanted = Wanted(
        text=query.get("q", ""),
        lon=_number(query, "lon"),
        lat=_number(query, "lat"),
        limit=int(_number(query, "limit") or 10),
        box=known.box,
    )
    found = await ask_hot(answers(wanted))
    return Response.json({"results": [_as_json(one) for one in found]})


async def reverse(request: Request) -> Response:
    known = await known_city()
    lon, lat = _number(request.query, "lon"), _number(request.query, "lat")
    if lon is None or lat is None:
        raise Invalid(errors={"lat" if lat is None else "lon": _("Give lat and lon in degrees.")})
    here = await ask_hot(whats_there(lon, lat, box=known.box))
    return Response.json(
        {
            part: None if fact is None else {**fact, "name": _name(fact["names"])}
            for part, fact in (
                ("address", here.address),
                ("street", here.street),
                ("place", here.place),
                ("district", here.district),
            )
        }
    )


def _number(query: dict[str, str], name: str) -> float | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise Invalid(errors={name: _("This is not a number.")}) from error
    if not -1e6 < number < 1e6:  # neither infinite nor nan
        raise Invalid(errors={name: _("This is not a number.")})
    return number


def _name(names: Any) -> str:
    return pick(names, (get_language() or "").split("-")[0])


def _as_json(found: Found) -> dict[str, Any]:
    """`name` speaks the asker's language, `names` all."""
    district = found.district
    return {
        "kind": found.kind,
        "code": found.code,
        "place_kind": found.place_kind,
        "name": _name(found.names),
        "names": found.names,
        "number": found.number,
        "address": found.address,
        "lat": round(found.lat, 7),
        "lon": round(found.lon, 7),
        "distance_m": None if found.distance_m is None else round(found.distance_m, 1),
        "score": found.score,
        "exact": found.exact,
        "district": district and {**district, "name": _name(district["names"])},
    }


# ---------------------------------------------------------------- OpenAPI


def _query(name: str, type_: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": {"type": type_},
    }


_POINT = [
    _query("lat", "number", "Latitude in degrees (WGS84) of who asks"),
    _query("lon", "number", "Longitude in degrees (WGS84) of who asks"),
]
_TEXT, _NUMBER = {"type": "string"}, {"type": "number"}
_NAMES = {"type": "object", "additionalProperties": _TEXT}
_DISTRICT = {
    "type": "object",
    "nullable": True,
    "properties": {"code": _TEXT, "name": _TEXT, "names": _NAMES},
}
_RESULT = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": ["place", "street", "district", "address", "corner"]},
        "code": _TEXT,
        "place_kind": _TEXT,
        "name": _TEXT,
        "names": _NAMES,
        "number": _TEXT,
        "address": _TEXT,
        "lat": _NUMBER,
        "lon": _NUMBER,
        "distance_m": {"type": "number", "nullable": True},
        "score": _NUMBER,
        "exact": {"type": "boolean", "description": "false: the nearest known house number"},
        "district": _DISTRICT,
    },
}


def _operation(
    id_: str, summary: str, parameters: list[dict[str, Any]], schema: Any
) -> dict[str, Any]:
    return {
        "operationId": id_,
        "tags": ["city"],
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema": schema}}}
        },
    }


ROUTES = (
    Route(
        "GET",
        "/api/v1/city/search",
        search,
        _operation(
            "city_search",
            "Find places, streets, addresses and corners by text, in any language",
            [
                _query("q", "string", "A name, an address, `A & B`, `near X`", required=True),
                *_POINT,
                _query("limit", "integer", "1 to 50, by default 10"),
            ],
            {
                "type": "object",
                "properties": {"results": {"type": "array", "items": _RESULT}},
            },
        ),
        per_minute=1200,
    ),
    Route(
        "GET",
        "/api/v1/city/reverse",
        reverse,
        _operation(
            "city_reverse",
            "What is at a point: address, street, place, district",
            [{**parameter, "required": True} for parameter in _POINT],
            {
                "type": "object",
                "properties": {
                    part: {**_DISTRICT, "additionalProperties": True}
                    for part in ("address", "street", "place", "district")
                },
            },
        ),
        per_minute=1200,
    ),
)
