"""A person's inbox, as a live topic. Its key is known only to the person's own apps."""

import uuid
from collections.abc import Iterable

from apps.base.live import Row
from apps.notify.models import InboxItem, Reach

TOPIC = "notify.inbox"
SHOWN = 100


def item_row(item: InboxItem) -> Row:
    content = item.telling.content(item.person.locale)
    return {
        "id": str(item.telling.code),
        "version": item.version,
        "title": content.title,
        "body": content.body,
        "category": item.telling.category,
        "link": item.telling.link,
        "critical": item.telling.critical,
        "at": item.created_at,
        "read_at": item.read_at,
    }


class InboxSource:
    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        try:
            reach = Reach.objects.get(inbox=uuid.UUID(key))
        except (ValueError, Reach.DoesNotExist) as error:
            raise KeyError(key) from error
        items = InboxItem.objects.filter(person=reach.person_id)
        if since is not None:
            items = items.filter(changed_in__gte=since)
        newest = items.select_related("telling", "person").order_by("-pk")[:SHOWN]
        return [item_row(item) for item in newest]


source = InboxSource()
