"""Live lines: a socket and a dialect behind one face. A call knows nothing of either."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Protocol

from aiohttp import WSMsgType, web

from apps.assistant.voice.dialects import audio_socket
from apps.assistant.voice.dialects.audio_socket import AudioSocketReader
from apps.assistant.voice.dialects.lines import BadFrame, Closed, Incoming, Opened
from apps.assistant.voice.dialects.media_streams import MediaStreamReader

OPENS_WITHIN_S = 10
QUIET_LINE_S = 30  # a live line carries sound all the time, silence too
FLOOD_OF_AUDIO = 3  # times real time, over a while


class Line(Protocol):
    """`echoes_marks`: the other side says itself when it has played something."""

    echoes_marks: bool
    lead_s: float  # how far ahead of the clock it takes sound

    async def opened(self) -> Opened:
        """Which call it is. Raises BadFrame, or TimeoutError where nobody says."""
        ...

    def incoming(self) -> AsyncIterator[Incoming]:
        """What comes, until the line closes. Raises BadFrame."""
        ...

    async def send(self, audio: bytes) -> None: ...

    async def mark(self, name: str) -> None: ...

    async def clear(self) -> None: ...

    async def close(self) -> None: ...


class AudioSocketLine:
    """Asterisk: what is sent is played at once, so nothing is to be cleared and no mark echoed. A
    little sound ahead, which telephones hold against jitter, hides that we were late."""

    echoes_marks = False
    lead_s = 0.06

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._frames = AudioSocketReader()
        self._first: list[Incoming] = []

    async def opened(self) -> Opened:
        async with asyncio.timeout(OPENS_WITHIN_S):
            while not self._first:
                self._first = list(self._frames.feed(await self._read()))
        opened = self._first.pop(0)
        assert isinstance(opened, Opened)
        return opened

    async def _read(self) -> bytes:
        data = await self._reader.read(4_096)
        if not data:
            raise ConnectionResetError("the line was cut")
        return data

    async def incoming(self) -> AsyncIterator[Incoming]:
        for item in self._first:
            yield item
        while True:
            try:
                async with asyncio.timeout(QUIET_LINE_S):
                    data = await self._read()
            except (ConnectionError, TimeoutError):
                yield Closed("the line was cut")
                return
            for item in self._frames.feed(data):
                yield item

    async def send(self, audio: bytes) -> None:
        self._writer.write(audio_socket.sound_frame(audio))
        await self._writer.drain()

    async def mark(self, name: str) -> None:
        """Nothing travels: it has been played when it was sent."""

    async def clear(self) -> None:
        """Nothing waits on the other side."""

    async def close(self) -> None:
        if not self._writer.is_closing():
            self._writer.write(audio_socket.hang_up_frame())
            self._writer.close()


class MediaStreamLine:
    """Twilio, its near copies, and the web app's microphone: they hold what is sent until it is
    due, and drop it when we clear."""

    echoes_marks = True
    lead_s = 0.4

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._stream = MediaStreamReader()

    async def opened(self) -> Opened:
        async with asyncio.timeout(OPENS_WITHIN_S):
            while True:
                item = self._stream.read(await self._text())
                if isinstance(item, Opened):
                    return item

    async def _text(self) -> str:
        message = await self._socket.receive()
        if message.type is WSMsgType.TEXT:
            return str(message.data)
        if message.type is WSMsgType.BINARY:
            raise BadFrame("bytes where texts are expected")
        raise ConnectionResetError("the line was cut")

    async def incoming(self) -> AsyncIterator[Incoming]:
        while True:
            try:
                async with asyncio.timeout(QUIET_LINE_S):
                    text = await self._text()
            except (ConnectionError, TimeoutError):
                yield Closed("the line was cut")
                return
            item = self._stream.read(text)
            if item is not None:
                yield item

    async def send(self, audio: bytes) -> None:
        await self._say(self._stream.media(audio))

    async def mark(self, name: str) -> None:
        await self._say(self._stream.mark(name))

    async def clear(self) -> None:
        await self._say(self._stream.clear())

    async def _say(self, text: str) -> None:
        if not self._socket.closed:
            await self._socket.send_str(text)

    async def close(self) -> None:
        if not self._socket.closed:
            await self._socket.close()


class Meter:
    """Refuses a line that sends much more sound than time passes."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._sound_s = 0.0

    def count(self, seconds: float) -> None:
        """Raises BadFrame."""
        self._sound_s += seconds
        passed_s = time.monotonic() - self._began_s
        if self._sound_s > 5 + FLOOD_OF_AUDIO * passed_s:
            raise BadFrame("more sound than time")
