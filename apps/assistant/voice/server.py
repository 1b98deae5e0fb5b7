"""The `voice` process: takes lines from Asterisk (TCP) and from media streams (WebSocket), and runs
a call on each. It holds nothing that is not a row, but the calls that are going on.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from django.conf import settings

from apps.assistant.models import Call as Record
from apps.assistant.speech.kinds.pocketsphinx_grammar import PocketsphinxGrammar
from apps.assistant.speech.kinds.transformers_models import problem_with
from apps.assistant.speech.listening import Ear
from apps.assistant.speech.registry import recognisers, speakers
from apps.assistant.speech.speaking import Mouth
from apps.assistant.voice import providers, records
from apps.assistant.voice.call import Call, Engines
from apps.assistant.voice.dialects.lines import BadFrame, Opened
from apps.assistant.voice.dialogue import Dialogue
from apps.assistant.voice.lines import AudioSocketLine, Line, MediaStreamLine
from apps.assistant.voice.messages import MessageDialogue, message_of
from apps.assistant.voice.orders import take_order
from apps.base import request_ids, tokens
from apps.base.problems import Problem
from apps.base.threads import in_thread

GRACE_S = 5
logger = logging.getLogger(__name__)


def make_engines() -> Engines:
    """The operator's own first, then what is built in."""
    mouth = Mouth(
        [
            speakers.load("prompts")(settings.VOICE_PROMPTS),
            speakers.load("piper")(settings.PIPER_VOICES),
            speakers.load("espeak")(""),
        ]
    )
    return Engines(mouth, _ear_with(settings.ASR_MODELS))


def _ear_with(models: str) -> Ear:
    """The operator's models, where they are to be read; a telephone that understands less is better
    than none."""
    if models and (problem := problem_with(models)):
        logger.error("voice: the operator's models are left out: %s", problem)
        models = ""
    kinds = ["transformers", "pocketsphinx"] if models else ["pocketsphinx"]
    return Ear(
        [(recognisers.path_of(kind), models) for kind in kinds],
        languages=None if models else PocketsphinxGrammar.languages,
        workers=1 if models else max(1, (os.cpu_count() or 1) // 2),
    )


@dataclass(eq=False)
class VoiceServer:
    """Both doors. Ports of 0 are chosen by the kernel; read them after `start`."""

    engines: Engines
    port: int = 0
    audio_socket_port: int = 0
    host: str = "127.0.0.1"
    calls: set[Call] = field(default_factory=set)
    _tcp: asyncio.Server | None = None
    _http: web.AppRunner | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        self._tcp = await asyncio.start_server(self._take_tcp, self.host, self.audio_socket_port)
        self.audio_socket_port = self._tcp.sockets[0].getsockname()[1]
        app = web.Application(client_max_size=64 * 1024)
        app.router.add_get("/voice/media", self._take_socket)
        app.router.add_post("/voice/call", take_order)
        app.router.add_get("/voice/health", self._tell)
        self._http = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._http.setup()
        site = web.TCPSite(self._http, self.host, self.port)
        await site.start()
        self.port = self._http.addresses[0][1]

    async def stop(self) -> None:
        """Calls that are going on end; what was said in them is written down."""
        if self._tcp is not None:
            self._tcp.close()
        for call in [*self.calls]:
            call.interrupt("the service was restarted")
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_S)
        if self._http is not None:
            await self._http.cleanup()
        self.engines.ear.close()

    # ------------------------------------------------------------ two doors

    async def _take_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._take(AudioSocketLine(reader, writer), _call_named)

    async def _take_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=128 * 1024, compress=False, heartbeat=20)
        await socket.prepare(request)
        await self._take(MediaStreamLine(socket), _call_proven)
        return socket

    async def _tell(self, _request: web.Request) -> web.Response:
        """For the health page: only numbers, nothing of anybody."""
        pulse = self.engines.pulse
        return web.json_response(
            {
                "calls": len(self.calls), "answered": pulse.answered, "refused": pulse.refused,
                "late_ms": pulse.late_ms, "hears": self.engines.ear.is_warm,
            }
        )  # fmt: skip

    async def _take(self, line: Line, which: Callable[[Opened], str]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        request_ids.use(request_ids.new())
        try:
            await self._run(line, which(await line.opened()))
        except (BadFrame, ConnectionError, TimeoutError, Problem, ValueError) as error:
            self.engines.pulse.refused += 1
            logger.info("voice: a line was refused (%s)", error or type(error).__name__)
        finally:
            self._tasks.discard(task)
            with contextlib.suppress(ConnectionError, RuntimeError):
                await line.close()

    async def _run(self, line: Line, code: str) -> None:
        record = await in_thread(records.answer_call)(code=code)
        dialogue, greeting = await in_thread(_dialogue_for)(record)
        call = Call(
            record=record,
            line=line,
            engines=self.engines,
            dialogue=dialogue,
            greeting=greeting,
            transfer=_transfer_of(record),
        )
        self.calls.add(call)
        self.engines.pulse.answered += 1
        try:
            await call.run()
        finally:
            self.calls.discard(call)


def _call_named(opened: Opened) -> str:
    """Asterisk: the UUID that we gave the dial plan, which nobody can guess."""
    return opened.call


def _call_proven(opened: Opened) -> str:
    """A media stream: the signed proof among its parameters. Raises Problem."""
    return str(tokens.read(records.PROOF, opened.proof))


def _dialogue_for(record: Record) -> tuple[Dialogue, str]:
    """The dialogue of this call, and what it greets with."""
    message = message_of(record)
    dialogue = Dialogue(record) if message is None else MessageDialogue(record, message)
    return dialogue, dialogue.greeting()


def _transfer_of(record: Record) -> Callable[[], Coroutine[Any, Any, None]] | None:
    """Only a provider with a REST door can be told to; Asterisk's dial plan goes on by itself."""
    if record.provider not in providers.providers:
        return None
    provider = providers.providers.load(record.provider)()

    async def transfer() -> None:
        await provider.put_through(record.provider_call, settings.VOICE_DESK_NUMBER)

    return transfer
