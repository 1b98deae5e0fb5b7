"""SNMP v1 and v2c in bytes: known vectors, every value there and back, and what is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.snmp import ber, messages
from devices.protocols.snmp.ber import Absent, Malformed, Typed, Value
from devices.protocols.snmp.messages import V1, V2C, ErrorStatus, Kind, Message, Pdu, TrapV1

SYS_DESCR = (1, 3, 6, 1, 2, 1, 1, 1, 0)

# `snmpget -v2c -c public … 1.3.6.1.2.1.1.1.0`, request 1, written out by hand from X.690.
GET = bytes.fromhex(
    "302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500"
)

oids = st.tuples(
    st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**32 - 1), max_size=12)
).map(lambda parts: (parts[0], parts[1], *parts[2]))
values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.integers(-(2**31), 2**31 - 1),
    st.binary(max_size=300),
    oids,
    st.integers(0, 2**32 - 1).map(lambda n: Typed(ber.COUNTER32, n)),
    st.integers(0, 2**64 - 1).map(lambda n: Typed(ber.COUNTER64, n)),
    st.binary(min_size=4, max_size=4).map(lambda b: Typed(ber.IP_ADDRESS, b)),
    st.sampled_from((ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_MIB_VIEW)).map(Absent),
)


def test_a_request_is_these_octets() -> None:
    message = Message(V2C, b"public", Pdu(Kind.GET, 1, ((SYS_DESCR, None),)))
    assert messages.encode(message) == GET
    assert messages.decode(GET) == message


@pytest.mark.parametrize(
    ("number", "octets"),
    [
        (0, "020100"), (127, "02017f"), (128, "02020080"), (256, "02020100"),
        (-1, "0201ff"), (-128, "020180"), (-129, "0202ff7f"),
    ],
)  # fmt: skip
def test_integers_take_the_fewest_octets(number: int, octets: str) -> None:
    assert ber.encode_integer(number).hex() == octets


def test_counters_are_unsigned() -> None:
    assert ber.encode_value(Typed(ber.COUNTER32, 2**32 - 1)).hex() == "410500ffffffff"


@given(
    version=st.sampled_from((V1, V2C)),
    community=st.binary(max_size=40),
    kind=st.sampled_from([kind for kind in Kind if kind != Kind.TRAP_V1]),
    number=st.integers(-(2**31), 2**31 - 1),
    bindings=st.lists(st.tuples(oids, values), max_size=6).map(tuple),
    status=st.sampled_from(ErrorStatus),
)
def test_what_is_written_is_read(
    version: int,
    community: bytes,
    kind: Kind,
    number: int,
    bindings: tuple[messages.Binding, ...],
    status: int,
) -> None:
    message = Message(version, community, Pdu(kind, number, bindings, status, 1))
    assert messages.decode(messages.encode(message)) == message


@given(data=st.binary(max_size=80), at=st.integers(0, len(GET) - 1))
def test_no_bytes_break_the_reader(data: bytes, at: int) -> None:
    for broken in (
        data,
        GET[:at],
        GET[:at] + data,
        GET[:at] + bytes((GET[at] ^ 0x80,)) + GET[at + 1 :],
    ):
        try:
            messages.decode(broken)
        except Malformed:
            continue


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        ("", "Nothing to read"),
        ("3080", "No definite length"),
        ("30030201", "leave the message"),
        (GET.hex() + "00", "behind the message"),
        (GET.hex().replace("020101", "020103", 1), "neither 1 nor 2c"),
        (GET.hex().replace("a019", "a919", 1), "No kind of message"),
        (GET.hex()[:-4] + "4900", "no type"),
    ],
)
def test_it_says_where_a_message_is_broken(octets: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        messages.decode(bytes.fromhex(octets))


def test_a_trap_of_version_1_is_read() -> None:
    octets = bytes.fromhex(
        "302b02010004067075626c6963a41e06082b0601040189360440047f000001020106020111430164300330010a"
    )
    with pytest.raises(Malformed):  # its one binding is none
        messages.decode(octets)
    whole = bytes.fromhex(
        "302802010004067075626c6963a41b06082b0601040189360440047f0000010201060201114301643000"
    )
    trap = messages.decode(whole)
    assert isinstance(trap, TrapV1)
    assert (trap.generic, trap.specific, trap.ticks, trap.agent) == (6, 17, 100, b"\x7f\0\0\1")
