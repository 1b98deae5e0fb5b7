"""The inbox in the app, by WebSocket while it is open: an item is kept, a delta goes out."""

from collections.abc import Collection

from apps.base.threads import in_thread
from apps.notify.core.outcomes import ACCEPTED
from apps.notify.models import Telling
from apps.notify.services.inbox import put_in_inboxes
from apps.notify.services.transports import Brake, Parcel, Report, Takes


class Inbox:
    takes = Takes.PERSONS
    rank = critical_rank = 0
    per_minute = 0

    def reachable(self, persons: Collection[int], telling: Telling) -> set[int]:
        return set(persons)

    async def send(self, parcel: Parcel, report: Report, brake: Brake) -> None:
        persons = [pk for _offset, pk in parcel.recipients]
        await in_thread(put_in_inboxes)(telling=parcel.telling, persons=persons)
        for offset, _pk in parcel.recipients:
            report(offset, ACCEPTED)

    async def close(self) -> None:
        pass


def make() -> Inbox:
    return Inbox()
