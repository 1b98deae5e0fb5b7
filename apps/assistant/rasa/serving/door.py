"""The one way into Rasa: its REST channel, but only for whoever knows the secret.

Rasa's own REST channel asks nobody for a token, takes texts of any size, and gives all who name no
sender one tracker.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from apps.assistant.rasa.serving.lean import make_lean

MAX_BODY_BYTES = 8_000
MAX_TEXT = 1_200
FIRST_WORDS = ("안녕하세요", "hello")  # the first sentence takes a second, so it is one of ours


class Door(RestInput):
    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("the door needs its secret")
        self._wanted = f"Bearer {secret}"

    @classmethod
    def name(cls) -> str:
        return "citizen"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "Door":
        return cls((credentials or {}).get("secret", ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        door = Blueprint("citizen_door")

        @door.listener("after_server_start")
        async def settle_in(app: Sanic, _loop: Any) -> None:
            make_lean(app.ctx.agent)
            for words in FIRST_WORDS:
                await app.ctx.agent.parse_message(words)

        @door.route("/", methods=["GET"])
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @door.route("/messages", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given, self._wanted):
                return response.json({"error": "not allowed"}, status=401)
            if len(request.body) > MAX_BODY_BYTES:
                return response.json({"error": "too large"}, status=413)
            said = request.json or {}
            text, sender = said.get("text", ""), said.get("sender", "")
            if not text or not sender or len(text) > MAX_TEXT or text.startswith("/"):
                return response.json({"error": "not a message"}, status=400)
            collected = CollectingOutputChannel()
            message = UserMessage(
                text,
                collected,
                sender,
                input_channel=self.name(),
                metadata=said.get("metadata") or {},
            )
            await on_new_message(message)
            return response.json(collected.messages)

        return door
