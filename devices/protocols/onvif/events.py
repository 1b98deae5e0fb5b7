"""ONVIF's real-time pull point: subscribe, pull, renew, let go; and what the messages mean.

ONVIF Core Specification, chapter 9 (event handling); topics of its namespace tns1 and of the
Analytics Service Specification.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from devices.protocols.onvif.soap import (
    NS,
    Element,
    Senseless,
    Token,
    body_of,
    child,
    envelope,
    written,
)

_EVENTS = "http://www.onvif.org/ver10/events/wsdl"
_MANAGER = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager"
LASTS = "PT60S"

Write = Callable[[str, Token | None], bytes]
"""(address, who asks) → an envelope."""

# The end of a topic → the kind of event, and the datum that says whether it is so.
KINDS: Mapping[str, str] = {
    "VideoSource/MotionAlarm": "motion",
    "CellMotionDetector/Motion": "motion",
    "FieldDetector/ObjectsInside": "intrusion",
    "LoiteringDetector/ObjectIsLoitering": "loitering",
    "GlobalSceneChange/ImagingService": "tampered",
    "GlobalSceneChange/AnalyticsService": "tampered",
    "ImageTooDark/ImagingService": "tampered",
    "ImageTooDark/AnalyticsService": "tampered",
    "ImageTooBlurry/ImagingService": "tampered",
    "ImageTooBlurry/AnalyticsService": "tampered",
    "TamperDetector/Tamper": "tampered",
}
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


@dataclass(frozen=True, slots=True)
class Notification:
    """One message. `operation` is Initialized, Changed or Deleted, or empty for what happens once.
    `topic` has lost its namespace prefixes."""

    topic: str
    at: datetime
    operation: str
    source: tuple[tuple[str, str], ...]
    data: Mapping[str, str]

    @property
    def kind(self) -> str | None:
        ends = (kind for end, kind in KINDS.items() if self.topic.endswith(end))
        return next(ends, None)

    @property
    def holds(self) -> bool | None:
        """Whether what the topic is about is so now; None where it says nothing of that."""
        if self.operation == "Deleted":
            return False
        said = [value.lower() for value in self.data.values() if value.lower() in _TRUE | _FALSE]
        return said[0] in _TRUE if said else None

    @property
    def subject(self) -> str:
        """The same for the beginning and the end."""
        return "/".join([self.topic, *(value for _name, value in self.source)])


def subscribe(to: str, token: Token | None) -> bytes:
    whole, body = envelope(f"{_EVENTS}/EventPortType/CreatePullPointSubscriptionRequest", to, token)
    asked = child(body, "tev:CreatePullPointSubscription")
    child(asked, "tev:InitialTerminationTime", LASTS)
    return written(whole)


def pull(to: str, token: Token | None, *, wait_s: int, most: int = 100) -> bytes:
    whole, body = envelope(f"{_EVENTS}/PullPointSubscription/PullMessagesRequest", to, token)
    asked = child(body, "tev:PullMessages")
    child(asked, "tev:Timeout", f"PT{wait_s}S")
    child(asked, "tev:MessageLimit", str(most))
    return written(whole)


def renew(to: str, token: Token | None) -> bytes:
    whole, body = envelope(f"{_MANAGER}/RenewRequest", to, token)
    child(child(body, "wsnt:Renew"), "wsnt:TerminationTime", LASTS)
    return written(whole)


def let_go(to: str, token: Token | None) -> bytes:
    whole, body = envelope(f"{_MANAGER}/UnsubscribeRequest", to, token)
    child(body, "wsnt:Unsubscribe")
    return written(whole)


def read_subscription(answer: bytes) -> str:
    """Where to pull from. Raises Fault, Senseless."""
    address = body_of(answer).findtext("tev:SubscriptionReference/wsa:Address", "", NS).strip()
    if not address:
        raise Senseless("The camera names no address to pull from.")
    return str(address)


def read_messages(answer: bytes) -> list[Notification]:
    """Those that can be read; a broken one does not hide the others. Raises Fault, Senseless."""
    found = body_of(answer).findall("wsnt:NotificationMessage", NS)
    return [message for message in map(_notification, found) if message is not None]


def _notification(element: Element) -> Notification | None:
    message = element.find("wsnt:Message/tt:Message", NS)
    if message is None:
        return None
    try:
        at = datetime.fromisoformat(message.get("UtcTime", ""))
    except ValueError:
        return None
    topic = element.findtext("wsnt:Topic", "", NS).strip()
    parts = [part.rpartition(":")[2] for part in topic.split("/")]
    return Notification(
        topic="/".join(parts),
        at=at,
        operation=message.get("PropertyOperation", ""),
        source=tuple(_items(message, "tt:Source").items()),
        data=_items(message, "tt:Data"),
    )


def _items(message: Element, part: str) -> dict[str, str]:
    found = message.findall(f"{part}/tt:SimpleItem", NS)
    return {item.get("Name", ""): item.get("Value", "") for item in found}
