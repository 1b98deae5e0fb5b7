"""`tell`: the one way to tell a person, or everybody in an area, something.

It writes the outbox in the caller's transaction: what is told commits with its cause, or neither.
The sender process does the rest.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta

from django.db import IntegrityError, connection, transaction

from apps.accounts.models import Person
from apps.base import clock, request_ids, work
from apps.notify.core.messages import Lane, Message
from apps.notify.models import Telling
from apps.notify.selectors.audiences import Audience
from apps.notify.services.planning import plan_audience, plan_person, write_chunk

ESCALATE = "notify.escalate"
ESCALATES_AFTER = timedelta(minutes=3)
LASTS = timedelta(days=1)
CHANNEL = "notify_outbox"


@transaction.atomic
def tell(
    *, to: Person | Audience, message: Message, lane: Lane, key: str, cause: str = ""
) -> Telling:
    """Put a message on its way. The same `key` again changes nothing and returns the first.

    Args:
        to: one person, by every way they want to be told, or everybody in an area.
        key: names what is told, such as "ride:CODE:arriving"; at most 200 characters.
        cause: what staff look it up by, such as "alert:CODE"; the key serves if left out.
    """
    telling, is_new = _found_or_written(message, lane, key, cause or key[:120])
    if not is_new:
        return telling
    telling.planned = _plan(telling, to)
    telling.save(update_fields=["planned"])
    if message.escalates:
        work.enqueue(ESCALATE, {"telling": telling.pk}, key=str(telling.pk), delay=ESCALATES_AFTER)
    wake_senders()
    return telling


def tell_each(
    *, to: Iterable[Person], message: Message, lane: Lane, key: str, cause: str = ""
) -> list[Telling]:
    """The same to several persons, each with a key of their own."""
    return [
        tell(to=one, message=message, lane=lane, key=f"{key}:{one.pk}", cause=cause) for one in to
    ]


@transaction.atomic
def tell_by(*, transport: str, recipient: int, message: Message, lane: Lane, key: str) -> Telling:
    """Put a message on its way by one transport, to a recipient that only it knows how to reach,
    such as a turn of a conversation. The same `key` again changes nothing and returns the first."""
    telling, is_new = _found_or_written(message, lane, key, key[:120])
    if is_new:
        telling.planned = write_chunk(telling, transport, recipient)
        telling.save(update_fields=["planned"])
        wake_senders()
    return telling


def _found_or_written(message: Message, lane: Lane, key: str, cause: str) -> tuple[Telling, bool]:
    known = Telling.objects.filter(key=key).first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            return _written(message, lane, key, cause), True
    except IntegrityError:  # somebody else told it between our look and our row
        return Telling.objects.get(key=key), False


def wake_senders() -> None:
    """A hint, sent when this transaction commits; the senders look by themselves, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def _written(message: Message, lane: Lane, key: str, cause: str) -> Telling:
    now = clock.now()
    code = uuid.uuid4()
    return Telling.objects.create(
        code=code,
        key=key,
        cause=cause,
        lane=lane,
        category=message.category,
        tag=message.tag or code.hex,
        version=message.version,
        contents={language: asdict(content) for language, content in message.contents.items()},
        data=dict(message.data),
        link=message.link,
        critical=message.critical,
        escalates=message.escalates,
        rings=message.rings,
        expires_at=message.expires_at or now + LASTS,
        request_id=request_ids.current(),
        created_at=now,
    )


def _plan(telling: Telling, to: Person | Audience) -> int:
    if isinstance(to, Person):
        return plan_person(telling, to)
    return plan_audience(telling, to)
