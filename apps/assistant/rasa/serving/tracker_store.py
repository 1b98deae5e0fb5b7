"""Rasa's trackers, kept by the city: they go to PostgreSQL by the same inner door as the actions.

So Rasa holds no key to the database, needs no driver, and its event loop never waits for a query.
A tracker is its events; the store appends those it has not sent. This process is the only one that
writes, so what it saved last serves the next message: a cache that a restart loses.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from apps.assistant.rasa.serving.inner import InnerDoor
from apps.assistant.rasa.serving.tracker import ShortTracker

KEPT = 2000


class CityTrackerStore(TrackerStore):
    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        host: str = "",  # what Rasa calls the endpoint's url
        secret: str = "",
        **_kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._door = InnerDoor(host, {"Authorization": f"Bearer {secret}"})
        self._kept: OrderedDict[str, ShortTracker] = OrderedDict()

    async def retrieve(self, sender_id: str) -> ShortTracker:
        """The tracker itself, no copy of it: when it is not saved, whatever became of its message,
        it is gone from here and read anew."""
        kept = self._kept.pop(sender_id, None)
        return kept if kept is not None else await self._read(sender_id)

    async def _read(self, sender_id: str) -> ShortTracker:
        told = await self._door.get(f"/{sender_id}")
        tracker = ShortTracker(sender_id, self.domain.slots)
        for event in deserialise_events(told["events"]):
            tracker.update(event)
        tracker.mark_saved()
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        if not isinstance(tracker, ShortTracker):  # Rasa's stand-in for one that could not be read
            return
        if tracker.unsaved:
            events = [event.as_dict() for event in tracker.unsaved]
            sent = {"first": tracker.saved, "events": events}
            await self._door.post(f"/{tracker.sender_id}", sent)
            tracker.mark_saved()
        self._keep(tracker)

    async def keys(self) -> Iterable[str]:
        return list(self._kept)

    def _keep(self, tracker: ShortTracker) -> None:
        self._kept[tracker.sender_id] = tracker
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
