"""The inner door: what Rasa asks of us. Only on loopback, only with the secret.

An action settles the message in one transaction (`services.settling`) and tells Rasa where the
conversation stands. What is said goes out by the message's own row, so that an answer is neither
lost nor said twice, whatever becomes of Rasa in between.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.assistant.models import Conversation, InboundEvent
from apps.assistant.rasa.secrets import is_rasa
from apps.assistant.rasa.tracker import events_for
from apps.assistant.rasa.understanding import event_of, understood_from
from apps.assistant.services.settling import settle

View = Callable[..., HttpResponse]
LOOPBACK = ("127.0.0.1", "::1")
ENGINE = "rasa"


def for_rasa(view: View) -> View:
    """Only this machine, and only who knows the secret."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.META.get("REMOTE_ADDR") not in LOOPBACK:
            return JsonResponse({"error": "not from here"}, status=403)
        if not is_rasa(request.headers.get("Authorization", "")):
            return JsonResponse({"error": "not allowed"}, status=401)
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


@for_rasa
@require_http_methods(["POST"])
def actions(request: HttpRequest) -> HttpResponse:
    """Rasa's action server: `validate_SKILL_form` and `action_answer`."""
    asked = msgspec.json.decode(request.body)
    conversation = _settled(asked["tracker"])
    if conversation is None:  # somebody else answered it, or it is none of ours
        rejected = {"action_name": asked["next_action"], "error": "answered already"}
        return JsonResponse(rejected, status=400)
    events = events_for(conversation, asked["next_action"], asked["tracker"]["slots"])
    return JsonResponse({"events": events, "responses": []})


@for_rasa
@require_http_methods(["POST"])
def sayings(request: HttpRequest) -> HttpResponse:
    """Rasa's language generation: the text of a response, in the conversation's language."""
    asked = msgspec.json.decode(request.body)
    conversation = _settled(asked["tracker"])
    said = _said(conversation) if conversation is not None else ""
    return JsonResponse({"text": said})


def _settled(tracker: dict[str, Any]) -> Conversation | None:
    event = event_of(tracker)
    if event is None:
        return None
    try:
        return settle(event=event, understood=understood_from(tracker), engine=ENGINE)
    except InboundEvent.DoesNotExist:
        return None


def _said(conversation: Conversation) -> str:
    last = conversation.turns.filter(side="assistant").order_by("-number").first()
    return last.text if last is not None else ""


# ---------------------------------------------------------------- trackers

# A row holds what came of one message, by the number of its first event.
_READ = """
SELECT coalesce(jsonb_agg(one.event ORDER BY kept.number, one.place), '[]')::text
FROM rasa.tracker_event AS kept,
    jsonb_array_elements(kept.event) WITH ORDINALITY AS one (event, place)
WHERE kept.session = %s AND jsonb_typeof(kept.event) = 'array'
"""
_APPEND = """
INSERT INTO rasa.tracker_event (session, number, event) VALUES (%s, %s, %s::jsonb)
ON CONFLICT (session, number) DO UPDATE SET event = excluded.event
"""


class Sent(msgspec.Struct):
    first: int
    events: msgspec.Raw


@for_rasa
@require_http_methods(["GET", "POST"])
def tracker(request: HttpRequest, session: UUID) -> HttpResponse:
    """A tracker's events, appended; their rows are PostgreSQL's schema `rasa`."""
    with connection.cursor() as cursor:
        if request.method == "GET":
            cursor.execute(_READ, [session])
            (events,) = cursor.fetchone()
            return HttpResponse(f'{{"events":{events}}}', content_type="application/json")
        sent = msgspec.json.decode(request.body, type=Sent)
        cursor.execute(_APPEND, [session, sent.first, bytes(sent.events).decode()])
    return HttpResponse(status=204)
