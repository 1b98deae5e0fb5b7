"""What the demo town's devices see of the cars, and when they say it.

Gates and counters speak on a beat of city time; a bay's sensor speaks when its bay changes, and
once in a while to show that it lives. Gate counters never run backwards: each day lifts them by
more cars than can come in one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from citizen.demo.movement.stays import (
    Habit,
    Stay,
    arrivals_until,
    begin_of,
    day_of,
    departures_until,
    is_taken,
    last_change_s,
    stays_of,
)

DAILY_LIFT = 100_000
EPOCH_ON = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """What a device says."""

    at: datetime
    datastream: str
    result: float

    def as_row(self) -> dict[str, Any]:
        return {
            "datastream": self.datastream,
            "phenomenonTime": self.at.isoformat(),
            "result": self.result,
        }


@dataclass
class Spaces:
    """Some spaces with one habit; their stays of the day at hand are kept."""

    names: Sequence[str]
    habit: Habit
    seed: int
    _kept: tuple[date, list[tuple[Stay, ...]]] | None = field(default=None, repr=False)

    def on(self, day_on: date) -> list[tuple[Stay, ...]]:
        if self._kept is None or self._kept[0] != day_on:
            stays = [stays_of(name, day_on, self.habit, seed=self.seed) for name in self.names]
            self._kept = (day_on, stays)
        return self._kept[1]


@dataclass(frozen=True)
class Instant:
    """An instant of city time as the day it belongs to and seconds into it."""

    day_on: date
    at_s: float
    at: datetime

    @classmethod
    def of(cls, at: datetime, zone: ZoneInfo) -> "Instant":
        day_on = day_of(at.astimezone(zone))
        return cls(day_on, (at - begin_of(day_on, zone)).total_seconds(), at)


def on_beat(now: datetime, every_s: int, *, phase_s: float = 0) -> datetime:
    """The last beat at or before now."""
    since_s = now.timestamp() - phase_s
    return datetime.fromtimestamp(since_s // every_s * every_s + phase_s, UTC)


@dataclass
class Counter:
    """Counts the taken or free spaces of a pool on a beat."""

    datastream: str
    spaces: Spaces
    every_s: int
    counts_free: bool = False

    def words(self, now: datetime, zone: ZoneInfo) -> Iterator[Word]:
        instant = Instant.of(on_beat(now, self.every_s), zone)
        taken = sum(is_taken(stays, instant.at_s) for stays in self.spaces.on(instant.day_on))
        count = len(self.spaces.names) - taken if self.counts_free else taken
        yield Word(instant.at, self.datastream, count)


@dataclass
class Gate:
    """A running counter of cars in or out, told on a beat."""

    datastream: str
    spaces: Spaces
    every_s: int
    counts_out: bool = False

    def words(self, now: datetime, zone: ZoneInfo) -> Iterator[Word]:
        instant = Instant.of(on_beat(now, self.every_s), zone)
        passed = departures_until if self.counts_out else arrivals_until
        today = sum(passed(stays, instant.at_s) for stays in self.spaces.on(instant.day_on))
        yield Word(instant.at, self.datastream, _lift(instant.day_on) + today)


def _lift(day_on: date) -> int:
    return (day_on - EPOCH_ON).days * DAILY_LIFT


@dataclass
class BaySensor:
    """Says when its bay changed, and every `every_s` that it still lives."""

    datastream: str
    spaces: Spaces
    every_s: int
    on_change: bool = True

    def words(self, now: datetime, zone: ZoneInfo) -> Iterator[Word]:
        yield self._state(on_beat(now, self.every_s, phase_s=self._phase_s()), zone)
        if self.on_change:
            instant = Instant.of(now, zone)
            stays = self.spaces.on(instant.day_on)[0]
            since_s = instant.at_s - last_change_s(stays, instant.at_s)
            yield self._state(now - timedelta(seconds=since_s), zone)

    def _state(self, at: datetime, zone: ZoneInfo) -> Word:
        instant = Instant.of(at, zone)
        stays = self.spaces.on(instant.day_on)[0]
        return Word(at, self.datastream, int(is_taken(stays, instant.at_s)))

    def _phase_s(self) -> int:
        """Not all bays speak at once; a camera's do, because it sees them at once."""
        if not self.on_change:
            return 0
        digest = blake2b(self.datastream.encode(), digest_size=4).digest()
        return int.from_bytes(digest, "big") % self.every_s


@dataclass
class Frozen:
    """Says the same on each beat, whatever happens."""

    datastream: str
    every_s: int
    result: float

    def words(self, now: datetime, zone: ZoneInfo) -> Iterator[Word]:
        yield Word(on_beat(now, self.every_s), self.datastream, self.result)


class Watcher(Protocol):
    """A simulated device: what it says at an instant, again and again the same."""

    def words(self, now: datetime, zone: ZoneInfo) -> Iterator[Word]: ...


@dataclass
class Mouth:
    """A gateway's memory of what it has said: nothing is said twice without need."""

    watchers: Sequence[Watcher]
    _said_at: dict[str, datetime] = field(default_factory=dict, repr=False)

    def news(self, now: datetime, zone: ZoneInfo) -> list[Word]:
        """What there is to say since it was last asked, oldest first."""
        words = sorted(word for watcher in self.watchers for word in watcher.words(now, zone))
        return [word for word in words if self._is_new(word)]

    def _is_new(self, word: Word) -> bool:
        said_at = self._said_at.get(word.datastream)
        return said_at is None or word.at > said_at

    def said(self, words: Sequence[Word]) -> None:
        """These were taken."""
        for word in words:
            self._said_at[word.datastream] = word.at
