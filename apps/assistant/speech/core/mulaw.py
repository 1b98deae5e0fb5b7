"""Mu-law (ITU-T G.711): one byte a sample on the line, 16 bits inside, by two tables."""

import numpy as np

from apps.assistant.speech.core.audio import samples_of

BIAS = 0x84
CLIP = 32_635


def _expansion() -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    code = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = ((code >> 4) & 7).astype(np.int32), (code & 0x0F).astype(np.int32)
    magnitude = (((mantissa << 3) + BIAS) << exponent) - BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype("<i2")


def _compression() -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Indexed by the sample read as an unsigned number."""
    sample = np.arange(65_536, dtype=np.uint16).astype(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(sample), CLIP) + BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(sample < 0, 0x80, 0)
    return np.asarray(~(sign | (exponent << 4) | mantissa) & 0xFF, dtype=np.uint8)


_EXPANDED = _expansion()
_COMPRESSED = _compression()


def encode(audio: bytes) -> bytes:
    """16-bit audio as mu-law."""
    return bytes(_COMPRESSED[samples_of(audio).view("<u2")])


def decode(ulaw: bytes) -> bytes:
    """Mu-law as 16-bit audio."""
    return _EXPANDED[np.frombuffer(ulaw, dtype=np.uint8)].tobytes()
