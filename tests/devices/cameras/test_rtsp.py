"""RTSP taken apart and thinned out: pure cores, without a socket."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adapters.rtsp.thinning import Need, Thinning, need_of
from devices.protocols.rtsp import Answer, Garbage, Intake, Packet

STREAM = (
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 5\r\n\r\nv=0\r\n"
    b"\r\n$\x00\x00\x03abc$\x01\x00\x00"
    b"OPTIONS rtsp://client RTSP/1.0\r\nCSeq: 9\r\n\r\n"
    b"RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n\r\n$\x02\x00\x01x"
)


def taken(*pieces: bytes) -> list[Answer | Packet]:
    intake = Intake()
    return [found for piece in pieces for found in intake.take(piece)]


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_it_finds_the_same_however_the_bytes_come(cuts: list[int]) -> None:
    ends = sorted({0, len(STREAM), *cuts})
    pieces = [STREAM[a:b] for a, b in pairwise(ends)]
    found = taken(*pieces)
    assert found == taken(STREAM)
    first, picture, report, refused, last = found
    assert isinstance(first, Answer)
    assert (first.status, first.body) == (200, b"v=0\r\n")
    assert (picture, report, last) == (Packet(0, b"abc"), Packet(1, b""), Packet(2, b"x"))
    assert isinstance(refused, Answer)
    assert refused.status == 401


@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
@pytest.mark.parametrize("first", [b"RTSP/1.0 302 Moved", b"  RTSP/1.0\t302 Moved"])
def test_what_it_hands_on_never_leads_elsewhere(line: bytes, first: bytes) -> None:
    [answer] = taken(line.join([first, b"lOcAtIoN : rtsp://10.0.0.1/", b"CSeq: 1", b"", b""]))
    assert isinstance(answer, Answer)
    assert answer.status == 302
    assert b"10.0.0.1" not in answer.to_bytes()


def test_a_body_cannot_become_an_answer() -> None:
    hidden = b"RTSP/1.0 302 x\r\nLocation: rtsp://10.0.0.1/\r\n\r\n"
    told = b"RTSP/1.0 200 OK\r\nContent-Length: 0\r\nContent-length: %d\r\n\r\n" % len(hidden)
    [answer] = taken(told + hidden)
    assert isinstance(answer, Answer)
    [again] = taken(answer.to_bytes())
    assert isinstance(again, Answer)
    assert again.body == hidden


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\n\r\n", b"RTSP/9 what\r\n\r\n", b"x" * 20_000,
        b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: 4000000\r\n\r\n",
    ],
)  # fmt: skip
def test_it_believes_no_garbage(sent: bytes) -> None:
    with pytest.raises(Garbage):
        taken(sent)


@pytest.mark.parametrize(
    ("codec", "payload", "need"),
    [
        ("H264", "65 88 00 00 00", Need.KEY),
        ("H264", "7c 85 00 00 00", Need.KEY),  # the beginning of a piece
        ("H264", "7c 45 00 00 00", Need.KEY),  # its end
        ("H264", "78 00 02 09 10 00 02 65 88", Need.KEY),  # behind a delimiter, in a bundle
        ("H264", "67 42 00 1f 00", Need.ALWAYS),
        ("H264", "41 9a 00 00 00", Need.OTHERS),
        ("H264", "01 9a 00 00 00", Need.NOBODY),
        ("H264", "06 05 10 00 00", Need.ASIDE),
        ("H264", "09 10", Need.ASIDE),
        ("H265", "26 01 00 00 00", Need.KEY),
        ("H265", "62 01 93 00 00", Need.KEY),
        ("H265", "60 01 00 02 26 01", Need.KEY),
        ("H265", "42 01 00 00 00", Need.ALWAYS),
        ("H265", "02 01 00 00 00", Need.OTHERS),
        ("JPEG", "00 00 00 00 00", Need.NOBODY),
        ("PCMU", "00 00 00 00 00", None),
        ("H264", "", None),
    ],
)
def test_it_tells_what_others_need(codec: str, payload: str, need: Need | None) -> None:
    assert need_of(codec, bytes.fromhex(payload)) is need


def packets(kinds: str, fps: int = 10) -> list[bytes]:
    """One a picture: I key, P reference, b referred to by nobody. They come long after the first,
    which all go on."""
    first = {"I": b"\x65", "P": b"\x41", "b": b"\x01"}
    return [
        struct.pack(">BBHII", 0x80, 96, n & 0xFFFF, n * 90_000 // fps, 1) + first[kind] + bytes(8)
        for n, kind in enumerate(kinds)
    ]


def through(most_fps: float, kinds: str) -> tuple[str, list[int]]:
    thinning = Thinning(most_fps)
    thinning.learn(b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")
    thinning.through(0, struct.pack(">BBHII", 0x80, 96, 0xFFFF, 0xFFF00000, 1) + b"\x65" + bytes(8))
    came = [thinning.through(0, packet) for packet in packets(kinds)]
    left = "".join(kind for kind, packet in zip(kinds, came, strict=True) if packet)
    return left, [int.from_bytes(packet[2:4]) for packet in came if packet]


@pytest.mark.parametrize(
    ("most_fps", "sent", "left"),
    [
        (60, "IPPbIPPb", "IPPbIPPb"),
        (5, "IbPbPbPbIb", "IbPPPI"),  # whoever is needed goes on, however many
        (5, "IPPPIPPP", "IPPPIPPP"),
        (2, "IPPPPPPPPPIPPPPPPPPPI", "III"),
        (0.5, "IPPPPPPPPPIPPPPPPPPPI", "II"),
    ],
)
def test_it_leaves_out_what_is_over_the_budget_and_needed_by_nobody(
    most_fps: float, sent: str, left: str
) -> None:
    kinds, numbers = through(most_fps, sent)
    assert kinds == left
    assert numbers == list(range(len(left))), "none may seem lost"


def test_sound_and_reports_go_on_as_they_are() -> None:
    thinning = Thinning(0.5)
    sound = struct.pack(">BBHII", 0x80, 0, 7, 0, 1) + bytes(20)
    assert thinning.through(2, sound) == sound
    assert thinning.through(1, b"\x80\xc8\x00\x06" + bytes(24)) is not None
