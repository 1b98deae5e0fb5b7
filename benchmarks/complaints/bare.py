"""The same statement to the same database, with nothing around it: the peer of `requests_per_s`."""

from typing import Any
from urllib.parse import parse_qs

import django

django.setup()

# These need Django to be set up.
from apps.base.hot import pool  # noqa: E402
from apps.complaints.selectors.public_map import HIDDEN, PUBLIC_MAP  # noqa: E402


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
    west, south, east, north = (float(part) for part in asked["bbox"].split(","))
    opened = await pool()
    async with opened.connection() as connection:
        cursor = await connection.execute(
            PUBLIC_MAP,
            {"west": west, "south": south, "east": east, "north": north, "status": None,
             "limit": int(asked["limit"]), "hidden": list(HIDDEN)},
        )  # fmt: skip
        row = await cursor.fetchone()
    assert row is not None
    return bytes(row[0].encode())
