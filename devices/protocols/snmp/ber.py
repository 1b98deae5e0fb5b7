"""The part of ASN.1's basic encoding rules (X.690) that SNMP uses (RFC 3417, section 8).

Definite lengths only, which is all SNMP allows. Values are plain Python: integers, bytes, `None`,
object identifiers as tuples of numbers, and `Typed` where the tag says more than the value.
"""

from collections.abc import Iterator
from dataclasses import dataclass

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = 0x80, 0x81, 0x82

_NUMBERS = frozenset({INTEGER, COUNTER32, GAUGE32, TIME_TICKS, COUNTER64})
_ABSENT = frozenset({NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW})
_LARGEST = 65_535  # no SNMP message over UDP is longer

Oid = tuple[int, ...]


class Malformed(ValueError):
    """Bytes that are no such encoding; the message says where it ends."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A value whose type is not the ordinary one of its Python type."""

    tag: int
    value: int | bytes


@dataclass(frozen=True, slots=True)
class Absent:
    """What an agent says of an object that it does not have (RFC 3416, section 4.2.1)."""

    tag: int


Value = int | bytes | Oid | Typed | Absent | None


def tlv(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def encode_integer(value: int, tag: int = INTEGER) -> bytes:
    """The fewest octets of two's complement; unsigned types keep their leading zero."""
    bits = (value if value >= 0 else ~value).bit_length()
    return tlv(tag, value.to_bytes(bits // 8 + 1, "big", signed=True))


def encode_oid(oid: Oid) -> bytes:
    """`oid` has at least two arcs, the first 0 to 2."""
    first, second, *rest = oid
    content = bytearray(_base_128(first * 40 + second))
    for arc in rest:
        if arc < 0x80:
            content.append(arc)
        else:
            content += _base_128(arc)
    return tlv(OID, bytes(content))


def _base_128(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(arc & 0x7F | 0x80)
    return bytes(reversed(octets))


def encode_value(value: Value) -> bytes:
    if value is None:
        return b"\x05\x00"
    if isinstance(value, int):
        return encode_integer(value)
    if isinstance(value, bytes):
        return tlv(OCTETS, value)
    if isinstance(value, tuple):
        return encode_oid(value)
    if isinstance(value, Absent):
        return bytes((value.tag, 0))
    if isinstance(value.value, int):
        return encode_integer(value.value, value.tag)
    return tlv(value.tag, value.value)


def read(data: bytes, start: int, end: int) -> tuple[int, int, int]:
    """The tag at `start`, and where its content begins and ends.

    Raises:
        Malformed: the encoding leaves `data[start:end]`, or its length is not definite.
    """
    if end - start < 2:
        raise Malformed(f"Nothing to read at octet {start}.")
    tag, size = data[start], data[start + 1]
    begin = start + 2
    if size & 0x80:
        octets = size & 0x7F
        if not 1 <= octets <= 3 or begin + octets > end:
            raise Malformed(f"No definite length at octet {start + 1}.")
        size = int.from_bytes(data[begin : begin + octets], "big")
        begin += octets
    if size > _LARGEST or begin + size > end:
        raise Malformed(f"{size} octets at octet {begin} leave the message.")
    return tag, begin, begin + size


def expect(data: bytes, start: int, end: int, tag: int) -> tuple[int, int]:
    """Where the content of the `tag` at `start` begins and ends."""
    found, begin, stop = read(data, start, end)
    if found != tag:
        raise Malformed(f"Tag {found:#04x} at octet {start}, expected {tag:#04x}.")
    return begin, stop


def read_integer(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The integer at `start`, and where it ends."""
    begin, stop = expect(data, start, end, INTEGER)
    return _integer(data, begin, stop), stop


def read_value(data: bytes, start: int, end: int) -> tuple[Value, int]:
    """The value at `start`, and where it ends."""
    tag, begin, stop = read(data, start, end)
    if tag == INTEGER:
        return _integer(data, begin, stop), stop
    if tag == OCTETS:
        return data[begin:stop], stop
    if tag == NULL:
        return None, stop
    if tag == OID:
        return read_oid(data, begin, stop), stop
    if tag in _ABSENT:
        return Absent(tag), stop
    if tag in _NUMBERS:
        return Typed(tag, _integer(data, begin, stop)), stop
    if tag in (IP_ADDRESS, OPAQUE):
        return Typed(tag, data[begin:stop]), stop
    raise Malformed(f"SNMP has no type {tag:#04x} (octet {start}).")


def _integer(data: bytes, begin: int, end: int) -> int:
    if not 1 <= end - begin <= 9:
        raise Malformed(f"An integer of {end - begin} octets at octet {begin}.")
    return int.from_bytes(data[begin:end], "big", signed=True)


def read_oid(data: bytes, begin: int, end: int) -> Oid:
    """The arcs in the content `data[begin:end]`."""
    arcs = list(_arcs(data[begin:end], begin))
    if not arcs:
        raise Malformed(f"An empty object identifier at octet {begin}.")
    first = min(arcs[0] // 40, 2)
    return (first, arcs[0] - first * 40, *arcs[1:])


def _arcs(content: bytes, at: int) -> Iterator[int]:
    arc = 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if arc > 0xFFFFFFFF:
            raise Malformed(f"An arc over 32 bits at octet {at}.")
        if octet < 0x80:
            yield arc
            arc = 0
    if content and content[-1] & 0x80:
        raise Malformed(f"An arc without end at octet {at}.")
