"""`GET /api/v1/complaints/requests.geojson`: what was reported within a box; a hot path."""

from typing import Annotated, Any, Literal

import msgspec
from django.utils.translation import gettext as _

from apps.base.hot import Request, Response, Route, pool
from apps.base.problems import Invalid
from apps.complaints.selectors.public_map import HIDDEN, PUBLIC_MAP

MOST = 500


class Question(msgspec.Struct, forbid_unknown_fields=True):
    bbox: str
    status: Literal["open", "closed"] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 200

    def parameters(self) -> dict[str, Any]:
        """Raises Invalid."""
        try:
            west, south, east, north = (float(part) for part in self.bbox.split(","))
        except ValueError as error:
            raise Invalid(errors={"bbox": _("Four numbers: west,south,east,north.")}) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Invalid(errors={"bbox": _("west ≤ east and south ≤ north, in degrees.")})
        return {
            "west": west, "south": south, "east": east, "north": north, "status": self.status,
            "limit": self.limit, "hidden": list(HIDDEN),
        }  # fmt: skip


async def get_map(request: Request) -> Response:
    parameters = _read(request.query).parameters()
    opened = await pool()
    async with opened.connection() as connection:
        cursor = await connection.execute(PUBLIC_MAP, parameters)
        row = await cursor.fetchone()
    assert row is not None, "an aggregate always has its row"
    headers = {"Content-Type": "application/geo+json", "Cache-Control": "public, max-age=15"}
    return Response(row[0].encode(), headers=headers)


def _read(query: dict[str, str]) -> Question:
    try:
        return msgspec.convert(query, Question, strict=False)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else "bbox"
        raise Invalid(errors={field: str(error)}) from error


OPERATION = {
    "operationId": "complaints_map_retrieve",
    "summary": "What was reported within a box, newest first, as GeoJSON without words",
    "tags": ["complaints"],
    "parameters": [
        {"in": "query", "name": "bbox", "required": True, "schema": {"type": "string"},
         "description": "west,south,east,north in degrees"},
        {"in": "query", "name": "status", "schema": {"type": "string", "enum": ["open", "closed"]}},
        {"in": "query", "name": "limit",
         "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": 200}},
    ],
    "responses": {"200": {
        "description": "The newest first.",
        "content": {"application/geo+json": {"schema": {"type": "object"}}},
    }},
}  # fmt: skip

ROUTES = (
    Route(
        method="GET", path="/api/v1/complaints/requests.geojson", handler=get_map,
        operation=OPERATION,
    ),
)  # fmt: skip
