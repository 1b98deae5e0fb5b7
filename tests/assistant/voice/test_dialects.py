"""What travels on a line. The texts and frames are built from the providers' documented fields."""

import base64
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.speech.core import mulaw
from apps.assistant.voice.dialects import audio_socket
from apps.assistant.voice.dialects.audio_socket import AudioSocketReader
from apps.assistant.voice.dialects.lines import (
    BadFrame,
    Closed,
    Incoming,
    Key,
    Opened,
    Played,
    Sound,
)
from apps.assistant.voice.dialects.media_streams import MediaStreamReader

CALL = "0b7c1e5a-3a57-4f7e-9df4-0d6a4f4c1a2b"
TWILIO_START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": "MZ18ad",
    "start": {
        "accountSid": "AC1",
        "streamSid": "MZ18ad",
        "callSid": "CA9",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"proof": "signed"},
    },
}
TELNYX_START = {
    "event": "start",
    "sequence_number": "1",
    "stream_id": "32de",
    "start": {
        "call_control_id": "v3:xyz",
        "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1},
        "custom_parameters": {"proof": "signed"},
    },
}


def text(**frame: object) -> str:
    return json.dumps(frame)


def opened_reader() -> MediaStreamReader:
    reader = MediaStreamReader()
    reader.read(json.dumps(TWILIO_START))
    return reader


@pytest.mark.parametrize(
    ("start", "call", "stream"),
    [(TWILIO_START, "CA9", "MZ18ad"), (TELNYX_START, "v3:xyz", "32de")],
)
def test_it_knows_a_stream_by_its_start(start: object, call: str, stream: str) -> None:
    reader = MediaStreamReader()
    assert reader.read(text(event="connected", protocol="Call", version="1.0.0")) is None
    opened = reader.read(json.dumps(start))
    assert isinstance(opened, Opened)
    assert (opened.call, opened.proof, opened.stream) == (call, "signed", stream)
    sent = json.loads(reader.mark("p1"))
    assert stream in sent.values()


def test_it_reads_what_comes_in_a_stream() -> None:
    reader, sound = opened_reader(), mulaw.decode(bytes(range(160)))
    payload = base64.b64encode(bytes(range(160))).decode()
    media = {"track": "inbound", "chunk": "1", "timestamp": "5", "payload": payload}
    assert reader.read(text(event="media", streamSid="MZ18ad", media=media)) == Sound(sound)
    assert reader.read(text(event="dtmf", dtmf={"track": "inbound_track", "digit": "#"})) == Key(
        "#"
    )
    assert reader.read(text(event="mark", mark={"name": "p1"})) == Played("p1")
    assert reader.read(text(event="stop", stop={"callSid": "CA9"})) == Closed()
    outbound = text(event="media", media={"track": "outbound", "payload": payload})
    assert reader.read(outbound) is None


def test_what_it_sends_is_read_back_by_the_same_words() -> None:
    reader = opened_reader()
    sent = json.loads(reader.media(mulaw.decode(bytes(range(128, 160)))))
    assert sent["streamSid"] == "MZ18ad"
    assert base64.b64decode(sent["media"]["payload"]) == bytes(range(128, 160))
    assert json.loads(reader.clear()) == {"event": "clear", "streamSid": "MZ18ad"}


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "[]",
        "{",
        text(event="media", media={"payload": "AAAA"}),
        json.dumps({**TWILIO_START, "start": {}}),
        json.dumps(TWILIO_START).replace("audio/x-mulaw", "audio/x-l16"),
        json.dumps(TWILIO_START).replace("8000", "16000"),
        json.dumps(TWILIO_START).replace('"MZ18ad"', "7"),
        "x" * 70_000,
    ],
)
def test_it_refuses_a_stream_that_begins_wrong(bad: str) -> None:
    with pytest.raises(BadFrame):
        MediaStreamReader().read(bad)


@pytest.mark.parametrize(
    "bad",
    [
        json.dumps(TWILIO_START),
        text(event="media", media={"payload": "not base64!"}),
        text(event="media", media={}),
        text(event="media", media={"payload": "A" * 20_000}),
        text(event="dtmf", dtmf={"digit": "12"}),
        text(event="dtmf", dtmf={"digit": "A"}),
        text(event="mark"),
        text(event="party"),
        text(),
    ],
)
def test_it_refuses_broken_frames_in_a_stream(bad: str) -> None:
    with pytest.raises(BadFrame):
        opened_reader().read(bad)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_read_or_refused(noise: str) -> None:
    for reader in (MediaStreamReader(), opened_reader()):
        try:
            reader.read(noise)
        except BadFrame:
            continue


# ------------------------------------------------------------ AudioSocket

WIRE = (
    audio_socket.identity_frame(CALL)
    + audio_socket.sound_frame(bytes(320))
    + audio_socket.key_frame("7")
    + audio_socket.sound_frame(b"\x01\x02" * 160)
    + audio_socket.hang_up_frame()
)
WHAT_IT_MEANS = [
    Opened(call=CALL),
    Sound(bytes(320)),
    Key("7"),
    Sound(b"\x01\x02" * 160),
    Closed(),
]


def test_the_frames_are_as_asterisk_documents_them() -> None:
    assert audio_socket.identity_frame(CALL) == b"\x01\x00\x10" + uuid.UUID(CALL).bytes
    assert audio_socket.sound_frame(bytes(320))[:3] == b"\x10\x01\x40"
    assert audio_socket.key_frame("7") == b"\x03\x00\x01" + b"7"
    assert audio_socket.hang_up_frame() == b"\x00\x00\x00"


@given(st.lists(st.integers(1, 400), max_size=40))
def test_tcp_may_cut_frames_anywhere(cuts: list[int]) -> None:
    reader, rest = AudioSocketReader(), WIRE
    found: list[Incoming] = []
    for cut in cuts:
        found += reader.feed(rest[:cut])
        rest = rest[cut:]
    found += reader.feed(rest)
    assert found == WHAT_IT_MEANS


@pytest.mark.parametrize(
    "bad",
    [
        audio_socket.sound_frame(bytes(320)),  # nobody has said which call this is
        b"\x01\x00\x04\x01\x02\x03\x04",
        b"GET / HTTP/1.1\r\n\r\n",
        audio_socket.identity_frame(CALL) + b"\x10\xff\xff",
        audio_socket.identity_frame(CALL) + b"\x10\x00\x03abc",
        audio_socket.identity_frame(CALL) + b"\x12\x01\x40" + bytes(320),  # 16 kHz, not asked for
        audio_socket.identity_frame(CALL) + b"\x03\x00\x01Z",
        audio_socket.identity_frame(CALL) + b"\x77\x00\x00",
        audio_socket.identity_frame(CALL) * 2,
    ],
)
def test_it_refuses_what_asterisk_never_sends(bad: bytes) -> None:
    with pytest.raises(BadFrame):
        list(AudioSocketReader().feed(bad))


def test_what_came_whole_before_a_fault_is_not_lost() -> None:
    feed = AudioSocketReader().feed(
        audio_socket.identity_frame(CALL) + b"\x03\x00\x017\x77\x00\x00"
    )
    assert [next(feed), next(feed)] == [Opened(call=CALL), Key("7")]
    with pytest.raises(BadFrame):
        next(feed)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    reader = AudioSocketReader()
    list(reader.feed(audio_socket.identity_frame(CALL)))
    try:
        list(reader.feed(noise))
    except BadFrame:
        return
