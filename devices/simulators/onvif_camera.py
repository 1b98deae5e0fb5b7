"""A camera's events service on loopback: real SOAP over HTTP, from the messages that ONVIF's Core
Specification documents (chapter 9.11). It checks the token's digest and forgets nobody."""

import threading
from base64 import b64decode
from collections import deque
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lxml import etree

from devices.protocols.onvif.soap import NS, Element, Token, child, envelope, tag, written

REPLY = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/PullMessagesResponse"


class OnvifCamera:
    """`tell` puts a message into everybody's pull point; `asked` is what was called, in order."""

    def __init__(self, user: str = "", password: str = "") -> None:
        self.user, self.password = user, password
        self.asked: list[str] = []
        self._waiting: deque[tuple[str, datetime, str, str, str]] = deque()
        self._news = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        who = f"{self.user}:{self.password}@" if self.user else ""
        return f"http://{who}127.0.0.1:{self._server.server_address[1]}/onvif/event_service"

    def tell(
        self, topic: str, at: datetime, name: str, value: str, operation: str = "Changed"
    ) -> None:
        with self._news:
            self._waiting.append((topic, at, name, value, operation))
            self._news.notify_all()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: bytes) -> tuple[int, bytes]:
        whole = etree.fromstring(request)
        asked = whole.find("s:Body/*", NS)
        self.asked.append(etree.QName(asked).localname)
        if self.user and not self._knows(whole):
            return 400, _fault("The sender is not authorised.")
        match self.asked[-1]:
            case "CreatePullPointSubscription":
                return 200, self._subscribed()
            case "PullMessages":
                return 200, self._messages(asked)
            case "Renew" | "Unsubscribe" as name:
                return 200, _empty(f"wsnt:{name}Response")
        return 400, _fault("This action is not supported.")

    def _knows(self, whole: Element) -> bool:
        token = whole.find("s:Header/wsse:Security/wsse:UsernameToken", NS)
        if token is None:
            return False
        nonce = b64decode(token.findtext("wsse:Nonce", "", NS))
        created = token.findtext("wsu:Created", "", NS)
        right = Token(self.user, self.password, nonce, created).digest()
        return bool(token.findtext("wsse:Password", "", NS) == right)

    def _subscribed(self) -> bytes:
        whole, body = envelope(REPLY, "", None)
        made = child(body, "tev:CreatePullPointSubscriptionResponse")
        reference = child(made, "tev:SubscriptionReference")
        # As many cameras do, under a name that only it knows.
        child(reference, "wsa:Address", "http://camera.invalid/onvif/pull?id=7")
        return written(whole)

    def _messages(self, asked: Element) -> bytes:
        wait_s = float(asked.findtext("tev:Timeout", "PT1S", NS)[2:-1])
        with self._news:
            self._news.wait_for(lambda: self._waiting, timeout=min(wait_s, 0.5))
            told = [self._waiting.popleft() for _ in range(len(self._waiting))]
        whole, body = envelope(REPLY, "", None)
        made = child(body, "tev:PullMessagesResponse")
        for one in told:
            _notify(made, *one)
        return written(whole)


def _notify(
    parent: Element, topic: str, at: datetime, name: str, value: str, operation: str
) -> None:
    made = child(parent, "wsnt:NotificationMessage")
    child(made, "wsnt:Topic", topic)
    message = child(
        child(made, "wsnt:Message"), "tt:Message", UtcTime=at.isoformat(),
        PropertyOperation=operation,
    )  # fmt: skip
    child(child(message, "tt:Source"), "tt:SimpleItem", Name="VideoSourceToken", Value="v1")
    child(child(message, "tt:Data"), "tt:SimpleItem", Name=name, Value=value)


def _empty(name: str) -> bytes:
    whole, body = envelope(REPLY, "", None)
    child(body, name)
    return written(whole)


def _fault(reason: str) -> bytes:
    whole, body = envelope("http://www.w3.org/2005/08/addressing/soap/fault", "", None)
    made = child(body, "s:Fault")
    child(child(made, "s:Code"), "s:Value", "s:Sender")
    text = child(child(made, "s:Reason"), "s:Text", reason)
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    assert made.tag == tag("s:Fault")
    return written(whole)


def _handler(camera: OnvifCamera) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            status, body = camera.answer(self.rfile.read(length))
            self.send_response(status)
            self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            return

    return Handler
