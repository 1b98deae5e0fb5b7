"""What was said, as soon as it can be known: decoding begins in the quiet that may end a turn, so
that little of it is left to wait for when the turn is over.

Decoding the whole at a pause, and not piece by piece while it is spoken, lets the recogniser
measure the loudness and colour of all of it first; who goes on speaking only costs a decoding.
"""

import asyncio

from apps.assistant.speech.core.audio import RATE_HZ
from apps.assistant.speech.core.listening import Heard, Want, Wanted
from apps.assistant.speech.listening import Ear
from apps.assistant.voice.journal import Utterance

LONGEST_BYTES = 4 * 2 * RATE_HZ  # longer speech is a report, and goes on after a pause
# One of a few words is complete when it has been understood; more digits, or more of a name or of a
# report, may follow.
COMPLETE = frozenset({Want.YES_NO, Want.WORDS})


class Judging:
    """One call's."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._early: tuple[Utterance, asyncio.Task[Heard]] | None = None

    def pause(self, utterance: Utterance, wanted: Wanted) -> asyncio.Task[Heard] | None:
        """Begin to decode. None where there is no free recogniser, or too much was said."""
        self.go_on()
        if len(utterance.audio) > LONGEST_BYTES or self._ear.is_busy:
            return None
        task = asyncio.create_task(self._ear.hear(bytes(utterance.audio), wanted))
        self._early = (utterance, task)
        return task

    def is_complete(self, utterance: Utterance, heard: Heard, wanted: Wanted) -> bool:
        """Whether nothing more is to be waited for."""
        still = self._early is not None and self._early[0] is utterance
        return still and heard.sure and wanted.want in COMPLETE

    def go_on(self) -> None:
        """More is said: what was begun is worth nothing."""
        if self._early is not None:
            self._early[1].cancel()
            self._early = None

    async def hear(self, utterance: Utterance, wanted: Wanted) -> Heard:
        """What the whole turn says."""
        early, self._early = self._early, None
        if early is not None and early[0] is utterance:
            return await early[1]
        return await self._ear.hear(bytes(utterance.audio), wanted)
