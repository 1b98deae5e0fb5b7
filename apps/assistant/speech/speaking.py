"""What we say as audio: recorded prompts first, then the operator's neural voices, then espeak-ng.

A sentence said before is taken from memory: prompts and menus are the same in every call.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence

from apps.assistant.speech.kinds.espeak import NoVoice
from apps.assistant.speech.registry import Speaker

KEPT_BYTES = 64 * 1024 * 1024
logger = logging.getLogger(__name__)


class Mouth:
    """One process's voice. `speakers` are tried in order; the first that can, speaks."""

    def __init__(self, speakers: Sequence[Speaker]) -> None:
        self.speakers = speakers
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0

    async def speak(self, sentence: str, language: str) -> bytes:
        """Audio of one sentence. Raises NoVoice where no speaker can."""
        key = (language, sentence)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        audio = await self._made(sentence, language)
        self._keep(key, audio)
        return audio

    async def _made(self, sentence: str, language: str) -> bytes:
        for speaker in self.speakers:
            try:
                audio = await speaker.speak(sentence, language)
            except (NoVoice, OSError, ValueError, TimeoutError) as error:
                logger.warning("speech: %s failed (%s)", type(speaker).__name__, error)
                continue
            if audio is not None:
                return audio
        raise NoVoice(f"nothing speaks {language!r}")

    def _keep(self, key: tuple[str, str], audio: bytes) -> None:
        self._kept[key] = audio
        self._bytes += len(audio)
        while self._bytes > KEPT_BYTES:
            _key, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
