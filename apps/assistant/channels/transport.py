"""What every messenger's way out has in common: one turn of a conversation at a time."""

from abc import ABC, abstractmethod
from collections.abc import Collection

import aiohttp

from apps.assistant.models import InboundEvent
from apps.base import clock
from apps.notify.core.outcomes import ACCEPTED, Outcome
from apps.notify.models import Telling
from apps.notify.services.transports import Brake, Parcel, Report, Takes

TIMEOUT_S = 10


class ChatTransport(ABC):
    """A messenger says in `_say` how one turn is sent; nobody is reached by it uncalled."""

    takes = Takes.CELLS  # neither persons nor registrations: turns of conversations
    rank = critical_rank = 99
    per_minute = 60_000

    def __init__(self) -> None:
        self._opened: aiohttp.ClientSession | None = None

    def reachable(self, persons: Collection[int], telling: Telling) -> set[int]:
        return set()

    async def send(self, parcel: Parcel, report: Report, brake: Brake) -> None:
        for offset, pk in parcel.recipients:
            await brake.take()
            report(offset, await self._say(pk, parcel.attempt))

    @abstractmethod
    async def _say(self, pk: int, attempt: int) -> Outcome: ...

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            self._opened = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        return self._opened

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None


def delivered(event: int | None) -> Outcome:
    """The message that was answered is told so, and its way back forgotten."""
    if event is not None:
        InboundEvent.objects.filter(pk=event).update(delivered_at=clock.now(), reply_to="")
    return ACCEPTED
