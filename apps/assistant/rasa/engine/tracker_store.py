"""Rasa's trackers, kept by the city: they go to PostgreSQL by the same inner door as the actions.

So Rasa holds no key to the database, needs no driver, and its event loop never waits for a query.
A tracker is its events; the store appends those it has not sent. This process is the only one that
writes, so what it sent last serves the next message: a cache that a restart loses.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import aiohttp
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

KEPT = 2000
TIMEOUT_S = 5
logger = logging.getLogger(__name__)
Events = list[dict[str, Any]]


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
        self._url = host
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._kept: OrderedDict[str, Events] = OrderedDict()
        self._session: aiohttp.ClientSession | None = None

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        events = [event.as_dict() for event in tracker.events]
        known = len(self._kept.get(tracker.sender_id, []))
        if len(events) > known:
            sent = {"first": known, "events": events[known:]}
            async with self._open().post(f"{self._url}/{tracker.sender_id}", json=sent) as answer:
                answer.raise_for_status()
        self._keep(tracker.sender_id, events)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        events = self._kept.get(sender_id)
        if events is None:
            async with self._open().get(f"{self._url}/{sender_id}") as answer:
                answer.raise_for_status()
                events = (await answer.json())["events"]
            self._keep(sender_id, events)
        if not events:
            return None
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    async def keys(self) -> Iterable[str]:
        return list(self._kept)

    def _keep(self, sender_id: str, events: Events) -> None:
        self._kept[sender_id] = events
        self._kept.move_to_end(sender_id)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=timeout)
        return self._session
