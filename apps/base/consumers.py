"""The WebSocket door of live topics.

Up:   {"subscribe": "kind:key", "since": horizon?}   {"unsubscribe": "kind:key"}
Down: {"type": "snapshot", "topic", "rows", "horizon", "whole": bool,
       "clock": {"now", "speed"}}
      {"type": "delta", "topic", "rows"}
      {"type": "problem", "problem": {…}}

`whole` is false where `since` was given: the rows are then those that changed. After a gap
the server sends such a snapshot by itself; a client that falls behind is closed with code 4000 and
comes back with its last horizon. `clock` is the city's: screens count ages by it.
"""

import asyncio
import contextlib
from typing import Any

import msgspec
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from apps.base import clock, live, request_ids
from apps.base.problems import Malformed, NotAllowed, NotFound, Problem, TooMany

MAX_TOPICS = 32
BEHIND = 4000
SUBPROTOCOL = "citizen"


class Order(msgspec.Struct, forbid_unknown_fields=True):
    subscribe: str | None = None
    unsubscribe: str | None = None
    since: int | None = None


class LiveConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        request_ids.use(request_ids.new())
        self.horizons: dict[str, int] = {}
        self.listener = live.Listener()
        # A browser that signs in by a subprotocol wants it answered.
        await self.accept(SUBPROTOCOL if SUBPROTOCOL in self.scope["subprotocols"] else None)
        self.pump = asyncio.create_task(self._pump())

    async def disconnect(self, code: int) -> None:
        for topic in list(self.horizons):
            live.hub().leave(topic, self.listener)
        self.pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.pump

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            order = msgspec.json.decode(text_data or bytes_data or b"", type=Order)
            await self._obey(order)
        except msgspec.DecodeError as error:
            await self._send({"type": "problem", "problem": Malformed(str(error)).document()})
        except Problem as problem:
            await self._send({"type": "problem", "problem": problem.document()})

    async def _obey(self, order: Order) -> None:
        if order.unsubscribe in self.horizons:
            live.hub().leave(order.unsubscribe, self.listener)
            del self.horizons[order.unsubscribe]
        if order.subscribe is not None:
            await self._subscribe(order.subscribe, order.since)

    async def _subscribe(self, topic: str, since: int | None) -> None:
        """Listen first, then read: what commits in between comes twice rather than never."""
        if len(self.horizons) >= MAX_TOPICS and topic not in self.horizons:
            raise TooMany
        await self._check_right(topic)
        await live.hub().join(topic, self.listener)
        try:
            await self._send_snapshot(topic, since)
        except KeyError as error:
            live.hub().leave(topic, self.listener)
            raise NotFound from error

    async def _check_right(self, topic: str) -> None:
        kind, _, key = topic.partition(":")
        if kind in live.guards and not await live.guards.load(kind)(self.scope, key):
            raise NotAllowed

    async def _send_snapshot(self, topic: str, since: int | None) -> None:
        shot = await database_sync_to_async(live.snapshot)(topic, since=since)
        self.horizons[topic] = shot.horizon
        await self._send(
            {
                "type": "snapshot",
                "topic": topic,
                "rows": shot.rows,
                "horizon": shot.horizon,
                "whole": since is None,
                "clock": {"now": clock.now(), "speed": clock.speed()},
            }
        )

    async def _pump(self) -> None:
        """Pass deltas on; after a gap read again what changed; when overrun, let go."""
        while True:
            waiting = asyncio.create_task(self.listener.queue.get())
            lost = asyncio.create_task(self.listener.lost.wait())
            try:
                done, _ = await asyncio.wait({waiting, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:  # also when the socket went and this pump is cancelled
                waiting.cancel()
                lost.cancel()
            if lost in done:
                if self.listener.queue.full():
                    await self.close(code=BEHIND)
                    return
                await self._catch_up()
            if waiting in done:
                await self.send(text_data=_as_delta(waiting.result()))

    async def _catch_up(self) -> None:
        self.listener.lost.clear()
        for topic, horizon in list(self.horizons.items()):
            await self._send_snapshot(topic, horizon)

    async def _send(self, message: dict[str, Any]) -> None:
        await self.send(text_data=msgspec.json.encode(message, enc_hook=str).decode())


def _as_delta(message: bytes) -> str:
    return '{"type":"delta",' + message[1:].decode()
