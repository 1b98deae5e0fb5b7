"""Kakao's skill server: an answer within its five seconds, whatever the engine does.

What is ready in time is the answer. What is not goes on in its own thread, and is posted to the
callback address where the bot may have one, else said with the next answer.
"""

import logging
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from datetime import timedelta
from time import monotonic

import msgspec
from django.conf import settings
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from apps.assistant.channels.kakao.channel import SkillPayload, answer_of, please_wait
from apps.assistant.channels.kakao.transport import is_allowed
from apps.assistant.core.messages import Inbound, Output
from apps.assistant.models import InboundEvent
from apps.assistant.services.conversing import answer_waiting
from apps.assistant.services.delivery import send_turns, undelivered
from apps.assistant.services.inbox import take_in
from apps.assistant.services.pace import slow_down
from apps.assistant.services.waiting import answer_soon
from apps.base import clock
from apps.base.problems import Malformed, NotAllowed, TooLarge

MAX_BODY_BYTES = 65_536
BUDGET_S = 3.5
SWEPT_AFTER = timedelta(seconds=10)
logger = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="kakao")


@method_decorator(csrf_exempt, name="dispatch")
class KakaoSkillView(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        answer_by = monotonic() + BUDGET_S
        payload = _read(request)
        event, is_new = _take(payload)
        if is_new and not slow_down(event):
            answer_soon(event, delay=SWEPT_AFTER)
        connection.close()  # back to the pool, where the thread that answers finds it
        answering = _threads.submit(_answer, event.identity_id)
        try:
            answering.result(timeout=max(0.0, answer_by - monotonic()))
        except NotInTime:
            return JsonResponse(_late(event, answering))
        answered = InboundEvent.objects.select_related("conversation").get(pk=event.pk)
        return JsonResponse(_in_time(answered))


def _read(request: HttpRequest) -> SkillPayload:
    """Who asks comes before what is asked."""
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.KAKAO_SECRET}"
    if not settings.KAKAO_SECRET or not constant_time_compare(given, wanted):
        raise NotAllowed
    if len(request.body) > MAX_BODY_BYTES:
        raise TooLarge
    try:
        return msgspec.json.decode(request.body, type=SkillPayload)
    except msgspec.DecodeError as error:
        raise Malformed(str(error)) from error


def _take(payload: SkillPayload) -> tuple[InboundEvent, bool]:
    asked = payload.user_request
    said = payload.said()
    inbound = Inbound(
        channel="kakao",
        identity=asked.user.id,
        event_id=payload.event_id or uuid.uuid4().hex,
        received_at=clock.now(),
        language=asked.lang or "",
        silence=not any(value.strip() for value in said.values()),
        **{name: value for name, value in said.items() if value.strip()},  # type: ignore[arg-type]
    )
    callback = asked.callback_url or ""
    return take_in(inbound=inbound, reply_to=callback if is_allowed(callback) else "")


def _answer(identity: int) -> None:
    try:
        answer_waiting(identity=identity)
    finally:
        connections.close_all()


def _in_time(event: InboundEvent) -> dict[str, object]:
    """What stood over from before comes first."""
    if event.delivered_at is not None:  # asked again
        outputs = [Output.from_json(one) for one in event.outputs]
    else:
        outputs = undelivered(identity=event.identity_id)
    return answer_of(outputs, event.conversation)


def _late(event: InboundEvent, answering: "Future[None]") -> dict[str, object]:
    language = event.identity.language or settings.LANGUAGE_CODE
    with translation.override(language):
        if event.reply_to:
            answering.add_done_callback(lambda _done: _post_later(event.pk))
            return please_wait(_("One moment, please."))
        text = _("This takes a moment. Please write again in a few seconds; I have not forgotten.")
    return answer_of([Output(text=text)], None)


def _post_later(pk: int) -> None:
    try:
        event = InboundEvent.objects.select_related("conversation__identity").get(pk=pk)
        if event.conversation is not None:
            send_turns(event.conversation, list(event.turns.order_by("number")))
    except Exception:
        logger.exception("a late answer could not be put on its way")
    finally:
        connections.close_all()
