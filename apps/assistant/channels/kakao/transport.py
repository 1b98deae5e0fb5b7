"""Posts a late answer to the callback address that came with the request: within a minute, once."""

from datetime import timedelta
from random import random
from urllib.parse import urlsplit

import aiohttp
from django.conf import settings

from apps.assistant.channels.kakao.channel import Json, answer_of
from apps.assistant.channels.transport import ChatTransport, delivered
from apps.assistant.core.messages import Output
from apps.assistant.models import Turn
from apps.assistant.services.delivery import answer_with
from apps.base import clock
from apps.base.sealing import unseal
from apps.base.threads import in_thread
from apps.notify.core.outcomes import Outcome, Verdict, later

CALLBACK_LASTS = timedelta(seconds=55)
TOO_LATE = Outcome(Verdict.REFUSED, "no_callback")


def is_allowed(address: str) -> bool:
    """Whether a callback address is Kakao's; what a request names is not simply posted to."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    wanted = settings.KAKAO_CALLBACK_HOSTS
    is_theirs = any(host == one or host.endswith(f".{one}") for one in wanted)
    return is_theirs and (parts.scheme == "https" or host in ("127.0.0.1", "localhost"))


class KakaoChat(ChatTransport):
    async def _say(self, pk: int, attempt: int) -> Outcome:
        letter = await in_thread(_letter)(pk)
        if letter is None:
            return TOO_LATE  # it is said with the next answer
        event, address, body = letter
        try:
            async with self._session().post(address, json=body) as answer:
                await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return later(type(error).__name__.lower(), attempt=attempt, jitter=random())
        if status >= 300:
            return Outcome(Verdict.REFUSED, f"http_{status}")
        return await in_thread(delivered)(event)


def _letter(pk: int) -> tuple[int, str, Json] | None:
    first = Turn.objects.select_related("conversation__identity", "event").filter(pk=pk).first()
    event = first.event if first is not None else None
    if first is None or event is None or not event.reply_to or event.delivered_at is not None:
        return None
    if clock.now() - event.received_at > CALLBACK_LASTS:
        return None
    outputs = [Output.from_json(turn.output) for turn in answer_with(first) if turn.output]
    return event.pk, unseal(event.reply_to), answer_of(outputs, first.conversation)


def make() -> KakaoChat:
    return KakaoChat()
