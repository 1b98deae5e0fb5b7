"""Where an OpenStreetMap PBF file is broken, to the byte.

Layout (OpenStreetMap wiki, "PBF Format"): blocks of a 4-byte big-endian length, a BlobHeader
(1: type, 3: size of the blob) and a Blob (1: raw, 2: raw size, 3: zlib data). osmium reads such
files; it does not say where reading failed, which is what somebody with a broken file needs.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAX_HEADER_BYTES = 64 * 1024
MAX_BLOB_BYTES = 32 * 1024 * 1024
_LENGTH_DELIMITED = 2


@dataclass(frozen=True, slots=True)
class Break:
    """The first block that cannot be read: its number from 0, its first byte, and why."""

    block: int
    byte: int
    reason: str


def find_break(data: memoryview) -> Break | None:
    """Walk the blocks of a file; None if each can be unpacked."""
    at, block = 0, 0
    while at < len(data):
        try:
            at = _skip_block(data, at)
        except _Fault as fault:
            return Break(block, at, str(fault))
        block += 1
    return None if block else Break(0, 0, "the file is empty")


class _Fault(Exception):
    pass


def _skip_block(data: memoryview, at: int) -> int:
    """Check the block at `at`; return where the next begins."""
    header_bytes = int.from_bytes(_cut(data, at, 4, "its length"), "big")
    if not 0 < header_bytes <= MAX_HEADER_BYTES:
        raise _Fault("this is no block of a PBF file")
    header = dict(_fields(_cut(data, at + 4, header_bytes, "its header")))
    blob_bytes = header.get(3)
    if not isinstance(blob_bytes, int) or not 0 <= blob_bytes <= MAX_BLOB_BYTES:
        raise _Fault("its header names no size")
    start = at + 4 + header_bytes
    _check_blob(dict(_fields(_cut(data, start, blob_bytes, f"its {blob_bytes} bytes"))))
    return start + blob_bytes


def _check_blob(blob: dict[int, int | memoryview]) -> None:
    packed, raw_bytes = blob.get(3), blob.get(2)
    if not isinstance(packed, memoryview):
        return  # not packed, or packed in a way that only osmium knows
    try:
        unpacked = zlib.decompress(packed)
    except zlib.error as error:
        raise _Fault("it cannot be unpacked") from error
    if len(unpacked) != raw_bytes:
        raise _Fault("it unpacks to another size than it says")


def _cut(data: memoryview, at: int, size: int, what: str) -> memoryview:
    if at + size > len(data):
        raise _Fault(f"the file ends before {what}")
    return data[at : at + size]


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Field number and value of a protobuf message that has only varints and byte strings."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value, at = _varint(message, at)
        if key & 7 == _LENGTH_DELIMITED:
            yield key >> 3, _cut(message, at, value, "a field")
            at += value
        elif key & 7 == 0:
            yield key >> 3, value
        else:
            raise _Fault("it holds a field of an unknown type")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise _Fault("it holds a broken number")
        value |= (message[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not message[at - 1] & 0x80:
            return value, at
