"""A running voice server, and callers who speak to it over its real doors."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from apps.assistant.channels.registry import channels
from apps.assistant.models import Call
from apps.assistant.skills.registry import skills
from apps.assistant.speech.core.listening import Heard, Wanted
from apps.assistant.speech.kinds.espeak import Espeak
from apps.assistant.speech.listening import Ear
from apps.assistant.speech.speaking import Mouth
from apps.assistant.voice import gazetteer, records
from apps.assistant.voice.call import Engines
from apps.assistant.voice.server import VoiceServer
from apps.base.threads import in_thread
from citizen.demo.peers.caller import Caller, Step
from tests.assistant import umbrella
from tests.support.registries import registered

KIM = "+82 31 920 1234"


class Blip:
    """A voice that is quick to listen to: a tenth of a second a sentence."""

    async def speak(self, sentence: str, language: str) -> bytes | None:
        return b"\x00\x10\x00\xf0" * 400


class Scripted(Ear):
    """Understands what it is told to, in turn; nothing when it is told nothing."""

    def __init__(self, *heard: str) -> None:
        super().__init__([])
        self.script = list(heard)
        self.wanted: list[Wanted] = []

    async def hear(self, audio: bytes, wanted: Wanted) -> Heard:
        self.wanted.append(wanted)
        text = self.script.pop(0) if self.script else ""
        return Heard(text, 0.9 if text else 0.0, "scripted", sure=bool(text))


@pytest.fixture
def _skills(transactional_db: None) -> Iterator[None]:
    umbrella.performed.clear()
    umbrella.failing.clear()
    gazetteer.forget_names()
    with (
        registered(skills, "umbrella", "tests.assistant.umbrella.umbrella"),
        registered(skills, "weather", "tests.assistant.umbrella.weather"),
    ):
        assert "voice" in channels
        yield


@asynccontextmanager
async def serving(ear: Ear | None = None, mouth: Any = None) -> AsyncIterator[VoiceServer]:
    speaks = mouth if isinstance(mouth, Mouth) else Mouth([mouth or Blip()])
    server = VoiceServer(Engines(speaks, ear or Scripted()))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def ring(caller: str = KIM, language: str = "en", provider: str = "asterisk") -> Call:
    calls = await in_thread(Call.objects.count)()
    return await in_thread(records.announce_call)(
        provider=provider, provider_call=f"c{calls}", caller=caller, language=language
    )


async def talk(server: VoiceServer, call: Call, steps: Sequence[Step]) -> Caller:
    caller = Caller("127.0.0.1", server.audio_socket_port, str(call.code))
    await caller.talk(steps)
    return caller


async def ended(call: Call) -> Call:
    """The call's row once its record is closed."""
    row: Call = await eventually(
        lambda: Call.objects.exclude(ended_at=None).select_related("identity").get(pk=call.pk),
        Call.DoesNotExist,
    )
    return row


async def eventually(ask: Callable[[], Any], *unless: type[Exception]) -> Any:
    import asyncio

    look: Callable[[], Awaitable[Any]] = in_thread(ask)
    async with asyncio.timeout(10):
        while True:
            try:
                return await look()
            except unless:
                await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
def speak() -> Callable[[str, str], bytes]:
    """A synthetic caller's words as audio."""
    import asyncio

    def spoken(text: str, language: str) -> bytes:
        audio = asyncio.run(Espeak("+m3").speak(text, language))
        assert audio is not None
        return audio

    return spoken
