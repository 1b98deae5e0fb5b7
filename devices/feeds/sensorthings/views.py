"""The door of OGC SensorThings 1.1, `/sta/v1.1/`: parse, call, render."""

from typing import Any

import msgspec
from django.db import DataError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from psycopg import DataError as PsycopgDataError
from psycopg.errors import DatatypeMismatch, UndefinedFunction

from apps.base.problems import Invalid, Malformed, MethodNotAllowed, NotFound, Problem
from devices.feeds.sensorthings.reading import Place, Reader, follow, one_of, property_of
from devices.feeds.sensorthings.writing import create_from_arrays, create_observation
from devices.ingest import speaker
from devices.protocols.sensorthings.options import read_options
from devices.protocols.sensorthings.paths import Segment, read_path
from devices.protocols.sensorthings.syntax import Unsound

ROOT = "/sta/v1.1"
# What PostgreSQL says to a comparison of text with numbers, and the like.
_MISMATCHES = (UndefinedFunction, DatatypeMismatch, PsycopgDataError)
ARRAYS = Segment("CreateObservations")


@csrf_exempt  # No cookie is read here: gateways bring their key.
def sensorthings(request: HttpRequest, path: str = "") -> HttpResponse:
    try:
        match request.method:
            case "GET" | "HEAD":
                return _read(request, path)
            case "POST":
                return _create(request, path)
        raise MethodNotAllowed
    except Unsound as error:
        return Invalid(str(error)).response()
    except (DataError, ProgrammingError) as error:
        if not isinstance(error.__cause__, _MISMATCHES):
            raise
        return Invalid(_("The filter compares what cannot be compared.")).response()
    except Problem as problem:
        return problem.response()


def _read(request: HttpRequest, path: str) -> HttpResponse:
    reader = Reader(request.build_absolute_uri(ROOT))
    segments = read_path(path)
    if not segments:
        return _json(reader.service())
    query = {name: str(text) for name, text in request.GET.items()}
    options = read_options(query)
    place = follow([segment for segment in segments if segment.name != "$ref"])
    if place.rest:
        return _property(place)
    if place.single:
        return _json(reader.entity(one_of(place), place.entity, options))
    url = request.build_absolute_uri(request.path)
    document = reader.collection(place, options, url=url, query=query)
    if segments[-1].name == "$ref":
        document["value"] = [{"@iot.selfLink": one["@iot.selfLink"]} for one in document["value"]]
    return _json(document)


def _property(place: Place) -> HttpResponse:
    value = property_of(place)
    if place.rest[-1] == "$value":
        return HttpResponse(str(value), content_type="text/plain; charset=utf-8")
    return _json({place.rest[-1]: value})


def _create(request: HttpRequest, path: str) -> HttpResponse:
    who = speaker.from_header(request.headers.get("Authorization", ""))
    segments = read_path(path)
    body = _body(request)
    if segments == (ARRAYS,):
        root = request.build_absolute_uri(ROOT)
        keys = create_from_arrays(body, who)
        links = [key if key == "error" else f"{root}/Observations('{key}')" for key in keys]
        return _json(links, status=201)
    if not segments or segments[-1] != Segment("Observations"):
        raise MethodNotAllowed(_("Things and datastreams are set up by the city's staff."))
    key = create_observation(body, who, datastream=_datastream(segments))
    link = request.build_absolute_uri(f"{ROOT}/Observations('{key}')")
    return HttpResponse(status=201, headers={"Location": link})


def _datastream(segments: tuple[Segment, ...]) -> int | None:
    """The datastream that `Datastreams(5)/Observations` names."""
    if len(segments) == 1:
        return None
    place = follow(segments[:-1])
    if place.entity.plural != "Datastreams" or not place.single:
        raise NotFound
    return int(one_of(place).pk)


def _body(request: HttpRequest) -> Any:
    try:
        return msgspec.json.decode(request.body)
    except msgspec.DecodeError as error:
        raise Malformed(str(error)) from error


def _json(value: Any, *, status: int = 200) -> HttpResponse:
    return HttpResponse(
        msgspec.json.encode(value, enc_hook=str), status=status, content_type="application/json"
    )
