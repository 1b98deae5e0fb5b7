"""Twilio's Media Streams: JSON texts on a WebSocket, mu-law in base64.

Near copies differ in the names of a few fields (`Dialect`): Telnyx writes snake_case. Our web app's
microphone speaks Twilio's own dialect.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import msgspec

from apps.assistant.speech.core import mulaw
from apps.assistant.voice.dialects.lines import (
    KEYS,
    BadFrame,
    Closed,
    Incoming,
    Key,
    Opened,
    Played,
    Sound,
)

LONGEST_TEXT = 65_536
LONGEST_ULAW_BYTES = 8_000  # one second
PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a provider writes what all of them say."""

    stream: str
    call: str
    format: str
    rate: str
    parameters: str
    encodings: frozenset[str]


TWILIO = Dialect(
    "streamSid", "callSid", "mediaFormat", "sampleRate", "customParameters",
    frozenset({"audio/x-mulaw"}),
)  # fmt: skip
TELNYX = Dialect(
    "stream_id", "call_control_id", "media_format", "sample_rate", "custom_parameters",
    frozenset({"PCMU"}),
)  # fmt: skip

Json = dict[str, Any]


class MediaStreamReader:
    """One stream's texts; the dialect shows in its `start`."""

    def __init__(self) -> None:
        self.dialect = TWILIO
        self.stream = ""

    def read(self, text: str) -> Incoming | None:
        """None for what asks nothing of us. Raises BadFrame."""
        frame = _decoded(text)
        event = frame.get("event")
        if event == "connected" and not self.stream:
            return None
        if event == "start" and not self.stream:
            return self._opened(frame)
        if not self.stream:
            raise BadFrame(f"{event!r} before the start")
        return self._in_stream(event, frame)

    def _opened(self, frame: Json) -> Opened:
        start = _part(frame, "start")
        self.dialect = dialect = TELNYX if TELNYX.format in start else TWILIO
        self._check_format(_part(start, dialect.format))
        stream = frame.get(dialect.stream) or start.get(dialect.stream)
        call, given = start.get(dialect.call), start.get(dialect.parameters) or {}
        if not isinstance(stream, str) or not stream or not isinstance(call, str):
            raise BadFrame("a start without names")
        if not isinstance(given, dict):
            raise BadFrame("parameters that are none")
        self.stream = stream[:120]
        parameters = {str(name): str(value)[:2000] for name, value in list(given.items())[:20]}
        return Opened(
            call=call[:120],
            proof=parameters.get(PROOF, ""),
            stream=self.stream,
            parameters=parameters,
        )

    def _check_format(self, media: Json) -> None:
        rate, channels = media.get(self.dialect.rate), media.get("channels", 1)
        if media.get("encoding") not in self.dialect.encodings or (rate, channels) != (8000, 1):
            raise BadFrame("only mu-law at 8,000 samples a second is understood")

    def _in_stream(self, event: object, frame: Json) -> Incoming | None:
        match event:
            case "media":
                return _sound(_part(frame, "media"))
            case "dtmf":
                digit = _part(frame, "dtmf").get("digit")
                if digit not in KEYS:
                    raise BadFrame("a key that no telephone has")
                return Key(str(digit))
            case "mark":
                return Played(str(_part(frame, "mark").get("name"))[:80])
            case "stop":
                return Closed()
        raise BadFrame(f"an unknown event {event!r:.40}")

    # ------------------------------------------------------------ what we send

    def media(self, audio: bytes) -> str:
        payload = base64.b64encode(mulaw.encode(audio)).decode()
        return self._text("media", media={"payload": payload})

    def mark(self, name: str) -> str:
        return self._text("mark", mark={"name": name})

    def clear(self) -> str:
        return self._text("clear")

    def _text(self, event: str, **more: Json) -> str:
        made = {"event": event, self.dialect.stream: self.stream, **more}
        return msgspec.json.encode(made).decode()


def _decoded(text: str) -> Json:
    if len(text) > LONGEST_TEXT:
        raise BadFrame("a text that is too long")
    try:
        return msgspec.json.decode(text, type=Json)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadFrame("not a JSON object") from error


def _part(frame: Json, name: str) -> Json:
    part = frame.get(name)
    if not isinstance(part, dict):
        raise BadFrame(f"no {name}")
    return part


def _sound(media: Json) -> Sound | None:
    if media.get("track", "inbound") not in ("inbound", "inbound_track"):
        return None
    payload = media.get("payload")
    if not isinstance(payload, str) or len(payload) > LONGEST_ULAW_BYTES * 4 // 3 + 4:
        raise BadFrame("no payload, or too much")
    try:
        return Sound(mulaw.decode(base64.b64decode(payload, validate=True)))
    except (binascii.Error, ValueError) as error:
        raise BadFrame("a payload that is not base64") from error
