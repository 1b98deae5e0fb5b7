"""Receipts: it came, it was shown, it was understood. Stages only advance, and none is forged."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.base import clock, tokens
from apps.base.problems import Conflict, Invalid, NotFound
from apps.notify.models import Chunk, Receipt, Registration, Telling

PURPOSE = "notify.receipt"
GOOD_FOR = timedelta(days=7)
STAGES = ("received", "shown", "acknowledged")


class NotSentToYou(Conflict):
    slug = "not-sent-to-you"
    title = _("This message was not sent to this registration.")


def receipt_token(*, telling: int, transport: str, person: int) -> str:
    """What a provider or a link hands back to say that a person got a telling."""
    return tokens.sign(PURPOSE, [telling, transport, person], lasts=GOOD_FOR)


def note_by_token(*, token: str, stage: str) -> Receipt:
    """Raises TokenForged, TokenExpired, Invalid, NotFound."""
    telling, transport, person = tokens.read(PURPOSE, token)
    if not Telling.objects.filter(pk=telling).exists():
        raise NotFound
    return _note(telling, stage, transport=transport, person_id=person)


def note_by_registration(
    *, registration: Registration, telling: uuid.UUID | str, stage: str
) -> Receipt:
    """An app says what became of a telling. Raises Invalid, NotFound, NotSentToYou."""
    found = Telling.objects.filter(code=telling).first()
    if found is None:
        raise NotFound
    if not _was_sent(found, registration):
        raise NotSentToYou
    return _note(found.pk, stage, transport=registration.transport, registration_id=registration.pk)


def note_by_person(*, person: int, telling: uuid.UUID | str, stage: str) -> Receipt:
    """A signed-in person says it of their inbox. Raises Invalid, NotFound."""
    found = Telling.objects.filter(code=telling, inbox_items__person=person).first()
    if found is None:
        raise NotFound
    return _note(found.pk, stage, transport="inbox", person_id=person)


def _was_sent(telling: Telling, registration: Registration) -> bool:
    chunks = Chunk.objects.filter(telling=telling, transport=registration.transport)
    return chunks.filter(recipients__contains=[registration.pk]).exists()


@transaction.atomic
def _note(telling: int, stage: str, **recipient: object) -> Receipt:
    """Insert or advance; a stage reached before keeps its instant."""
    if stage not in STAGES:
        raise Invalid(errors={"stage": _("One of received, shown, acknowledged.")})
    now = clock.now()
    reached = STAGES[: STAGES.index(stage) + 1]
    row, _created = Receipt.objects.get_or_create(
        telling_id=telling, **recipient, defaults={"received_at": now}
    )
    later = {f"{name}_at": Coalesce(F(f"{name}_at"), now) for name in reached if name != "received"}
    if later:
        Receipt.objects.filter(pk=row.pk).update(**later)
        row.refresh_from_db()
    return row
