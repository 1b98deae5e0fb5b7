"""What Google does: OAuth's token door and FCM's HTTP v1 door, with every answer it may give.

How a token is answered stands in its own name, before the first dash: `gone-17` is unregistered,
`busy2-5` is answered 503 twice and then taken. Errors have the form of FCM's reference
(`google.rpc.Status` with an `FcmError` among its details).
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from citizen.demo.peers.http import Asked, Said, Server

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
_QUOTA = "type.googleapis.com/google.rpc.QuotaFailure"
_NAME = re.compile(r"([a-z]+)(\d*)-")
_ADDRESS = re.compile(rb'"(?:token|topic)":"([^"]+)"')


def error(status: int, rpc: str, code: str = "", **more: Any) -> Said:
    details: list[dict[str, Any]] = [{"@type": _FCM_ERROR, "errorCode": code}] if code else []
    if field_name := more.get("field"):
        details.append({"@type": _BAD_REQUEST, "fieldViolations": [{"field": field_name}]})
    if subject := more.get("subject"):
        details.append({"@type": _QUOTA, "violations": [{"subject": subject}]})
    document = {"error": {"code": status, "message": rpc, "status": rpc, "details": details}}
    headers = {"Retry-After": str(more["retry_after"])} if "retry_after" in more else {}
    return Said(status, json.dumps(document).encode(), headers)


# What a name answers, and whether it goes on doing so after as many times as its number says.
ANSWERS: Mapping[str, Said] = {
    "shape": error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", field="message.token"),
    "payload": error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", field="message.data"),
    "apns": error(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"),
    "stranger": error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"),
    "disabled": error(403, "PERMISSION_DENIED"),
    "gone": error(404, "NOT_FOUND", "UNREGISTERED"),
    "project": error(404, "NOT_FOUND"),
    "quota": error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", retry_after=1),
    "device": error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", subject="device:1"),
    "broken": error(500, "INTERNAL", "INTERNAL"),
    "moved": Said(302, b"", {"Location": "https://portal.example/"}),
    "html": Said(502, b"<html>Bad gateway</html>", {"Content-Type": "text/html"}),
    "busy": error(503, "UNAVAILABLE", "UNAVAILABLE", retry_after=1),
    "teapot": Said(418),
}
TAKEN = Said(200, b'{"name":"projects/dalbit/messages/1"}')
REFUSED = error(401, "UNAUTHENTICATED")


@dataclass(eq=False)
class FcmPeer:
    """Counts what it is asked; `delay_s` is how long Google thinks."""

    delay_s: float = 0.0
    token_lasts_s: int = 3600
    strict: bool = True
    asked: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)
    keep_bodies: bool = False
    arrivals: list[float] = field(default_factory=list)
    sign_ins: int = 0
    valid_tokens: set[str] = field(default_factory=set)
    refuses_sign_in: bool = False

    def __post_init__(self) -> None:
        self.server = Server(self.answer)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server.port}/v1/projects"

    @property
    def token_uri(self) -> str:
        return f"https://localhost:{self.server.port}/token"

    def revoke_tokens(self) -> None:
        self.valid_tokens.clear()

    async def answer(self, asked: Asked) -> Said | None:
        if asked.path == "/token":
            return self._sign_in(asked)
        if self.strict and not self._knows(asked.headers.get(b"authorization", b"").decode()):
            return REFUSED
        found = _ADDRESS.search(asked.body)
        return await self._deliver(found.group(1).decode() if found else "", asked)

    def _sign_in(self, asked: Asked) -> Said:
        form = parse_qs(asked.body.decode())
        if self.refuses_sign_in or form.get("grant_type") != [GRANT] or not form.get("assertion"):
            return Said(400, b'{"error":"invalid_grant"}')
        self.sign_ins += 1
        token = f"token-{self.sign_ins}"
        self.valid_tokens.add(token)
        granted = {
            "access_token": token,
            "expires_in": self.token_lasts_s,
            "token_type": "Bearer",
        }
        return Said(200, json.dumps(granted).encode())

    def _knows(self, header: str) -> bool:
        return header.removeprefix("Bearer ") in self.valid_tokens

    async def _deliver(self, address: str, asked: Asked) -> Said | None:
        self.arrivals.append(monotonic())
        self.asked[address] += 1
        if self.keep_bodies:
            self.bodies.append(asked.body)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        said = self._said(address)
        if said is TAKEN:
            self.taken[address] += 1
        return said

    def _said(self, address: str) -> Said | None:
        match = _NAME.match(address)
        kind, times = match.groups() if match else ("", "")
        if times and self.asked[address] > int(times):
            return TAKEN
        if kind == "silent":
            return None
        return ANSWERS.get(kind, TAKEN)
