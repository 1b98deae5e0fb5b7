"""Recorded prompts: `CITIZEN_VOICE_PROMPTS/<language>/<name>.wav`, one a sentence.

A sentence's name is made from its words (`prompt_name`); `manage.py list_prompts` tells which file
holds which. What has no file is spoken by the next engine.
"""

from pathlib import Path

from apps.assistant.speech.core.audio import resampled
from apps.assistant.speech.core.prompts import prompt_name
from apps.assistant.speech.core.wave import read_wave


class PromptFiles:
    def __init__(self, directory: str) -> None:
        self.directory = Path(directory) if directory else None

    async def speak(self, sentence: str, language: str) -> bytes | None:
        """Raises UnreadableWave for a file that is none."""
        if self.directory is None:
            return None
        file = self.directory / language / f"{prompt_name(sentence)}.wav"
        if not file.is_file():
            return None
        samples, rate_hz = read_wave(file.read_bytes())
        return resampled(samples, rate_hz).tobytes()


def make(directory: str) -> PromptFiles:
    return PromptFiles(directory)
