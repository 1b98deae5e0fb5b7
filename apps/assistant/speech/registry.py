"""Speech engines: kind → dotted path of a maker. A new one is a file in `kinds/` and a line here.

Makers of recognisers are called in the process that listens, those of speakers in `voice`.
"""

from collections.abc import Callable
from typing import Protocol

from apps.assistant.speech.core.listening import Heard, Wanted
from apps.base.registry import Registry


class Recogniser(Protocol):
    def hear(self, audio: bytes, wanted: Wanted) -> Heard | None:
        """What one turn of a caller says; None where this engine can't help (its language)."""
        ...


class Speaker(Protocol):
    async def speak(self, sentence: str, language: str) -> bytes | None:
        """Audio of one sentence; None where this voice does not speak the language."""
        ...


recognisers: Registry[Callable[[str], Recogniser]] = Registry("recogniser")
speakers: Registry[Callable[[str], Speaker]] = Registry("speaker")

_KINDS = "apps.assistant.speech.kinds"
recognisers.add("transformers", f"{_KINDS}.transformers_models.make")
recognisers.add("pocketsphinx", f"{_KINDS}.pocketsphinx_grammar.make")
speakers.add("prompts", f"{_KINDS}.prompt_files.make")
speakers.add("piper", f"{_KINDS}.piper.make")
speakers.add("espeak", f"{_KINDS}.espeak.make")
