"""Finished tiles in Redis, packed. Redis may be away: then tiles are made anew each time."""

import asyncio
import gzip
import logging
import time

import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError

from apps.base.hot import pool
from apps.city.cache import Known
from apps.city.tiles.rendering import Tile, layers_hash, statement

logger = logging.getLogger(__name__)

KEPT_S = 6 * 3600
# After a failure Redis is left alone for so long, lest every tile waits for it.
REST_S = 5.0
PACKING = 5

_clients: dict[int, redis.asyncio.Redis] = {}
_rest_until: list[float] = [0.0]


def etag(known: Known, tile: Tile) -> str:
    """Weak, because packed and unpacked tiles share it."""
    return f'W/"{known.map_version:x}-{layers_hash()}-{tile.z}-{tile.x}-{tile.y}"'


async def packed_tile(known: Known, tile: Tile) -> bytes:
    """The tile, gzipped; empty where nothing is."""
    key = f"citizen.tile:{known.database}:{etag(known, tile)}"
    found = await _get(key)
    if found is None:
        drawn = await draw(tile)
        found = gzip.compress(drawn, PACKING, mtime=0) if drawn else b""
        await _put(key, found)
    return found


async def draw(tile: Tile) -> bytes:
    """Make the tile from the database."""
    connections = await pool()
    async with connections.connection() as connection:
        cursor = await connection.execute(statement(tile.z), tile.parameters(), binary=True)
        row = await cursor.fetchone()
    assert row is not None
    return bytes(row[0])


# ---------------------------------------------------------------- redis


def _client() -> redis.asyncio.Redis:
    key = id(asyncio.get_running_loop())
    if key not in _clients:
        _clients[key] = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=1)
    return _clients[key]


async def close_client() -> None:
    client = _clients.pop(id(asyncio.get_running_loop()), None)
    if client:
        await client.aclose()


async def _get(key: str) -> bytes | None:
    if time.monotonic() < _rest_until[0]:
        return None
    try:
        found = await _client().get(key)
    except (RedisError, OSError) as error:
        _rest(error)
        return None
    assert not isinstance(found, str), "the client decodes nothing"
    return found


async def _put(key: str, value: bytes) -> None:
    if time.monotonic() < _rest_until[0]:
        return
    try:
        await _client().set(key, value, ex=KEPT_S)
    except (RedisError, OSError) as error:
        _rest(error)


def _rest(error: Exception) -> None:
    logger.warning("tiles without their cache: %s", error)
    _rest_until[0] = time.monotonic() + REST_S
