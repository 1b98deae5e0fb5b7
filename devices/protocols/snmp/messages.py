"""SNMP messages of versions 1 and 2c (RFC 1157, RFC 3416): dataclasses and bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from devices.protocols.snmp import ber
from devices.protocols.snmp.ber import Malformed, Oid, Value

V1, V2C = 0, 1


class Kind(IntEnum):
    GET = 0xA0
    GET_NEXT = 0xA1
    RESPONSE = 0xA2
    SET = 0xA3
    TRAP_V1 = 0xA4
    GET_BULK = 0xA5
    INFORM = 0xA6
    TRAP = 0xA7


class ErrorStatus(IntEnum):
    """RFC 3416, section 3; version 1 knows the first six."""

    NO_ERROR = 0
    TOO_BIG = 1
    NO_SUCH_NAME = 2
    BAD_VALUE = 3
    READ_ONLY = 4
    GEN_ERR = 5
    NO_ACCESS = 6
    WRONG_TYPE = 7
    WRONG_LENGTH = 8
    WRONG_ENCODING = 9
    WRONG_VALUE = 10
    NO_CREATION = 11
    INCONSISTENT_VALUE = 12
    RESOURCE_UNAVAILABLE = 13
    COMMIT_FAILED = 14
    UNDO_FAILED = 15
    AUTHORIZATION_ERROR = 16
    NOT_WRITABLE = 17
    INCONSISTENT_NAME = 18


Binding = tuple[Oid, Value]


@dataclass(frozen=True, slots=True)
class Pdu:
    """`error_status` and `error_index` are non-repeaters and max-repetitions of a GETBULK."""

    kind: Kind
    request_id: int
    bindings: tuple[Binding, ...]
    error_status: int = 0
    error_index: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    version: int
    community: bytes
    pdu: Pdu


@dataclass(frozen=True, slots=True)
class TrapV1:
    """A trap of version 1 (RFC 1157, section 4.1.6); `ticks` are hundredths of a second."""

    community: bytes
    enterprise: Oid
    agent: bytes
    generic: int
    specific: int
    ticks: int
    bindings: tuple[Binding, ...]


def encode(message: Message) -> bytes:
    return encode_request(
        message.version, message.community, message.pdu, encode_bindings(message.pdu.bindings)
    )


def encode_request(version: int, community: bytes, pdu: Pdu, bindings: bytes) -> bytes:
    """As `encode`, with the bindings encoded beforehand: a poll asks the same again and again."""
    body = (
        ber.encode_integer(pdu.request_id)
        + ber.encode_integer(pdu.error_status)
        + ber.encode_integer(pdu.error_index)
        + bindings
    )
    return ber.tlv(
        ber.SEQUENCE,
        ber.encode_integer(version) + ber.tlv(ber.OCTETS, community) + ber.tlv(pdu.kind, body),
    )


def encode_bindings(bindings: Iterable[Binding]) -> bytes:
    content = b"".join(
        ber.tlv(ber.SEQUENCE, _encoded_oid(oid) + ber.encode_value(value))
        for oid, value in bindings
    )
    return ber.tlv(ber.SEQUENCE, content)


@lru_cache(maxsize=4096)
def _encoded_oid(oid: Oid) -> bytes:
    return ber.encode_oid(oid)


def decode(data: bytes) -> Message | TrapV1:
    """Read one datagram.

    Raises:
        Malformed: it is not exactly one message of version 1 or 2c.
    """
    begin, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    if end != len(data):
        raise Malformed(f"{len(data) - end} octets behind the message.")
    version, at = ber.read_integer(data, begin, end)
    if version not in (V1, V2C):
        raise Malformed(f"SNMP version {version} is neither 1 nor 2c.")
    first, at_pdu = ber.expect(data, at, end, ber.OCTETS)
    community = data[first:at_pdu]
    tag, begin, stop = ber.read(data, at_pdu, end)
    if tag == Kind.TRAP_V1:
        return _trap_v1(data, begin, stop, community)
    if tag not in Kind._value2member_map_:
        raise Malformed(f"No kind of message {tag:#04x}.")
    return Message(version, community, _pdu(data, begin, stop, Kind(tag)))


def _pdu(data: bytes, begin: int, end: int, kind: Kind) -> Pdu:
    request_id, at = ber.read_integer(data, begin, end)
    status, at = ber.read_integer(data, at, end)
    index, at = ber.read_integer(data, at, end)
    return Pdu(kind, request_id, _bindings(data, at, end), status, index)


def _trap_v1(data: bytes, begin: int, end: int, community: bytes) -> TrapV1:
    enterprise, at = ber.read_value(data, begin, end)
    agent, at = ber.read_value(data, at, end)
    generic, at = ber.read_integer(data, at, end)
    specific, at = ber.read_integer(data, at, end)
    ticks, at = ber.read_value(data, at, end)
    match enterprise, agent, ticks:
        case tuple(), ber.Typed(value=bytes() as address), ber.Typed(value=int() as hundredths):
            bindings = _bindings(data, at, end)
            return TrapV1(community, enterprise, address, generic, specific, hundredths, bindings)
    raise Malformed("A trap without its enterprise, address or time.")


def _bindings(data: bytes, start: int, end: int) -> tuple[Binding, ...]:
    at, stop = ber.expect(data, start, end, ber.SEQUENCE)
    found: list[Binding] = []
    while at < stop:
        begin, at = ber.expect(data, at, stop, ber.SEQUENCE)
        first, last = ber.expect(data, begin, at, ber.OID)
        value, behind = ber.read_value(data, last, at)
        if behind != at:
            raise Malformed(f"More than a name and a value at octet {begin}.")
        found.append((_decoded_oid(data[first:last]), value))
    return tuple(found)


@lru_cache(maxsize=4096)
def _decoded_oid(content: bytes) -> Oid:
    return ber.read_oid(content, 0, len(content))


def number(value: Value) -> int | None:
    """The number that a value is, whatever its type; None for what is no number."""
    if isinstance(value, ber.Typed):
        return value.value if isinstance(value.value, int) else None
    return value if isinstance(value, int) else None


def oid(text: str) -> Oid:
    """`"1.3.6.1"` as arcs. Raises ValueError where it is none."""
    return tuple(int(arc) for arc in text.strip(".").split("."))
