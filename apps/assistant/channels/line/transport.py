"""Sends what the city said by LINE: as a reply while its token is fresh, else as a push.

A push carries `X-Line-Retry-Key`, the same for the same turn, so that LINE drops a repetition.
"""

import uuid
from datetime import timedelta
from random import random
from typing import Any

import aiohttp
from django.conf import settings

from apps.assistant.channels.line.channel import messages_of
from apps.assistant.channels.transport import ChatTransport, delivered
from apps.assistant.models import InboundEvent, Turn
from apps.assistant.services.delivery import answer_with
from apps.base import clock
from apps.base.sealing import unseal
from apps.base.threads import in_thread
from apps.notify.core.outcomes import Outcome, Verdict, later

TOKEN_LASTS = timedelta(seconds=50)
GONE = Outcome(Verdict.REFUSED, "no_turn")
UNSET = Outcome(Verdict.LATER, "not_set_up", pause=timedelta(minutes=5), alarm=True)
_RETRY_KEYS = uuid.UUID("6f0c2a52-53a9-4c0c-9d2e-6f9b5e1a7c11")
Json = dict[str, Any]


class LineChat(ChatTransport):
    async def _say(self, pk: int, attempt: int) -> Outcome:
        if not settings.LINE_TOKEN:
            return UNSET
        letter = await in_thread(_letter)(pk)
        if letter is None:
            return GONE
        try:
            if letter["reply_token"] and await self._post("reply", _reply(letter), {}) < 300:
                return await in_thread(delivered)(letter["event"])
            retry_key = str(uuid.uuid5(_RETRY_KEYS, str(pk)))
            status = await self._post("push", _push(letter), {"X-Line-Retry-Key": retry_key})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return later(type(error).__name__.lower(), attempt=attempt, jitter=random())
        if status < 300 or status == 409:  # 409: taken at an earlier attempt
            return await in_thread(delivered)(letter["event"])
        return _judge(status, attempt)

    async def _post(self, way: str, body: Json, headers: dict[str, str]) -> int:
        address = f"{settings.LINE_URL}/v2/bot/message/{way}"
        bearer = {"Authorization": f"Bearer {settings.LINE_TOKEN}"}
        async with self._session().post(address, json=body, headers=bearer | headers) as answer:
            await answer.read()
            return answer.status


def _letter(pk: int) -> Json | None:
    """What to send to whom."""
    first = Turn.objects.select_related("conversation__identity", "event").filter(pk=pk).first()
    if first is None:
        return None
    conversation = first.conversation
    messages = messages_of(answer_with(first), conversation)
    if not messages:
        return None
    return {
        "to": conversation.identity.identity,
        "messages": messages,
        "reply_token": _fresh_token(first.event),
        "event": first.event_id,
    }


def _fresh_token(event: InboundEvent | None) -> str:
    """A reply costs nothing, but its token lasts about a minute and serves once."""
    if event is None or not event.reply_to or event.delivered_at is not None:
        return ""
    is_fresh = clock.now() - event.received_at < TOKEN_LASTS
    return unseal(event.reply_to) if is_fresh else ""


def _reply(letter: Json) -> Json:
    return {"replyToken": letter["reply_token"], "messages": letter["messages"]}


def _push(letter: Json) -> Json:
    return {"to": letter["to"], "messages": letter["messages"]}


def _judge(status: int, attempt: int) -> Outcome:
    if status in (401, 403):
        return Outcome(Verdict.LATER, f"http_{status}", pause=timedelta(minutes=1), alarm=True)
    if status == 429 or status >= 500:
        return later(f"http_{status}", attempt=attempt, jitter=random())
    return Outcome(Verdict.REFUSED, f"http_{status}")


def make() -> LineChat:
    return LineChat()
