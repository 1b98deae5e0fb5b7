"""Live topics: what a screen shows = a snapshot + deltas, applicable in any order.

A topic is `kind:key` (`parking.sites:all`). Its kind registers a `Source` that reads the present
rows, or only those changed since a horizon. A delta is a row's new state with the row's version; a
client keeps the greater version. The horizon is `pg_snapshot_xmin`: every transaction below it was
over when the snapshot was taken, so `changed_in >= horizon` misses nothing (unlike serial numbers,
which become visible out of order).

Deltas travel by one Redis channel, one subscription per process, and a bounded queue per socket.
All of it is a hint that may be lost: after a gap the hub tells its listeners, and they ask again
with `since`.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import msgspec
import redis
import redis.asyncio
from django.conf import settings
from django.db import connection, transaction

from apps.base import request_ids
from apps.base.registry import Registry

QUEUE_SIZE = 256
logger = logging.getLogger(__name__)

Row = dict[str, Any]  # always with "id" and "version"; "gone": true once it left the topic


class Source(Protocol):
    """What a topic kind shows."""

    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        """Present rows of `kind:key`; with `since` only those with `changed_in >= since`, gone
        ones included. Raises KeyError for a key that does not exist."""
        ...


sources: Registry[Source] = Registry("live topic")

# Topics that are not for everybody: (ASGI scope, key) → whether this socket may follow it.
Guard = Callable[[Mapping[str, Any], str], Awaitable[bool]]
guards: Registry[Guard] = Registry("guard of a live topic")


@dataclass(frozen=True, slots=True)
class Snapshot:
    topic: str
    rows: list[Row]
    horizon: int


def snapshot(topic: str, *, since: int | None = None) -> Snapshot:
    """Read a topic. The horizon is taken first, so that nothing falls between it and the rows.

    Raises KeyError for an unknown topic.
    """
    kind, _, key = topic.partition(":")
    source = sources.load(kind)
    now = horizon()
    return Snapshot(topic, list(source.rows(key, since=since)), now)


def horizon() -> int:
    """The transaction below which all are over at this moment. Take it before the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


# ---------------------------------------------------------------- out


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)


def _channel() -> str:
    """Redis knows no borders between databases, so each of ours has a channel of its own: a drill
    must not show up on the town's screens."""
    return f"citizen.live.{settings.DATABASES['default']['NAME']}"


def announce(topic: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Tell every screen on `topic` of rows that changed, once this transaction has committed."""
    message = msgspec.json.encode(
        {"topic": topic, "rows": list(rows), "request_id": request_ids.current()}, enc_hook=str
    )
    transaction.on_commit(partial(_publish, message), robust=True)


def _publish(message: bytes) -> None:
    _redis().publish(_channel(), message)


# ---------------------------------------------------------------- in


def subscriber() -> redis.asyncio.Redis:
    """A client that may hear nothing for hours: redis-py gives up after five seconds by itself."""
    return redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=None)


class Listener:
    """One socket's ear: a bounded queue of encoded deltas. `lost` means: ask again."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_SIZE)
        self.lost = asyncio.Event()

    def offer(self, message: bytes) -> None:
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.lost.set()


class Hub:
    """One Redis subscription for a whole process (an event loop), fanned out to listeners."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._pump: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def join(self, topic: str, listener: Listener) -> None:
        """Deliver `topic` to `listener` from now on; returns once deltas can't be missed."""
        self._listeners.setdefault(topic, set()).add(listener)
        if self._pump is None or self._pump.done():
            self._ready.clear()
            self._pump = asyncio.create_task(self._run())
        await asyncio.wait_for(self._ready.wait(), timeout=5)

    def leave(self, topic: str, listener: Listener) -> None:
        members = self._listeners.get(topic, set())
        members.discard(listener)
        if not members:
            self._listeners.pop(topic, None)
        if not self._listeners and self._pump:
            self._pump.cancel()
            self._pump = None

    async def _run(self) -> None:
        """Subscribe, fan out; on trouble tell everyone that something may be lost, and again."""
        while True:
            try:
                await self._listen()
            except (redis.RedisError, OSError) as error:
                task = asyncio.current_task()
                if task and task.cancelling():  # whatever the library made of our being ended
                    raise asyncio.CancelledError from error
                logger.warning("live: subscription lost (%s)", error)
            for members in list(self._listeners.values()):
                for listener in members:
                    listener.lost.set()
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        client = subscriber()
        async with contextlib.aclosing(client), client.pubsub() as pubsub:
            await pubsub.subscribe(_channel())
            async for message in pubsub.listen():
                if message["type"] == "subscribe":
                    self._ready.set()
                elif message["type"] == "message":
                    self._fan_out(message["data"])

    def _fan_out(self, message: bytes) -> None:
        topic = _TOPIC.decode(message).topic
        for listener in self._listeners.get(topic, ()):
            listener.offer(message)


class _Addressed(msgspec.Struct):
    topic: str


_TOPIC = msgspec.json.Decoder(_Addressed)
_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
