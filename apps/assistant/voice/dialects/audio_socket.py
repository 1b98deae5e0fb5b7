"""Asterisk's AudioSocket: TCP frames of one byte kind, two bytes length (big-endian), payload.

The first frame names the call by a UUID that the dial plan chose. Audio is 8 kHz slin; higher rates
have kinds of their own, which we do not ask for and refuse.
"""

import uuid
from collections.abc import Iterator

from apps.assistant.voice.dialects.lines import (
    KEYS,
    BadFrame,
    Closed,
    Incoming,
    Key,
    Opened,
    Sound,
)

HANG_UP, IDENTITY, DTMF, SLIN, FAILURE = 0x00, 0x01, 0x03, 0x10, 0xFF
HEAD_BYTES = 3
LONGEST_BYTES = 3_200  # 200 ms of sound; Asterisk sends 20 ms


class AudioSocketReader:
    """Reads a TCP stream that comes in any pieces."""

    def __init__(self) -> None:
        self._rest = b""
        self._opened = False

    def feed(self, data: bytes) -> Iterator[Incoming]:
        """One by one, so that what came whole before a fault is not lost. Raises BadFrame."""
        self._rest += data
        while (frame := self._next()) is not None:
            yield self._read(*frame)

    def _next(self) -> tuple[int, bytes] | None:
        if len(self._rest) < HEAD_BYTES:
            return None
        kind, size = self._rest[0], int.from_bytes(self._rest[1:HEAD_BYTES], "big")
        if size > LONGEST_BYTES:
            raise BadFrame(f"a frame of {size} bytes")
        if len(self._rest) < HEAD_BYTES + size:
            return None
        payload = self._rest[HEAD_BYTES : HEAD_BYTES + size]
        self._rest = self._rest[HEAD_BYTES + size :]
        return kind, payload

    def _read(self, kind: int, payload: bytes) -> Incoming:
        if not self._opened:
            return self._open(kind, payload)
        match kind:
            case 0x10 if len(payload) % 2 == 0:
                return Sound(payload)
            case 0x03 if len(payload) == 1 and chr(payload[0]) in KEYS:
                return Key(chr(payload[0]))
            case 0x00:
                return Closed()
            case 0xFF:
                return Closed("the exchange reported a failure")
        raise BadFrame(f"kind {kind:#x} with {len(payload)} bytes")

    def _open(self, kind: int, payload: bytes) -> Opened:
        if kind != IDENTITY or len(payload) != 16:
            raise BadFrame("the call was not named first")
        self._opened = True
        return Opened(call=str(uuid.UUID(bytes=payload)))


def identity_frame(call: str) -> bytes:
    return _frame(IDENTITY, uuid.UUID(call).bytes)


def sound_frame(audio: bytes) -> bytes:
    return _frame(SLIN, audio)


def key_frame(digit: str) -> bytes:
    return _frame(DTMF, digit.encode())


def hang_up_frame() -> bytes:
    return _frame(HANG_UP, b"")


def _frame(kind: int, payload: bytes) -> bytes:
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload
