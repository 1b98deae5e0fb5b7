"""The WebSocket door of guidance: `/ws/navigation/sessions/{code}/?lang=ko`.

Up:   {"type": "resume", "heard": number}
      {"type": "position", "seq", "lon", "lat",
       "accuracy_m"?, "heading_deg"?, "speed_mps"?, "at_s"?}
Down: {"type": "session", "route", "along_m", "state", "number", "seq"}   first, always
      {"type": "progress", …}  {"type": "uncertain", …}                   without number
      {"type": "signal", "crossing", "state", "can_finish", "least_s", "most_s", "ttl_s", …}
          before and on a crossing with lights, once a second; `unknown` where nothing is known;
          forget it after `ttl_s`; `say` only when the word has changed
      {"type": "cue" | "hazard" | "reroute" | "no_way" | "arrived", "number", …}
      {"type": "heartbeat"}  {"type": "problem", "problem"}

A client that comes back sends `resume` with the number it heard last and gets what it missed, once;
it goes on with its own `seq`, which must grow. The session's code is its key; a person's session
also wants their session token (`apps.accounts.selectors.sessions`).
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import msgspec
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation

from apps.accounts.selectors.sessions import SUBPROTOCOL, person_for_scope
from apps.base import live, request_ids
from apps.base.problems import Malformed, Problem, as_problem
from apps.city.selectors.obstructions import TOPIC
from apps.navigation.services.guidance import (
    Message,
    Position,
    look_ahead,
    missed_by,
    session_for,
    signal_ahead,
    standing,
    take_position,
)

NO_SUCH_SESSION = 4404
HEARTBEAT_S = 10.0
LIGHTS_S = 1.0


class Resume(msgspec.Struct, tag="resume", tag_field="type", forbid_unknown_fields=True):
    heard: int = 0


class At(msgspec.Struct, tag="position", tag_field="type", forbid_unknown_fields=True):
    seq: int
    lon: float
    lat: float
    accuracy_m: float = 8.0
    heading_deg: float | None = None
    speed_mps: float | None = None
    at_s: float | None = None


_order: msgspec.json.Decoder[Resume | At] = msgspec.json.Decoder(Resume | At)


class GuidanceConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        request_ids.use(request_ids.new())
        self.code = str(self.scope["url_route"]["kwargs"]["code"])
        self.language = _language(self.scope)
        self.tasks: list[asyncio.Task[None]] = []
        self.turn = asyncio.Lock()
        self.light: Message | None = None  # the latest word about the lights ahead
        self.listener = live.Listener()
        person = await person_for_scope(self.scope)
        try:
            first = await self._ask(lambda: standing(session=session_for(self.code, person)))
        except Problem:
            await self.close(code=NO_SUCH_SESSION)
            return
        offered = self.scope.get("subprotocols", ())
        await self.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        await live.hub().join(TOPIC, self.listener)
        await self._send(first)
        self.tasks = [
            asyncio.create_task(loop()) for loop in (self._watch, self._beat, self._count)
        ]
        await self._tell(lambda: look_ahead(code=self.code))

    async def disconnect(self, code: int) -> None:
        live.hub().leave(TOPIC, self.listener)
        for task in self.tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            order = _order.decode(text_data or bytes_data or b"")
        except msgspec.DecodeError as error:
            await self._send({"type": "problem", "problem": Malformed(str(error)).document()})
            return
        if isinstance(order, Resume):
            await self._tell(lambda: missed_by(code=self.code, heard=order.heard))
        else:
            position = Position(**msgspec.structs.asdict(order))
            await self._tell(lambda: take_position(code=self.code, position=position))

    async def _watch(self) -> None:
        """Look ahead whenever an obstruction changed, or may have while nobody listened."""
        while True:
            waiting = asyncio.create_task(self.listener.queue.get())
            lost = asyncio.create_task(self.listener.lost.wait())
            try:
                await asyncio.wait({waiting, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
                lost.cancel()
            self.listener.lost.clear()
            while not self.listener.queue.empty():
                self.listener.queue.get_nowait()
            await self._tell(lambda: look_ahead(code=self.code))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            await self._send({"type": "heartbeat"})

    async def _count(self) -> None:
        """While lights are ahead: what they show, once a second."""
        while True:
            await asyncio.sleep(LIGHTS_S)
            if self.light is not None:
                await self._tell(lambda: signal_ahead(code=self.code), is_look=True)

    async def _tell(self, ask: Callable[[], list[Message]], *, is_look: bool = False) -> None:
        """Ask the service and send what it says, one question after the other. `is_look`: asked
        about nothing but the lights."""
        async with self.turn:
            try:
                messages = await self._ask(ask)
            except Exception as error:
                problem = as_problem(error)
                if problem is None:
                    raise
                messages = [{"type": "problem", "problem": problem.document()}]
            if is_look or any(message["type"] == "progress" for message in messages):
                messages = self._light_told(messages)
            for message in messages:
                await self._send(message)

    def _light_told(self, messages: list[Message]) -> list[Message]:
        """Say in words only what was not said of these lights a moment ago."""
        before, self.light = self.light, None
        for message in messages:
            if message["type"] == "signal":
                self.light = dict(message)
                if before is not None and _word(before) == _word(message):
                    message.pop("say")
        return messages

    async def _ask(self, ask: Callable[[], Any]) -> Any:
        def spoken() -> Any:
            with translation.override(self.language):
                return ask()

        return await database_sync_to_async(spoken)()

    async def _send(self, message: Message) -> None:
        await self.send(text_data=msgspec.json.encode(message, enc_hook=str).decode())


def _word(signal: Message) -> tuple[Any, ...]:
    return signal["crossing"], signal["state"], signal["can_finish"]


def _language(scope: Any) -> str:
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
