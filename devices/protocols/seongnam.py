"""Frames of Seongnam's signal centre to systems outside it, over TCP.

    7E 7E | sequence u8 | time u32 | command u8 | length u16 | body        all big-endian

0xF2 pushes the status of junctions and is answered by 0xF3 with the same sequence. `time` is Unix
seconds. The published document says what frames are, not what stands in a body: fields of the body
are data that the operator gives (`BodyField`). After bytes that are no frame the next `7E 7E` is
looked for.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

MARK = b"\x7e\x7e"
STATUS, ACKNOWLEDGED = 0xF2, 0xF3
_HEAD = struct.Struct(">2sBIBH")
LONGEST_BODY = 8192


@dataclass(frozen=True, slots=True)
class Frame:
    sequence: int
    time_s: int
    command: int
    body: bytes = b""

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.time_s, UTC)


def encode(frame: Frame) -> bytes:
    head = _HEAD.pack(MARK, frame.sequence, frame.time_s, frame.command, len(frame.body))
    return head + frame.body


def acknowledgement(frame: Frame) -> Frame:
    return Frame(frame.sequence, frame.time_s, ACKNOWLEDGED)


@dataclass(slots=True)
class Reader:
    """Bytes in as they come, whole frames out. `skipped` counts bytes that belonged to none."""

    skipped: int = 0
    _rest: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> Iterator[Frame]:
        self._rest += data
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        while True:
            self._seek()
            if len(self._rest) < _HEAD.size:
                return None
            _mark, sequence, time_s, command, length = _HEAD.unpack_from(self._rest)
            if length > LONGEST_BODY:
                self._drop(1)
                continue
            if len(self._rest) < _HEAD.size + length:
                return None
            body = bytes(self._rest[_HEAD.size : _HEAD.size + length])
            del self._rest[: _HEAD.size + length]
            return Frame(sequence, time_s, command, body)

    def _seek(self) -> None:
        place = self._rest.find(MARK)
        if place < 0:
            keep = 1 if self._rest.endswith(MARK[:1]) else 0
            self._drop(len(self._rest) - keep)
        elif place:
            self._drop(place)

    def _drop(self, count: int) -> None:
        self.skipped += count
        del self._rest[:count]


class BodyField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number in the body and the datastream it is."""

    datastream: str
    at: int
    form: Literal["u8", "u16", "u32", "s16"] = "u8"
    scale: float = 1.0
    mask: int = 0  # which bits; none: all


class BodyMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fields: list[BodyField]


_FORMS = {"u8": ">B", "u16": ">H", "u32": ">I", "s16": ">h"}


def read_body(frame: Frame, fields: Sequence[BodyField]) -> list[dict[str, Any]]:
    """As the JSON door takes them; fields beyond the body's end are left out."""
    rows: list[dict[str, Any]] = []
    for one in fields:
        form = _FORMS[one.form]
        if one.at + struct.calcsize(form) > len(frame.body):
            continue
        raw: int = struct.unpack_from(form, frame.body, one.at)[0]
        value = (raw & one.mask if one.mask else raw) * one.scale
        rows.append(
            {"datastream": one.datastream, "phenomenonTime": frame.at.isoformat(), "result": value}
        )
    return rows
