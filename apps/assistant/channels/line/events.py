"""What LINE posts: events as its documentation names them, and the signature over the raw body."""

import base64
import hashlib
import hmac

import msgspec

from apps.assistant.core.messages import MAX_TEXT


class Source(msgspec.Struct, rename="camel"):
    user_id: str = ""
    type: str = ""


class Said(msgspec.Struct, rename="camel"):
    id: str = ""
    type: str = ""
    text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    title: str = ""
    address: str = ""


class Pressed(msgspec.Struct):
    data: str = ""


class LineEvent(msgspec.Struct, rename="camel"):
    type: str
    webhook_event_id: str
    timestamp: int
    source: Source = msgspec.field(default_factory=Source)
    reply_token: str = ""
    message: Said | None = None
    postback: Pressed | None = None


class Envelope(msgspec.Struct):
    events: list[LineEvent] = msgspec.field(default_factory=list)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Base64 of the HMAC-SHA256 over the body as it came, compared in constant time."""
    wanted = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(signature.encode("latin-1", "replace"), wanted)


def said_in(event: LineEvent) -> dict[str, object] | None:
    """The fields of an `Inbound` that an event fills; None for what is no message to us."""
    if event.type == "postback" and event.postback is not None:
        return {"token": event.postback.data}
    if event.type == "follow":
        return {"choice": "go:menu"}
    if event.type != "message" or event.message is None:
        return None
    return _message(event.message)


def _message(said: Said) -> dict[str, object] | None:
    match said.type:
        case "text":
            return {"text": said.text[: 4 * MAX_TEXT]}
        case "image":
            return {"media": f"line:{said.id}"}
        case "location" if said.latitude is not None and said.longitude is not None:
            return {"place": (said.longitude, said.latitude, said.title or said.address)}
    return None
