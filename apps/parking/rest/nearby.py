"""`GET /api/v1/parking/nearby`: the nearest sites with what is free now; a hot path."""

from typing import Annotated

import msgspec

from apps.base import clock
from apps.base.hot import Request, Response, Route, pool
from apps.base.problems import Invalid
from apps.parking.core.shown import shown
from apps.parking.models import Category
from apps.parking.selectors import NEARBY, facts_of

MAX_SITES = 50
DEFAULT_SITES = 10


class Question(msgspec.Struct, forbid_unknown_fields=True):
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_SITES)] = DEFAULT_SITES
    category: Category | None = None
    max_m: Annotated[float, msgspec.Meta(gt=0, le=100_000)] = 5_000


async def get_nearby(request: Request) -> Response:
    asked = _read(request.query)
    now = clock.now()
    opened = await pool()
    async with opened.connection() as connection:
        cursor = await connection.execute(
            NEARBY,
            {
                "lon": asked.lon,
                "lat": asked.lat,
                "category": asked.category,
                "max_m": asked.max_m,
                "limit": asked.limit,
            },
        )
        records = await cursor.fetchall()
    sites = [
        {**shown(facts_of(record), now), "distance_m": round(distance_m)}
        for *record, distance_m in records
    ]
    return Response.json({"sites": sites})


def _read(query: dict[str, str]) -> Question:
    try:
        return msgspec.convert(query, Question, strict=False)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else "query"
        raise Invalid(errors={field: str(error)}) from error


def _parameter(name: str, kind: str, text: str, *, required: bool = False) -> dict[str, object]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": text,
        "schema": {"type": kind},
    }


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/parking/nearby",
        handler=get_nearby,
        operation={
            "operationId": "parking_nearby",
            "summary": "The nearest parking sites with what is free now",
            "tags": ["parking"],
            "parameters": [
                _parameter("lat", "number", "degrees", required=True),
                _parameter("lon", "number", "degrees", required=True),
                _parameter("limit", "integer", f"1 to {MAX_SITES}, else {DEFAULT_SITES}"),
                _parameter("category", "string", f"one of {', '.join(Category.values)}"),
                _parameter("max_m", "number", "no farther than this, in metres; else 5000"),
            ],
            "responses": {
                "200": {
                    "description": "Nearest first.",
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["sites"],
                                "properties": {
                                    "sites": {
                                        "type": "array",
                                        "items": {
                                            "allOf": [
                                                {"$ref": "#/components/schemas/Site"},
                                                {
                                                    "type": "object",
                                                    "required": ["distance_m"],
                                                    "properties": {
                                                        "distance_m": {"type": "integer"}
                                                    },
                                                },
                                            ]
                                        },
                                    }
                                },
                            }
                        }
                    },
                }
            },
        },
    ),
)
