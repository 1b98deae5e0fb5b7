"""Nobody showed it in time: on to a text message, then to a call, for those who agreed to it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.base import clock, work
from apps.notify.models import Chunk, Receipt, Telling
from apps.notify.services.planning import INBOX, assign_persons
from apps.notify.services.telling import ESCALATE, wake_senders

STEPS = ("sms", "voice")
NEXT_AFTER = timedelta(minutes=3)


@transaction.atomic
def escalate(payload: Mapping[str, Any]) -> None:
    """Work handler: one step for everybody to whom nothing has shown the telling yet."""
    telling = Telling.objects.filter(pk=payload["telling"], stopped_at=None).first()
    if telling is None or telling.expires_at <= clock.now():
        return
    step = int(payload.get("step", 0))
    kind = STEPS[step]
    waiting = persons_told(telling) - persons_who_saw(telling) - _told_by(telling, kind)
    if assign_persons(telling, waiting, only=(kind,)):
        wake_senders()
    if step + 1 < len(STEPS):
        work.enqueue(
            ESCALATE,
            {"telling": telling.pk, "step": step + 1},
            key=f"{telling.pk}:{step + 1}",
            delay=NEXT_AFTER,
        )


def persons_told(telling: Telling) -> set[int]:
    """Persons whom we know by name among those told: each has it in the inbox."""
    return _told_by(telling, INBOX)


def persons_who_saw(telling: Telling) -> set[int]:
    shown = Receipt.objects.filter(telling=telling, shown_at__isnull=False).filter(
        Q(person__isnull=False) | Q(registration__person__isnull=False)
    )
    pairs = shown.values_list("person_id", "registration__person_id")
    return {person or owner for person, owner in pairs}


def _told_by(telling: Telling, kind: str) -> set[int]:
    chunks = Chunk.objects.filter(telling=telling, transport=kind)
    return {pk for recipients in chunks.values_list("recipients", flat=True) for pk in recipients}
