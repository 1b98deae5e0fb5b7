"""What devices announce: new observations, to the receivers that apps registered.

A receiver runs in the writer's transaction, in a savepoint of its own, with one set-based
statement or by writing a `base.Work` row. It sees each observation once, in any order, and never
one that was there before.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.base.registry import Registry

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Arrivals:
    """New observations in columns, sorted by datastream and time.

    `values` are in the unit of the observed property, whose code is `kinds[kind]`; `times_us`
    count microseconds since 1970.
    """

    datastream_ids: NDArray[np.int64]
    times_us: NDArray[np.int64]
    values: NDArray[np.float64]
    kinds: tuple[str, ...]
    kind: NDArray[np.int64]
    received_at: datetime

    def __len__(self) -> int:
        return len(self.datastream_ids)

    def of(self, properties: Collection[str]) -> "Arrivals":
        """Only those of some observed properties."""
        asked_for = np.array([code in properties for code in self.kinds], dtype=np.bool_)
        return self.only(asked_for[self.kind])

    def newest(self) -> "Arrivals":
        """Only the newest of each datastream."""
        last = np.ones(len(self), dtype=np.bool_)
        last[:-1] = self.datastream_ids[1:] != self.datastream_ids[:-1]
        return self.only(last)

    def times(self) -> list[datetime]:
        return [EPOCH + timedelta(microseconds=int(us)) for us in self.times_us]

    def only(self, wanted: NDArray[np.bool_]) -> "Arrivals":
        if wanted.all():
            return self
        return Arrivals(
            self.datastream_ids[wanted],
            self.times_us[wanted],
            self.values[wanted],
            self.kinds,
            self.kind[wanted],
            self.received_at,
        )


@dataclass(frozen=True)
class Receiver:
    """`take` is called with the arrivals of `properties`, never with none."""

    properties: frozenset[str]
    take: Callable[[Arrivals], None]


receivers: Registry[Receiver] = Registry("receiver of observations")
"""Name → dotted path of a `Receiver`; apps add theirs in `AppConfig.ready`."""

HealthListener = Callable[[Collection[int]], None]

health_listeners: Registry[HealthListener] = Registry("listener to the health of datastreams")
"""Name → dotted path of a function that is told the ids of datastreams that have fallen ill or
recovered, in the transaction that notes it."""


@dataclass(frozen=True)
class Announced:
    """Something in the city that a source told of, beside what it measures: `kind` says which app
    may know it, `facts` are in that app's words, `code` is that of the thing."""

    kind: str
    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Follower:
    """Takes up what sources announce of one kind: `prepare` before its things and datastreams are
    made, `connect` after, with the code of their gateway. Both may come again with the same."""

    kind: str
    prepare: Callable[[Sequence[Announced]], None]
    connect: Callable[[Sequence[Announced], str], None]


followers: Registry[Follower] = Registry("follower of what sources announce")
"""Name → dotted path of a `Follower`; apps add theirs in `AppConfig.ready`."""

SightingListener = Callable[[str], None]

sighting_listeners: Registry[SightingListener] = Registry("listener to what cameras see")
"""Name → dotted path of a function that is told the code of a `CameraEvent` when it begins, when it
is over, and when staff have judged it; in the transaction that notes it."""
