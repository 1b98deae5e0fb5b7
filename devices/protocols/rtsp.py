"""RTSP over one TCP connection (RFC 2326), the camera's side of it taken apart: answers, and
between them packets of pictures (10.12, `$ channel length`).

Whoever hands on what `Intake` found hands on nothing else: answers are written anew, so that two
readers cannot understand the same bytes differently.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_HEAD_BYTES, MOST_BODY_BYTES = 16_384, 262_144
PACKET = 0x24  # "$"
_STATUS = re.compile(rb"RTSP/\d\.\d\s+(\d{3})\b *(.*)")
_BLANK = re.compile(rb"\r?\n\r?\n")


class Garbage(ValueError):
    """This is no RTSP; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    reason: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes

    def to_bytes(self) -> bytes:
        """Without what could lead elsewhere."""
        lines = [b"RTSP/1.0 %d %s" % (self.status, self.reason)]
        lines += [
            b"%s: %s" % header
            for header in self.headers
            if header[0].lower() not in (b"location", b"content-length")
        ]
        lines.append(b"Content-Length: %d" % len(self.body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True)
class Packet:
    """A piece of a stream (even channels: RTP) or of its reports (odd ones: RTCP)."""

    channel: int
    body: bytes

    def to_bytes(self) -> bytes:
        return struct.pack(">BBH", PACKET, self.channel, len(self.body)) + self.body


class Intake:
    """Give it what came; it gives what is whole. What a camera asks of us it drops."""

    def __init__(self) -> None:
        self._held = bytearray()

    def take(self, data: bytes) -> Iterator[Answer | Packet]:
        """Raises Garbage."""
        self._held += data
        while self._held:
            found = self._packet() if self._held[0] == PACKET else self._message()
            if found is None:
                return
            if not isinstance(found, bytes):
                yield found

    def _packet(self) -> Packet | None:
        if len(self._held) < 4:
            return None
        _mark, channel, length = struct.unpack_from(">BBH", self._held)
        if len(self._held) < 4 + length:
            return None
        return Packet(channel, self._cut(4 + length)[4:])

    def _message(self) -> Answer | bytes | None:
        """An answer; the bytes of what is none; None while it is not whole."""
        if self._held[0] in b" \t\r\n":
            return self._cut(1)
        blank = _BLANK.search(self._held)
        if blank is None:
            if len(self._held) > MOST_HEAD_BYTES:
                raise Garbage("It does not speak RTSP.")
            return None
        first, *lines = re.split(rb"\r?\n", bytes(self._held[: blank.start()]))
        headers = list(_headers(lines))
        end = blank.end() + _length(headers)
        if len(self._held) < end:
            return None
        whole = self._cut(end)
        told = _STATUS.match(first)
        if told is None:
            if first.startswith(b"RTSP/") or b"RTSP/" not in first:
                raise Garbage("It does not speak RTSP.")
            return whole
        return Answer(int(told[1]), told[2].strip(), headers, whole[blank.end() :])

    def _cut(self, size: int) -> bytes:
        cut = bytes(self._held[:size])
        del self._held[:size]
        return cut


def _headers(lines: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for line in lines:
        name, colon, value = line.replace(b"\r", b"").partition(b":")
        if colon and name.strip():
            yield name.strip(), value.strip()


def _length(headers: Sequence[tuple[bytes, bytes]]) -> int:
    """Raises Garbage."""
    told = [value for name, value in headers if name.lower() == b"content-length"]
    if not told:
        return 0
    if not told[-1].isdigit() or int(told[-1]) > MOST_BODY_BYTES:
        raise Garbage("It lies about lengths.")
    return int(told[-1])
