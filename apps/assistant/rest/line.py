"""LINE's webhook: signature first, then every event once, then 200; the worker answers."""

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from apps.assistant.channels.line.events import Envelope, LineEvent, is_signed, said_in
from apps.assistant.core.messages import Inbound, Place
from apps.assistant.services.inbox import take_in
from apps.assistant.services.pace import slow_down
from apps.assistant.services.waiting import answer_soon
from apps.base import clock
from apps.base.problems import Malformed, NotAllowed, TooLarge

MAX_BODY_BYTES = 65_536


@method_decorator(csrf_exempt, name="dispatch")
class LineWebhookView(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        body = request.body
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge
        signature = request.headers.get("X-Line-Signature", "")
        if not settings.LINE_SECRET or not is_signed(body, signature, settings.LINE_SECRET):
            raise NotAllowed
        try:
            envelope = msgspec.json.decode(body, type=Envelope)
        except msgspec.DecodeError as error:
            raise Malformed(str(error)) from error
        for event in sorted(envelope.events, key=lambda one: one.timestamp):
            _take(event)
        return HttpResponse(status=200)


def _take(event: LineEvent) -> None:
    said = said_in(event)
    if said is None or not event.source.user_id:
        return
    place = said.pop("place", None)
    inbound = Inbound(
        channel="line",
        identity=event.source.user_id,
        event_id=event.webhook_event_id,
        received_at=clock.now(),
        place=Place(*place) if isinstance(place, tuple) else None,
        **{name: str(value) for name, value in said.items()},  # type: ignore[arg-type]
    )
    kept, is_new = take_in(
        inbound=inbound, order=f"{event.timestamp:020d}", reply_to=event.reply_token
    )
    if is_new and not slow_down(kept):
        answer_soon(kept)
