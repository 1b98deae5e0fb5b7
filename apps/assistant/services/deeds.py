"""Remembering what was done by a channel, and finding it again."""

from datetime import timedelta
from uuid import UUID

from apps.assistant.models import Conversation, Deed
from apps.base import clock

KEPT = timedelta(days=180)


def note_deed(*, conversation: str, kind: str, reference: UUID | str) -> None:
    """Twice is once."""
    row = Conversation.objects.select_related("identity").get(code=conversation)
    Deed.objects.get_or_create(
        identity=row.identity, kind=kind, reference=reference, defaults={"at": clock.now()}
    )


def deeds_in(conversation: str, kind: str, *, within: timedelta = KEPT) -> list[UUID]:
    """The codes of what whoever speaks here did, the newest first."""
    rows = Deed.objects.filter(
        identity__conversations__code=conversation, kind=kind, at__gte=clock.now() - within
    )
    return list(rows.values_list("reference", flat=True).distinct().order_by("-at", "-pk")[:50])


def forget_deeds() -> int:
    """Retention."""
    removed, _each = Deed.objects.filter(at__lt=clock.now() - KEPT).delete()
    return removed
