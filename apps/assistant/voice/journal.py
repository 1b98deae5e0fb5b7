"""A call's record from the call's loop: one thing after the other, in a thread.

Sound is handed over a second at a time, and what is left of it when a turn or the call ends.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from itertools import count
from typing import Any

from django.db import DatabaseError

from apps.assistant.models import Call, CallTurn
from apps.assistant.speech.core.audio import RATE_HZ
from apps.assistant.speech.core.listening import Heard
from apps.assistant.voice import records
from apps.base.threads import in_thread

PIECE_BYTES = 2 * RATE_HZ
TRIES = 5
logger = logging.getLogger(__name__)


class Utterance:
    """One turn by voice while it is being spoken. `audio` is all of it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.audio = bytearray()
        self.turn: CallTurn | None = None
        self.kept_bytes = 0
        self.pieces = count(1)


class Journal:
    def __init__(self, call: Call) -> None:
        self.call = call
        self._numbers = count(1)
        self._orders: asyncio.Queue[Callable[[], Any]] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())
        self._keys: tuple[CallTurn, str] | None = None

    # ------------------------------------------------------------ what happens

    def voice_began(self, before: bytes, *, asked: str) -> Utterance:
        utterance = Utterance(next(self._numbers))
        self._put(lambda: self._begin(utterance, asked))
        self.sound(utterance, before)
        return utterance

    def sound(self, utterance: Utterance, audio: bytes) -> None:
        utterance.audio += audio
        if len(utterance.audio) - utterance.kept_bytes >= PIECE_BYTES:
            self._keep(utterance)

    def voice_ended(self, utterance: Utterance) -> None:
        if len(utterance.audio) > utterance.kept_bytes:
            self._keep(utterance)

    def words(self, utterance: Utterance, heard: Heard) -> None:
        self._put(lambda: self._note(utterance, heard))

    def key(self, digit: str, *, asked: str) -> None:
        self._put(lambda: self._press(digit, asked))

    def informed(self) -> None:
        told = Call.Consent.INFORMED
        self._put(lambda: records.note_consent(call=self.call, consent=told))

    def keys_answered(self) -> None:
        """The next key begins another turn."""
        self._put(self._next_keys)

    async def settled(self) -> None:
        """All that happened so far is written down."""
        await self._orders.join()

    async def close(self, because: str) -> None:
        self._put(lambda: records.end_call(call=self.call, because=because))
        await self.settled()
        self._writer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writer

    # ------------------------------------------------------------ in a thread, in order

    def _note(self, utterance: Utterance, heard: Heard) -> None:
        assert utterance.turn is not None, "a turn begins before it has words"
        records.note_words(turn=utterance.turn, heard=heard)

    def _put(self, order: Callable[[], Any]) -> None:
        self._orders.put_nowait(order)

    def _keep(self, utterance: Utterance) -> None:
        piece, number = bytes(utterance.audio[utterance.kept_bytes :]), next(utterance.pieces)
        utterance.kept_bytes = len(utterance.audio)
        self._put(lambda: self._store(utterance, number, piece))

    def _store(self, utterance: Utterance, number: int, piece: bytes) -> None:
        if utterance.turn is not None:
            records.keep_sound(turn=utterance.turn, number=number, audio=piece)

    def _begin(self, utterance: Utterance, asked: str) -> None:
        utterance.turn = records.begin_turn(
            call=self.call, number=utterance.number, kind=CallTurn.Kind.VOICE, asked=asked
        )

    def _press(self, digit: str, asked: str) -> None:
        if self._keys is None:
            turn = records.begin_turn(
                call=self.call, number=next(self._numbers), kind=CallTurn.Kind.KEYS,
                asked=asked, digits=digit,
            )  # fmt: skip
            self._keys = (turn, digit)
            return
        turn, digits = self._keys
        records.add_keys(turn=turn, digits=digits + digit)
        self._keys = (turn, digits + digit)

    def _next_keys(self) -> None:
        self._keys = None

    async def _write(self) -> None:
        while True:
            order = await self._orders.get()
            try:
                await self._carry_out(order)
            finally:
                self._orders.task_done()

    async def _carry_out(self, order: Callable[[], Any]) -> None:
        """A database that is away for a moment costs time, not words."""
        for again in range(TRIES):
            try:
                await in_thread(order)()
                return
            except DatabaseError as error:
                logger.warning("voice: not written down yet (%s)", type(error).__name__)
                await asyncio.sleep(0.2 * 2**again)
        logger.error("voice: call %s lost a line of its record", self.call.code)
