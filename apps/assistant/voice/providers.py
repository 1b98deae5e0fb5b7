"""Who carries calls: the REST doors by which calls are made and put through, one registry.

Errors say whether trying again helps. `CITIZEN_VOICE_PROVIDER` names the one for outgoing calls.
"""

import base64
from collections.abc import Callable
from typing import Any, Protocol

import aiohttp
from django.conf import settings

from apps.assistant.models import Call
from apps.assistant.voice.records import proof_of
from apps.assistant.voice.twiml import connect_stream, dial
from apps.base.registry import Registry

TIMEOUT_S = 15


class NotPlaced(RuntimeError):
    """The provider did not take the call; `again`: a repetition may succeed."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again


class Provider(Protocol):
    async def place(self, call: Call, number: str) -> str:
        """Ring `number`; returns the provider's name for the call. Raises NotPlaced."""
        ...

    async def put_through(self, provider_call: str, number: str) -> None:
        """Connect a going call with a telephone. Raises NotPlaced."""
        ...


providers: Registry[Callable[[], Provider]] = Registry("voice provider")
providers.add("twilio", "apps.assistant.voice.providers.Twilio")
providers.add("asterisk", "apps.assistant.voice.providers.Asterisk")


async def _post(
    url: str, *, user: str, password: str, data: dict[str, str] | None = None,
    json: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    proof = base64.b64encode(f"{user}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {proof}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
            session.post(url, data=data, json=json) as answer,
        ):
            body = await answer.read()
            if answer.status >= 300:
                again = answer.status == 429 or answer.status >= 500
                raise NotPlaced(f"http {answer.status}", again=again)
            found: dict[str, Any] = await answer.json(content_type=None) if body else {}
            return found
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NotPlaced(type(error).__name__, again=True) from error
    except ValueError as error:
        raise NotPlaced("an answer that is no JSON", again=False) from error


class Twilio:
    """`POST /2010-04-01/Accounts/{sid}/Calls.json` with TwiML of ours."""

    @property
    def _calls(self) -> str:
        return f"{settings.TWILIO_URL}/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/Calls"

    async def _ask(self, url: str, data: dict[str, str]) -> dict[str, Any]:
        sid, token = settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN
        return await _post(url, user=sid, password=token, data=data)

    async def place(self, call: Call, number: str) -> str:
        answer = await self._ask(
            f"{self._calls}.json",
            {
                "To": number,
                "From": settings.TWILIO_NUMBER,
                "Twiml": connect_stream(settings.VOICE_STREAM_URL, proof_of(call)),
                "Timeout": "40",
                "StatusCallback": f"{settings.PUBLIC_URL}/voice/twilio/status/{call.code}",
            },
        )
        return str(answer.get("sid", ""))

    async def put_through(self, provider_call: str, number: str) -> None:
        await self._ask(f"{self._calls}/{provider_call}.json", {"Twiml": dial(number)})


class Asterisk:
    """ARI: originate a channel that runs AudioSocket with our UUID."""

    async def place(self, call: Call, number: str) -> str:
        await _post(
            f"{settings.ARI_URL}/ari/channels",
            user=settings.ARI_USER,
            password=settings.ARI_PASSWORD,
            json={
                "endpoint": settings.ARI_ENDPOINT % number,
                "extension": settings.ARI_EXTENSION,
                "context": settings.ARI_CONTEXT,
                "priority": 1,
                "timeout": 40,
                "channelId": str(call.code),
                "variables": {"CALL": str(call.code)},
            },
        )
        return str(call.code)

    async def put_through(self, provider_call: str, number: str) -> None:
        """The line closes and the dial plan goes on to the desk's queue."""
