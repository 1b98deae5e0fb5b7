"""Messages that nobody waits for at the door: answered by the worker, found by the sweeper."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from apps.assistant.events import ANSWER
from apps.assistant.models import InboundEvent
from apps.assistant.services.conversing import answer_waiting
from apps.base import work


@transaction.atomic
def answer_soon(event: InboundEvent, *, delay: timedelta | None = None) -> None:
    """Whatever becomes of this process, the message is answered."""
    work.enqueue(ANSWER, {"identity": event.identity_id}, key=str(event.pk), delay=delay)


def answer_next(payload: Mapping[str, Any]) -> None:
    """The work: what waits longest of one person. Each message has its own row of work, so that
    all are answered, each in a transaction of its own."""
    answer_waiting(identity=payload["identity"], most=1)
