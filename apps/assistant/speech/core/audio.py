"""Telephone audio: 8,000 samples a second, 16-bit signed little-endian, one channel ("slin").

Inside the product audio is bytes of that form, cut into frames of 20 ms; the dialects of a line
turn them into what travels.
"""

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8_000
FRAME_MS = 20
FRAME_S = FRAME_MS / 1000
FRAME_BYTES = 2 * RATE_HZ * FRAME_MS // 1000
SILENT_FRAME = bytes(FRAME_BYTES)

FAINTEST = 100  # of 32,768: softer than a telephone line's own noise

Samples = NDArray[np.int16]


def samples_of(audio: bytes) -> Samples:
    """A trailing half sample is dropped."""
    return np.frombuffer(audio[: len(audio) & ~1], dtype="<i2")


def seconds_of(audio: bytes) -> float:
    return len(audio) / 2 / RATE_HZ


def is_audible(audio: bytes) -> bool:
    """Whether anything can have been said in it."""
    samples = samples_of(audio)
    return bool(len(samples)) and int(np.abs(samples.astype(np.int32)).max()) >= FAINTEST


def silence(seconds: float) -> bytes:
    return SILENT_FRAME * round(seconds / FRAME_S)


def frames_of(audio: bytes) -> list[bytes]:
    """Whole frames; the last one is filled up with silence."""
    whole = audio + bytes(-len(audio) % FRAME_BYTES)
    return [whole[at : at + FRAME_BYTES] for at in range(0, len(whole), FRAME_BYTES)]


def resampled(samples: Samples, rate_hz: int) -> Samples:
    """To 8 kHz. What lies above 4 kHz is filtered out first: it would come back as hiss."""
    if rate_hz == RATE_HZ:
        return samples
    from scipy.signal import resample_poly  # slow to import, and not for those who only listen

    divisor = int(np.gcd(rate_hz, RATE_HZ))
    made = resample_poly(samples.astype(np.float32), RATE_HZ // divisor, rate_hz // divisor)
    return np.asarray(np.clip(np.rint(made), -32_768, 32_767), dtype=np.int16)


class Reframer:
    """Cuts a stream that comes in odd pieces into frames."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, audio: bytes) -> list[bytes]:
        whole = self._rest + audio
        ends = len(whole) - len(whole) % FRAME_BYTES
        self._rest = whole[ends:]
        return [whole[at : at + FRAME_BYTES] for at in range(0, ends, FRAME_BYTES)]
