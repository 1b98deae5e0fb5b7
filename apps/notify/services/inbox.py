"""The inbox in the app: items are put in and read."""

import uuid
from collections.abc import Collection

from django.db import transaction

from apps.accounts.models import Person
from apps.base import clock, live
from apps.base.problems import NotFound
from apps.notify.models import InboxItem, Reach
from apps.notify.selectors.inbox import TOPIC, item_row


def reach_of(person: Person) -> Reach:
    """The person's ways to be reached; made with its defaults when first asked for."""
    reach, _created = Reach.objects.get_or_create(
        person=person, defaults={"updated_at": clock.now()}
    )
    return reach


@transaction.atomic
def put_in_inboxes(*, telling: int, persons: Collection[int]) -> None:
    """Once in each inbox, however often it is sent."""
    now = clock.now()
    present = Person.objects.present().filter(pk__in=list(persons))
    InboxItem.objects.bulk_create(
        [InboxItem(telling_id=telling, person=person, created_at=now) for person in present],
        ignore_conflicts=True,
    )
    _announce(telling, persons)


@transaction.atomic
def read_item(*, person: Person, code: uuid.UUID | str) -> InboxItem:
    """The person opened it. Raises NotFound."""
    item = InboxItem.objects.filter(person=person, telling__code=code).first()
    if item is None:
        raise NotFound
    if item.read_at is None:
        InboxItem.objects.filter(pk=item.pk).update(**InboxItem.touched(), read_at=clock.now())
        _announce(item.telling_id, [person.pk])
        item.refresh_from_db()
    return item


def _announce(telling: int, persons: Collection[int]) -> None:
    rows = InboxItem.objects.filter(telling=telling, person__in=list(persons))
    for item in rows.select_related("telling", "person__reach"):
        reach = getattr(item.person, "reach", None)
        if reach is not None:
            live.announce(f"{TOPIC}:{reach.inbox}", [item_row(item)])
