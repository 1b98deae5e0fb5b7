"""A browser and its push service on the loopback: it takes encrypted pushes (RFC 8030), checks who
sent them (VAPID, RFC 8292), and reads them as the browser would (RFC 8291)."""

import base64
import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from citizen.demo.peers.http import Asked, Said, Server

GONE, SLOWER, TAKEN = Said(410), Said(429, headers={"Retry-After": "60"}), Said(201)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(eq=False)
class PushService:
    """`gone-1` is a subscription that is over; `slow1-1` is asked to wait once."""

    read: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[bytes, bytes]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.server = Server(self.answer)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = secrets.token_bytes(16)

    def subscription(self, name: str) -> str:
        """What the browser tells our web app, as the registration keeps it."""
        public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": _text(public), "auth": _text(self.secret)}
        return json.dumps({"endpoint": f"{self.url}/push/{name}", "keys": keys})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def answer(self, asked: Asked) -> Said:
        name = asked.path.rpartition("/")[2]
        self.asked[name] += 1
        if not Vapid02.verify(asked.headers[b"authorization"].decode()):
            return Said(403)
        if name.startswith("gone"):
            return GONE
        if name.startswith("slow1") and self.asked[name] == 1:
            return SLOWER
        self.headers.append(asked.headers)
        plain = http_ece.decrypt(asked.body, private_key=self.key, auth_secret=self.secret)
        self.read.append(json.loads(plain))
        return TAKEN
