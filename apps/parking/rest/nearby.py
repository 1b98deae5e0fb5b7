"""`GET /api/v1/parking/nearby`: where to park near a place, the best first; a hot path."""

import msgspec

from apps.base import clock
from apps.base.hot import Request, Response, Route, pool
from apps.base.problems import Invalid
from apps.parking.models import Category
from apps.parking.rest.openapi import nearby_operation
from apps.parking.selectors import NEARBY
from apps.parking.services.nearby import DEFAULT_SITES, MAX_SITES, Question, answer


async def get_nearby(request: Request) -> Response:
    asked = _read(request.query)
    now = clock.now()
    opened = await pool()
    async with opened.connection() as connection:
        cursor = await connection.execute(NEARBY, asked.parameters(now))
        records = await cursor.fetchall()
    return Response.json({"sites": answer(records, asked, now)})


def _read(query: dict[str, str]) -> Question:
    try:
        return msgspec.convert(query, Question, strict=False)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else "query"
        raise Invalid(errors={field: str(error)}) from error


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/parking/nearby",
        handler=get_nearby,
        operation=nearby_operation(MAX_SITES, DEFAULT_SITES, Category.values),
    ),
)
