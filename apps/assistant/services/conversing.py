"""The one way into a conversation, whatever the channel.

Inbound → kept once → in this person's order → masked → an engine with a deadline → outputs.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from django.conf import settings
from django.db import DatabaseError, connection

from apps.assistant.channels.registry import fetchers
from apps.assistant.core.messages import Inbound, Output
from apps.assistant.models import InboundEvent
from apps.assistant.services.engines.menus import menus
from apps.assistant.services.engines.registry import engines
from apps.assistant.services.inbox import read_event, seal_again, take_in
from apps.assistant.services.settling import apologise

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


def answer_waiting(*, identity: int, most: int | None = None) -> None:
    """Answer what waits of one person, in order.

    Within a transaction take them one by one (`most=1`): the engine's actions must be able to lock
    the conversation.
    """
    with _alone_with(identity):
        for event in islice(_waiting_of(identity), most):
            _answer(event)


def _waiting_of(identity: int) -> Iterator[InboundEvent]:
    rows = InboundEvent.objects.waiting().filter(identity=identity).select_related("identity")
    while (event := rows.order_by("order", "pk").first()) is not None:
        yield event


def _answer(event: InboundEvent) -> None:
    """By the engine if there are words and it answers in time, else by menus.

    A defect of ours costs one answer, not the conversation: what can't be answered is apologised
    for, and the next message is looked at.
    """
    try:
        _settle(event)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("a message could not be answered")
        apologise(event=event.pk)


def _settle(event: InboundEvent) -> None:
    heard = read_event(event)
    if heard.media:
        heard = _fetched(event, heard)
    if not (heard.text and _by_engine(event, heard.text)):
        menus.answer(event, heard.text)


def _fetched(event: InboundEvent, heard: Inbound) -> Inbound:
    """A photo that the channel only named is fetched and taken in, before anything is locked."""
    kind, _, reference = heard.media.partition(":")
    if not reference or kind not in fetchers:
        return heard
    token = fetchers.load(kind)(reference)
    heard = replace(heard, media=token, silence=not token)
    seal_again(event, heard)
    return heard


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
