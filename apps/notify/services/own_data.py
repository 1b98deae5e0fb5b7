"""What notify keeps of a person: apps, places, wishes, what they were told."""

from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers
from apps.notify.models import Reach

KEYS = (
    "notify.Registration.person",
    "notify.SavedPlace.person",
    "notify.Reach.person",
    "notify.Receipt.person",
    "notify.InboxItem.person",
)


@covers(*KEYS)
def export_notify(person: Person) -> Section:
    return Section(
        {
            "registrations": _rows(
                person.registrations.all(), "code", "platform", "transport", "locale", "cell",
                "cell_at", "muted", "created_at", "seen_at", "ended_at",
            ),
            "saved_places": _rows(person.saved_places.all(), "label", "cell", "created_at"),
            "wishes": _rows(
                _reach(person), "alerts_by_sms", "alerts_by_voice", "quiet_from", "quiet_to",
                "muted",
            ),
            "inbox": _rows(
                person.inbox_items.all(), "telling__contents", "created_at", "read_at"
            ),
            "receipts": _rows(
                person.receipts.all(), "telling__code", "transport", "received_at", "shown_at",
                "acknowledged_at",
            ),
        }
    )  # fmt: skip


def _reach(person: Person) -> QuerySet[Reach]:
    return Reach.objects.filter(person=person)


def _rows(rows: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    return list(rows.values(*fields))


@covers(*KEYS)
def erase_notify(person: Person) -> Erased:
    removed = 0
    for rows in (
        person.saved_places.all(), person.inbox_items.all(), person.receipts.all(),
        person.registrations.all(), _reach(person),
    ):  # fmt: skip
        removed += rows.delete()[0]
    return Erased(removed=removed)
