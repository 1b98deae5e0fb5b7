"""The only source of now.

A city lives in real time. A replay, a drill or a simulation lives in a database of its own with a
clock that starts elsewhere and runs at another speed; all its processes share one `CITIZEN_CLOCK`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Clock:
    """Maps real time to the city's time: at `real_at` it is `city_at`, and `speed` city seconds
    pass in a real one (0 stands still)."""

    real_at: datetime
    city_at: datetime
    speed: float = 1.0

    def __post_init__(self) -> None:
        if self.real_at.tzinfo is None or self.city_at.tzinfo is None:
            raise ValueError("A clock needs aware instants.")
        if not 0 <= self.speed <= 100_000:
            raise ValueError("A clock's speed lies between 0 and 100,000.")

    def at(self, real: datetime) -> datetime:
        return self.city_at + (real - self.real_at) * self.speed

    def real_seconds_until(self, city: datetime, *, real: datetime) -> float:
        """Real seconds to wait for the city's `city`; never negative, infinite when standing."""
        ahead_s = (city - self.at(real)).total_seconds()
        if ahead_s <= 0:
            return 0.0
        return ahead_s / self.speed if self.speed else float("inf")

    def written(self) -> str:
        """The form that `CITIZEN_CLOCK` takes: `CITY/REAL/SPEED`."""
        return f"{self.city_at.isoformat()}/{self.real_at.isoformat()}/{self.speed:g}"


def read_clock(text: str) -> Clock | None:
    """Parse `CITIZEN_CLOCK`; empty means real time. Raises ValueError."""
    if not text:
        return None
    city, real, speed = text.split("/")
    return Clock(datetime.fromisoformat(real), datetime.fromisoformat(city), float(speed))


_configured: list[Clock | None] = []
_stopped: list[Clock] = []


def _clock() -> Clock | None:
    if _stopped:
        return _stopped[-1]
    if not _configured:
        _configured.append(read_clock(settings.CLOCK))
    return _configured[0]


def now() -> datetime:
    """The city's time, aware, in UTC."""
    real = datetime.now(UTC)
    clock = _clock()
    return clock.at(real) if clock else real


def speed() -> float:
    """City seconds in a real one: 1 except in a replay or a simulation."""
    clock = _clock()
    return clock.speed if clock else 1.0


def real_seconds_until(city: datetime) -> float:
    """Real seconds until the city's clock shows `city`; 0 if that is past."""
    real = datetime.now(UTC)
    clock = _clock() or Clock(real, real)
    return clock.real_seconds_until(city, real=real)


class Hand:
    """Moves a stopped clock."""

    def move(self, by: timedelta) -> None:
        self.set(now() + by)

    def set(self, instant: datetime) -> None:
        _stopped[-1] = Clock(instant, instant, 0.0)


@contextmanager
def stopped_at(instant: datetime) -> Iterator[Hand]:
    """Stop the clock of this process, as tests do; the yielded hand moves it."""
    _stopped.append(Clock(instant, instant, 0.0))
    try:
        yield Hand()
    finally:
        _stopped.pop()
