"""Calls an ASGI application the way a server would, without one: requests and WebSockets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from asgiref.testing import ApplicationCommunicator

_Communicator: Any = ApplicationCommunicator  # it is untyped


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


async def call(
    application: Any,
    method: str,
    path: str,
    *,
    query: Mapping[str, Any] | None = None,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request through the application and collect its answer."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode(query or {}).encode(),
        "root_path": "",
        "headers": [
            (k.lower().encode(), v.encode())
            for k, v in {"Host": "localhost", **(headers or {})}.items()
        ],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
    }
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    start = next(m for m in sent if m["type"] == "http.response.start")
    content = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    names = {k.decode(): v.decode("latin-1") for k, v in start["headers"]}
    return Answer(start["status"], names, content)


class Socket:
    """A WebSocket client of an ASGI application. `closed` holds the code once it was closed."""

    def __init__(
        self, application: Any, path: str, headers: Mapping[str, str] | None = None
    ) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()],
            "subprotocols": [],
            "client": ("127.0.0.1", 50000),
            "server": ("localhost", 80),
        }
        self._peer: Any = _Communicator(application, scope)

    async def connect(self) -> bool:
        """Open; whether the application accepted."""
        await self._peer.send_input({"type": "websocket.connect"})
        answer: dict[str, Any] = await self._peer.receive_output(5)
        return bool(answer["type"] == "websocket.accept")

    async def send(self, message: Any) -> None:
        """Send text, or anything else as JSON."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self._peer.send_input({"type": "websocket.receive", "text": text})

    async def receive(self) -> Any:
        """The next JSON message. Raises ConnectionError with the code if it was closed."""
        message = await self._peer.receive_output(5)
        if message["type"] == "websocket.close":
            raise ConnectionError(message["code"])
        return json.loads(message["text"])

    async def close(self) -> None:
        await self._peer.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._peer.wait(5)
