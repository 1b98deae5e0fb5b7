"""What the assistant keeps of a person: handed out, and let go of."""

from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers
from apps.assistant.models import Conversation, Handover

KEYS = (
    "assistant.ChannelIdentity.person",
    "assistant.Handover.taken_by",
)
_FORGET_TRACKERS = "DELETE FROM rasa.tracker_event WHERE session = ANY(%s)"


@covers(*KEYS)
def export_conversations(person: Person) -> Section:
    rows = Conversation.objects.filter(identity__person=person).prefetch_related("turns")
    return Section(
        {
            "conversations": [_written(row) for row in rows.select_related("identity")],
            "took_over": list(
                Handover.objects.filter(taken_by__person=person).values("taken_at", "ended_at")
            ),
        }
    )


def _written(row: Conversation) -> dict[str, Any]:
    return {
        "channel": row.identity.channel,
        "language": row.language,
        "started_at": row.started_at,
        "turns": [
            {"at": turn.at, "side": turn.side, "text": turn.text} for turn in row.turns.all()
        ],
    }


@covers(*KEYS)
@transaction.atomic
def erase_conversations(person: Person) -> Erased:
    """All talks and the names on the channels go; who took over a talk of somebody else's is
    forgotten, the talk is not."""
    freed = Handover.objects.filter(taken_by__person=person).update(taken_by=None)
    removed = forget(Conversation.objects.filter(identity__person=person))
    removed += person.channel_identities.all().delete()[0]
    return Erased(removed=removed, anonymised=freed)


def forget(rows: Any) -> int:
    """Remove conversations, and what the engine remembers of them."""
    sessions = list(rows.values_list("session", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_TRACKERS, [sessions])
    removed: int = rows.delete()[0]
    return removed
