"""Motion JPEG over HTTP: a body of type multipart/x-mixed-replace, one JPEG after another.

Cameras are careless with it: boundaries with and without their dashes, lengths that are wrong or
missing. A length is believed only if the boundary stands where it says.
"""

import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message

MOST_BYTES = 8_000_000
_MOST_HEADER_BYTES = 8_192
_CHUNK = 65_536
# Start-of-frame markers of JPEG (ITU T.81, table B.1); C4, C8 and CC are other things.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Garbage(ValueError):
    """This is no stream of pictures; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    headers: Mapping[str, str]
    body: bytes

    @property
    def stamp_s(self) -> float | None:
        """The camera's own time of the picture, where it tells one."""
        try:
            return float(self.headers["x-timestamp"])
        except (KeyError, ValueError):
            return None


def boundary_of(content_type: str) -> bytes:
    """Raises Garbage."""
    message = Message()
    message["Content-Type"] = content_type
    if message.get_content_maintype() != "multipart":
        raise Garbage("It does not send a stream of pictures.")
    boundary = str(message.get_param("boundary", "") or "").strip('"')
    if not boundary:
        raise Garbage("Its stream names no boundary.")
    return b"--" + boundary.removeprefix("--").encode("latin-1", "replace")


class Parts:
    """Takes a body apart as it comes; `read` gives some bytes, none at the end."""

    def __init__(self, read: Callable[[int], bytes], boundary: bytes) -> None:
        self._read = read
        self._boundary = boundary
        self._held = bytearray()
        self._believes_lengths = True

    def next(self) -> Part:
        """Raises Garbage; EOFError when the body ends."""
        self._drop_through(self._boundary, _MOST_HEADER_BYTES + MOST_BYTES)
        head = self._take_until(b"\r\n\r\n", _MOST_HEADER_BYTES)
        headers = _headers(head)
        body = self._by_length(headers) or self._take_until(self._boundary, MOST_BYTES, keep=True)
        return Part(headers, body)

    def _by_length(self, headers: Mapping[str, str]) -> bytes:
        """Nothing without a length, or with one that is wrong; a camera that lied once is not
        believed again."""
        told = headers.get("content-length", "")
        if not (self._believes_lengths and told.isdigit() and 0 < int(told) <= MOST_BYTES):
            return b""
        length, behind = int(told), int(told) + len(self._boundary) + 4
        with suppress(EOFError):
            self._fill(behind)
        if not self._held[length:behind].lstrip(b"\r\n").startswith(self._boundary):
            self._believes_lengths = False
            return b""
        body = bytes(self._held[:length])
        del self._held[:length]
        return body

    def _drop_through(self, mark: bytes, most: int) -> None:
        self._take_until(mark, most)

    def _take_until(self, mark: bytes, most: int, *, keep: bool = False) -> bytes:
        """What stands before `mark`, which is dropped too unless it is to be kept."""
        searched = 0
        while (found := self._held.find(mark, max(0, searched - len(mark)))) < 0:
            searched = len(self._held)
            if searched > most:
                raise Garbage("A picture has no end.")
            self._fill(searched + 1)
        taken = bytes(self._held[:found])
        del self._held[: found if keep else found + len(mark)]
        return taken

    def _fill(self, size: int) -> None:
        while len(self._held) < size:
            more = self._read(_CHUNK)
            if not more:
                raise EOFError
            self._held += more


def _headers(head: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}


def jpeg_size(picture: bytes) -> tuple[int, int]:
    """Width and height as the JPEG's frame header has them. Raises Garbage."""
    if picture[:2] != b"\xff\xd8":
        raise Garbage("It sends what is no JPEG.")
    at = 2
    while at + 9 <= len(picture) and picture[at] == 0xFF:
        marker, length = picture[at + 1], struct.unpack_from(">H", picture, at + 2)[0]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", picture, at + 5)
            return width, height
        at += 2 + length
    raise Garbage("It sends a broken JPEG.")
