"""WAV bytes ⇄ samples. Programs that write to a pipe leave the length open; we read to the end."""

import io
import wave

import numpy as np

from apps.assistant.speech.core.audio import RATE_HZ, Samples


class UnreadableWave(ValueError):
    """Not a 16-bit WAV."""


def read_wave(content: bytes) -> tuple[Samples, int]:
    """Samples of the first channel, and their rate in Hz. Raises UnreadableWave."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            if file.getsampwidth() != 2:
                raise UnreadableWave("16 bits a sample are expected")
            frames = file.readframes(file.getnframes())
            channels, rate_hz = file.getnchannels(), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise UnreadableWave("not a WAV file") from error
    whole = frames[: len(frames) // (2 * channels) * 2 * channels]
    samples = np.frombuffer(whole, dtype="<i2").reshape(-1, channels)[:, 0]
    return samples.astype(np.int16), rate_hz


def write_wave(audio: bytes, rate_hz: int = RATE_HZ) -> bytes:
    """16-bit audio of one channel as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(audio)
    return out.getvalue()
