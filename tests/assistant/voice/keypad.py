"""A caller who knows nothing but what the voice says: hears a choice, presses its key."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from apps.assistant.models import Call
from apps.assistant.speech.core.audio import frames_of
from apps.assistant.speech.core.sayable import sayable
from apps.assistant.speech.speaking import Mouth
from apps.assistant.voice.dialects import audio_socket
from apps.assistant.voice.server import VoiceServer

_KEY = re.compile(r"(\d)(?=번\.|\.$)")


class Overheard(Mouth):
    """The city's voice, quick, and noted sentence by sentence."""

    def __init__(self) -> None:
        super().__init__([])
        self.said: list[tuple[str, str]] = []

    async def speak(self, sentence: str, language: str) -> bytes:
        self.said.append((sentence, language))
        return b"\x00\x10\x00\xf0" * 80

    @property
    def aloud(self) -> str:
        """All of it, as it sounds."""
        return " ".join(sayable(sentence, language) for sentence, language in self.said)


class Keypad:
    def __init__(self, mouth: Overheard, writer: asyncio.StreamWriter) -> None:
        self._mouth, self._writer = mouth, writer
        self._heard = 0

    async def hear(self, words: str) -> str:
        """The next sentence with these words in it."""
        return await self._next(lambda sentence: words in sentence)

    async def choose(self, label: str) -> None:
        """Press the key that is read out for this choice."""
        label = label.rstrip("?")
        sentence = await self._next(lambda said: label in said and bool(_KEY.search(said)))
        found = _KEY.search(sentence)
        assert found is not None
        self.press(found[1])

    def press(self, digits: str) -> None:
        for digit in digits:
            self._writer.write(audio_socket.key_frame(digit))

    async def speak(self, audio: bytes, after: str) -> None:
        await self.hear(after)
        for frame in (*frames_of(audio), *[bytes(320)] * 40):
            self._writer.write(audio_socket.sound_frame(frame))
            await asyncio.sleep(0.002)

    async def _next(self, fits: Callable[[str], bool]) -> str:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(20):
                return await self._wait_for(fits)
        raise AssertionError(f"not said, but: {self._mouth.said[self._heard :]}")

    async def _wait_for(self, fits: Callable[[str], bool]) -> str:
        while True:
            for at in range(self._heard, len(self._mouth.said)):
                if fits(self._mouth.said[at][0]):
                    self._heard = at + 1
                    return self._mouth.said[at][0]
            await asyncio.sleep(0.01)


@asynccontextmanager
async def calling(server: VoiceServer, call: Call, mouth: Overheard) -> AsyncIterator[Keypad]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.audio_socket_port)
    writer.write(audio_socket.identity_frame(str(call.code)))
    listening = asyncio.create_task(reader.read(-1))
    try:
        yield Keypad(mouth, writer)
    finally:
        writer.write(audio_socket.hang_up_frame())
        writer.close()
        listening.cancel()
