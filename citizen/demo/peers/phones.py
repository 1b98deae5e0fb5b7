"""A telephone company with two doors, for texts and for calls, and the people who pick up.

It checks our signature, drops a repetition by its key, and reports back what became of each: the
text arrived and was read; somebody picked up, heard it, pressed a key.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from citizen.demo.peers.http import Asked, Said, Server

Report = Callable[[str, str], Awaitable[None]]  # reference, stage
STAGES = {"sms": ("received", "shown"), "call": ("received", "shown", "acknowledged")}


@dataclass(eq=False)
class PhonePeer:
    """`report` sends a receipt; `picks_up` says who answers."""

    secret: str
    report: Report | None = None
    takes_s: float = 0.0
    texts: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    answers: int = 0
    busy: int = 0
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.server = Server(self.answer)

    @property
    def sms_url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/sms"

    @property
    def voice_url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/call"

    async def answer(self, asked: Asked) -> Said:
        kind = asked.path.strip("/")
        mac = hmac.new(self.secret.encode(), asked.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(mac.encode(), asked.headers.get(b"x-signature", b"")):
            return Said(401)
        if self.busy:
            self.busy -= 1
            return Said(503)
        order = json.loads(asked.body)
        if order["key"] not in self.seen:
            self.seen.add(order["key"])
            (self.texts if kind == "sms" else self.calls).append(order)
            self._talk(kind, order["reference"])
        return Said(202)

    def _talk(self, kind: str, reference: str) -> None:
        if self.report is None:
            return
        task = asyncio.create_task(self._go_on(kind, reference))
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)

    async def _go_on(self, kind: str, reference: str) -> None:
        assert self.report is not None
        for stage in STAGES[kind]:
            await asyncio.sleep(self.takes_s)
            await self.report(reference, stage)
