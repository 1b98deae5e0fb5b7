"""`GET /api/v1/alerts/active`: what is in force here; a hot path, asked by everybody at once."""

from typing import Annotated

import msgspec

from apps.alerts.selectors.active import ACTIVE, feature, shown
from apps.base import clock
from apps.base.answers import etag_over, is_known
from apps.base.hot import Request, Response, Route, pool
from apps.base.problems import Invalid
from apps.notify.core import cells

Degrees = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Question(msgspec.Struct, forbid_unknown_fields=True):
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    lon: Degrees | None = None
    cell: str = ""
    bbox: str = ""


async def get_active(request: Request) -> Response:
    place = _place(_read(request.query))
    async with (await pool()).connection() as connection:
        cursor = await connection.execute(ACTIVE, {"now": clock.now(), "place": place})
        rows = [shown(record) for record in await cursor.fetchall()]
    body = msgspec.json.encode(
        {"type": "FeatureCollection", "features": [feature(row) for row in rows]}, enc_hook=str
    )
    etag = etag_over(body)
    headers = {"Content-Type": "application/geo+json", "ETag": etag, "Cache-Control": "no-cache"}
    if is_known(request.headers.get("if-none-match"), etag):
        return Response(b"", 304, headers)
    return Response(body, 200, headers)


def _read(query: dict[str, str]) -> Question:
    try:
        return msgspec.convert(query, Question, strict=False)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else "query"
        raise Invalid(errors={field: str(error)}) from error


def _place(asked: Question) -> str | None:
    """The geometry asked for as EWKT; None for the whole city. Raises Invalid."""
    if asked.cell:
        return _cell(asked.cell)
    if asked.bbox:
        return _box(asked.bbox)
    if (asked.lat is None) != (asked.lon is None):
        raise Invalid(errors={"lat": "lat and lon go together."})
    return None if asked.lat is None else f"SRID=4326;POINT({asked.lon} {asked.lat})"


def _cell(name: str) -> str:
    try:
        ring = cells.outline(cells.read_cell(name))
    except ValueError as error:
        raise Invalid(errors={"cell": "An H3 cell is expected."}) from error
    points = ",".join(f"{lon} {lat}" for lon, lat in ring)
    return f"SRID=4326;POLYGON(({points}))"


def _box(text: str) -> str:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid(errors={"bbox": "Four numbers: west,south,east,north."}) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid(errors={"bbox": "west ≤ east and south ≤ north, in degrees."})
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    points = ",".join(f"{lon} {lat}" for lon, lat in ring)
    return f"SRID=4326;POLYGON(({points}))"


def _parameter(name: str, kind: str, text: str) -> dict[str, object]:
    return {"name": name, "in": "query", "description": text, "schema": {"type": kind}}


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/alerts/active",
        handler=get_active,
        operation={
            "operationId": "alerts_active",
            "summary": "Alerts in force, as GeoJSON: at a point, in a cell, in a box, or all",
            "tags": ["alerts"],
            "parameters": [
                _parameter("lat", "number", "degrees, with lon"),
                _parameter("lon", "number", "degrees, with lat"),
                _parameter("cell", "string", "an H3 cell"),
                _parameter("bbox", "string", "west,south,east,north in degrees"),
            ],
            "responses": {
                "200": {
                    "description": "Newest first. With an ETag; If-None-Match answers 304.",
                    "content": {"application/geo+json": {"schema": {"type": "object"}}},
                },
                "304": {"description": "Nothing has changed."},
            },
        },
    ),
)
