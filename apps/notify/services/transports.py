"""The ways to a person: one registry, kind → transport. A new one is a folder in `kinds/`.

A transport takes registrations (an app on a device) or persons (their address is looked up when it
is sent, so that whoever gave an address up is not reached by it).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from apps.base.registry import Registry
from apps.notify.core.messages import Content
from apps.notify.core.outcomes import Outcome
from apps.notify.models import Telling


class Takes(Enum):
    REGISTRATIONS = "registrations"
    PERSONS = "persons"
    CELLS = "cells"


@dataclass(frozen=True, slots=True)
class Parcel:
    """The open part of one chunk as a transport gets it: what to say, to whom.

    `recipients` are (offset in the chunk, primary key or cell)."""

    chunk: int
    telling: int
    code: str
    tag: str
    version: int
    category: str
    language: str
    content: Content
    data: Mapping[str, str]
    link: str
    critical: bool
    lane: int
    attempt: int
    expires_at: datetime
    recipients: Sequence[tuple[int, int]]


Report = Callable[[int, Outcome], None]  # offset in the chunk, what became of it


class Brake(Protocol):
    """The sender's hand on a transport: `take` waits until one more may go."""

    async def take(self) -> None: ...

    async def pause(self, length: timedelta) -> None: ...


class Transport(Protocol):
    """Lives in the sender process, one for its whole life; `send` may be called concurrently.

    Persons without an app are told by the reaching transport of the least rank; life is at stake
    in the second of the ranks."""

    takes: Takes
    rank: int
    critical_rank: int
    per_minute: int

    def reachable(self, persons: Collection[int], telling: Telling) -> set[int]:
        """Which of these persons it could reach, and may."""
        ...

    async def send(self, parcel: Parcel, report: Report, brake: Brake) -> None:
        """Send to every recipient and report each as soon as it is known; one that isn't reported
        stays open."""
        ...

    async def close(self) -> None: ...


transports: Registry[Callable[[], Transport]] = Registry("transport")
_made: dict[str, Transport] = {}


def transport(kind: str) -> Transport:
    """This process's transport of a kind. Raises KeyError."""
    made = _made.get(kind)
    if made is None:
        made = _made[kind] = transports.load(kind)()
    return made


def forget_transports() -> None:
    """Make them anew when next asked for, with the settings of then."""
    _made.clear()


def person_transports(*, critical: bool) -> list[tuple[str, Transport]]:
    """Those that take persons, in the order in which to try them."""
    found = [(kind, transport(kind)) for kind in transports.kinds()]
    takers = [(kind, one) for kind, one in found if one.takes is Takes.PERSONS]
    return sorted(takers, key=lambda pair: _rank(pair[1], critical=critical))


def _rank(one: Transport, *, critical: bool) -> int:
    return one.critical_rank if critical else one.rank
