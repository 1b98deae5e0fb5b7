"""The peer: a bare ASGI application that runs the same statement for a tile and sends it packed.

`/tiles/…` draws each time; `/finished/…` draws once and then sends from its memory. No checks,
no problem documents, no language, no limits.
"""

import gzip
import os
from collections.abc import Awaitable, Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citizen.settings")

import django

django.setup()

# These need Django to be set up.
from psycopg_pool import AsyncConnectionPool  # noqa: E402

from apps.city.tiles.rendering import Tile, statement  # noqa: E402
from apps.city.tiles.store import PACKING  # noqa: E402

_pool: list[AsyncConnectionPool] = []
_finished: dict[str, bytes] = {}

Send = Callable[[Any], Awaitable[None]]


async def application(scope: dict[str, Any], _receive: Any, send: Send) -> None:
    _, door, z, x, y = scope["path"].removesuffix(".mvt").split("/")
    key = f"{z}/{x}/{y}"
    body = _finished.get(key) if door == "finished" else None
    if body is None:
        body = await _draw(Tile(int(z), int(x), int(y)))
        if door == "finished":
            _finished[key] = body
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-length", str(len(body)).encode()),
                (b"content-encoding", b"gzip"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def _draw(tile: Tile) -> bytes:
    if not _pool:
        _pool.append(
            AsyncConnectionPool(
                os.environ["CITIZEN_DATABASE_URL"],
                min_size=4,
                max_size=8,
                open=False,
                kwargs={"autocommit": True},
            )
        )
        await _pool[0].open()
    async with _pool[0].connection() as connection:
        cursor = await connection.execute(statement(tile.z), tile.parameters(), binary=True)
        row = await cursor.fetchone()
    assert row is not None
    return gzip.compress(row[0], PACKING, mtime=0)
