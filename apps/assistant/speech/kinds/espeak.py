"""espeak-ng: understandable in a hundred languages, pretty in none. 13 ms a sentence."""

import asyncio
import shutil

from apps.assistant.speech.core.audio import resampled
from apps.assistant.speech.core.sayable import sayable
from apps.assistant.speech.core.wave import read_wave

PROGRAM = "espeak-ng"
WORDS_A_MINUTE = {"ko": "165", "en": "150"}
TIMEOUT_S = 10


class NoVoice(RuntimeError):
    """The program that speaks is not there, or failed."""


class Espeak:
    def __init__(self, variant: str = "") -> None:
        self.variant = variant  # "+f3": one of its own colourings

    async def speak(self, sentence: str, language: str) -> bytes | None:
        """Raises NoVoice."""
        program = shutil.which(PROGRAM)
        if program is None:
            raise NoVoice(f"{PROGRAM} is not installed")
        process = await asyncio.create_subprocess_exec(
            program, "-v", language + self.variant, "-s", WORDS_A_MINUTE.get(language, "155"),
            "--stdin", "--stdout",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        said = sayable(sentence, language).encode()
        async with asyncio.timeout(TIMEOUT_S):
            wave, _ = await process.communicate(said)
        if process.returncode or not wave:
            raise NoVoice(f"{PROGRAM} does not speak {language!r}")
        samples, rate_hz = read_wave(wave)
        return resampled(samples, rate_hz).tobytes()


def make(_directory: str) -> Espeak:
    return Espeak("+f3")
