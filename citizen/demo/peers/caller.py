"""A caller on the telephone: speaks AudioSocket as Asterisk does, in real time, with a synthetic
voice, and notes when it heard what.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from apps.assistant.speech.core.audio import (
    FRAME_S,
    SILENT_FRAME,
    frames_of,
)
from apps.assistant.voice.dialects import audio_socket

QUIET_S = 0.35  # without a frame for this long, the prompt is over
HEAD = audio_socket.HEAD_BYTES


@dataclass(frozen=True, slots=True)
class Press:
    """Keys, when it is one's turn, or so long after the prompt has begun."""

    digits: str
    over_prompt_s: float | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Speech: 16-bit audio at 8 kHz."""

    audio: bytes
    over_prompt_s: float | None = None  # speak this long after the prompt began


@dataclass(frozen=True, slots=True)
class Listen:
    """Hear a prompt to its end and say nothing."""


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


Step = Press | Say | Listen | HangUp


@dataclass(eq=False)
class Caller:
    """One call. Times are of `time.monotonic`; `arrivals` has one for each frame heard."""

    host: str
    port: int
    call: str
    patience_s: float = 20.0
    arrivals: list[float] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    connected_s: float = 0.0
    ended_s: float = 0.0
    speech_ends: list[float] = field(default_factory=list)
    first_after: list[float] = field(default_factory=list)
    barge_ins: list[float] = field(default_factory=list)
    sent_voiced: int = 0
    pressed: list[str] = field(default_factory=list)

    async def talk(self, steps: Sequence[Step]) -> None:
        """Go through the steps, one a prompt, and hang up, or be hung up on."""
        reader, self._writer = await asyncio.open_connection(self.host, self.port)
        self.connected_s = time.monotonic()
        self._turn = 0
        self._over = asyncio.Event()
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._writer.write(audio_socket.identity_frame(self.call))
        tasks = [asyncio.create_task(self._hear(reader)), asyncio.create_task(self._send())]
        try:
            for step in steps:
                if self._over.is_set() or isinstance(step, HangUp):
                    break
                await self._take(step)
        finally:
            with contextlib.suppress(ConnectionError):
                self._writer.write(audio_socket.hang_up_frame())
                self._writer.close()
            self.ended_s = time.monotonic()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def until_over(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.patience_s):
                await self._over.wait()

    # ------------------------------------------------------------ one step

    async def _take(self, step: Step) -> None:
        if isinstance(step, Say) and step.over_prompt_s is not None:
            await self._barge_in(step)
            return
        if isinstance(step, Press) and step.over_prompt_s is not None:
            await self._prompt_began(step.over_prompt_s)
        else:
            await self._prompt_over()
        match step:
            case Press(digits):
                for digit in digits:
                    self._writer.write(audio_socket.key_frame(digit))
                    self.pressed.append(digit)
                self._mark_turn()
            case Say(audio):
                await self._speak(audio)
                self._mark_turn()

    def _mark_turn(self) -> None:
        self.speech_ends.append(time.monotonic())
        self._turn = len(self.arrivals)

    async def _prompt_over(self) -> None:
        """Until a prompt has begun and has not gone on for a while."""
        turn = self._turn
        deadline = time.monotonic() + self.patience_s
        while not self._over.is_set() and time.monotonic() < deadline:
            await asyncio.sleep(FRAME_S)
            if len(self.arrivals) > turn and time.monotonic() - self.arrivals[-1] > QUIET_S:
                self._note_first(turn)
                return
        self._note_first(turn)

    def _note_first(self, turn: int) -> None:
        if self.speech_ends and len(self.arrivals) > turn:
            self.first_after.append(self.arrivals[turn] - self.speech_ends[-1])

    async def _barge_in(self, step: Say) -> None:
        """Speak over the prompt; how long it took to fall silent."""
        await self._prompt_began(step.over_prompt_s or 0)
        began_s = time.monotonic()
        await self._speak(step.audio)
        last = [at for at in self.arrivals if at >= began_s]
        self.barge_ins.append((last[-1] - began_s) if last else 0.0)
        self._mark_turn()

    async def _prompt_began(self, over_s: float) -> None:
        """Until a prompt has gone on for so long, or is over before that."""
        turn = self._turn
        while len(self.arrivals) <= turn and not self._over.is_set():
            await asyncio.sleep(FRAME_S)
        self._note_first(turn)
        await asyncio.sleep(over_s)

    async def _speak(self, audio: bytes) -> None:
        for frame in frames_of(audio):
            self._outgoing.put_nowait(frame)
        await self._outgoing.join()

    # ------------------------------------------------------------ the line

    async def _send(self) -> None:
        """A frame every 20 ms, silence where nothing is said, as an exchange does."""
        next_s = time.monotonic()
        while True:
            spoken = not self._outgoing.empty()
            frame = self._outgoing.get_nowait() if spoken else SILENT_FRAME
            self._writer.write(audio_socket.sound_frame(frame))
            if spoken:
                self.sent_voiced += 1
                self._outgoing.task_done()
            next_s += FRAME_S
            await asyncio.sleep(max(0.0, next_s - time.monotonic()))

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                head = await reader.readexactly(HEAD)
                payload = await reader.readexactly(int.from_bytes(head[1:], "big"))
                if head[0] == audio_socket.HANG_UP:
                    break
                self.arrivals.append(time.monotonic())
                self.heard += payload
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        self._over.set()


def worst_gap_ms(arrivals: Sequence[float]) -> float:
    """The longest wait between two frames of one sentence, in milliseconds. Frames of a sentence
    follow one another; a pause of more than `QUIET_S` is between prompts."""
    gaps = np.diff(np.asarray(arrivals))
    inside = gaps[gaps < QUIET_S]
    return float(inside.max() * 1000) if len(inside) else 0.0
