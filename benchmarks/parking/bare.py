"""The same question to the same database, with nothing around it: the peer of `nearby_rps`."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import django

django.setup()

# These need Django to be set up.
from apps.base.hot import pool  # noqa: E402
from apps.parking.selectors import NEARBY  # noqa: E402


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = b"{}" if scope["path"] == "/health" else await _answer(scope["query_string"].decode())
    await send({"type": "http.response.start", "status": 200,
                "headers": [(b"content-length", str(len(body)).encode())]})  # fmt: skip
    await send({"type": "http.response.body", "body": body})


async def _answer(query: str) -> bytes:
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    opened = await pool()
    async with opened.connection() as connection:
        cursor = await connection.execute(
            NEARBY,
            {"lon": float(asked["lon"]), "lat": float(asked["lat"]), "from_lon": None,
             "from_lat": None, "category": "general", "covered": False, "height_m": None,
             "max_m": 5_000.0, "candidates": 2 * int(asked["limit"]), "now": datetime.now(UTC)},
        )  # fmt: skip
        return json.dumps(await cursor.fetchall(), default=str).encode()
