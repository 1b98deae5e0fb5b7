"""Piper: neural voices that the operator puts into `CITIZEN_PIPER_VOICES`, one a language
(`ko.onnx` with `ko.onnx.json` beside it), spoken by the `piper` program."""

import asyncio
import json
import shutil
from pathlib import Path

import numpy as np

from apps.assistant.speech.core.audio import resampled
from apps.assistant.speech.core.sayable import sayable
from apps.assistant.speech.kinds.espeak import TIMEOUT_S, NoVoice

PROGRAM = "piper"


class Piper:
    def __init__(self, directory: str) -> None:
        self.directory = Path(directory) if directory else None

    async def speak(self, sentence: str, language: str) -> bytes | None:
        """Raises NoVoice."""
        voice = self.directory / f"{language}.onnx" if self.directory else None
        if voice is None or not voice.is_file():
            return None
        program = shutil.which(PROGRAM)
        if program is None:
            raise NoVoice(f"{PROGRAM} is not installed")
        process = await asyncio.create_subprocess_exec(
            program, "--model", str(voice), "--output-raw", "--quiet",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        said = " ".join(sayable(sentence, language).split()).encode() + b"\n"
        async with asyncio.timeout(TIMEOUT_S):
            raw, _ = await process.communicate(said)
        if process.returncode or not raw:
            raise NoVoice(f"{PROGRAM} could not speak with {voice.name}")
        samples = np.frombuffer(raw[: len(raw) & ~1], dtype="<i2").astype(np.int16)
        return resampled(samples, _rate_of(voice)).tobytes()


def _rate_of(voice: Path) -> int:
    described = json.loads(voice.with_suffix(".onnx.json").read_text())
    return int(described["audio"]["sample_rate"])


def make(directory: str) -> Piper:
    return Piper(directory)
