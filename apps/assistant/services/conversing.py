"""The one way into a conversation, whatever the channel.

Inbound → kept once → in this person's order → masked → an engine with a deadline → outputs.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from apps.assistant.core.messages import Inbound, Kind, Output
from apps.assistant.models import ChannelIdentity, InboundEvent
from apps.assistant.services.engines.menus import menus
from apps.assistant.services.engines.registry import engines
from apps.assistant.services.inbox import read_event, take_in
from apps.complaints.core.identifiers import mask_identifiers

logger = logging.getLogger(__name__)
_LOCKS = 0x636861  # the class of advisory locks that keep one person's messages apart


def converse(inbound: Inbound, *, order: str = "") -> list[Output]:
    """Take a message in and answer it. The same message again gets the same answer.

    For channels that wait; others call `take_in` and let the worker call `answer_waiting`.
    """
    event, _new = take_in(inbound=inbound, order=order)
    answer_waiting(identity=event.identity_id)
    event.refresh_from_db(fields=["outputs"])
    return [Output.from_json(one) for one in event.outputs]


def answer_waiting(*, identity: int) -> list[InboundEvent]:
    """Answer all that waits of one person, in order. Returns the messages answered here."""
    with _alone_with(identity):
        return [_answered(event) for event in _waiting_of(identity)]


def _waiting_of(identity: int) -> Iterator[InboundEvent]:
    rows = InboundEvent.objects.waiting().filter(identity=identity).select_related("identity")
    while (event := rows.order_by("order", "pk").first()) is not None:
        yield event


def _answered(event: InboundEvent) -> InboundEvent:
    """By the engine if there are words and it answers in time, else by menus."""
    heard = read_event(event)
    text = mask_identifiers(heard.text) if heard.kind is Kind.TEXT else ""
    if not (text and _by_engine(event, text)):
        menus.answer(event, text)
    event.refresh_from_db()
    return event


def _by_engine(event: InboundEvent, text: str) -> bool:
    if not settings.ASSISTANT_ENGINE:
        return False
    return engines.load(settings.ASSISTANT_ENGINE).answer(event, text)


@contextmanager
def _alone_with(identity: int) -> Iterator[None]:
    """One person's messages are answered one after the other. The lock is the connection's: who
    dies holding it, lets go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCKS, identity % 2**31])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, identity % 2**31])


def bind_person(*, identity: ChannelIdentity, person: int | None, verified_at: object) -> None:
    """Say who speaks by this name on the channel."""
    ChannelIdentity.objects.filter(pk=identity.pk).update(person=person, verified_at=verified_at)
