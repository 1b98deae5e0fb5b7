"""How long a search may go on: by iterations (repeatable) or by a clock that the caller brings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Budget(Protocol):
    """How much is spent after so many iterations; 1 and above means all."""

    def spent(self, iterations: int) -> float: ...


@dataclass(frozen=True, slots=True)
class Iterations:
    """The same seed and the same count give the same plan."""

    limit: int

    def spent(self, iterations: int) -> float:
        return iterations / self.limit if self.limit > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Seconds:
    """Until ``limit_s`` have passed on ``now`` since ``began_s``."""

    limit_s: float
    now: Callable[[], float]
    began_s: float

    @classmethod
    def starting_now(cls, limit_s: float, now: Callable[[], float]) -> "Seconds":
        return cls(limit_s, now, now())

    def spent(self, iterations: int) -> float:
        return (self.now() - self.began_s) / self.limit_s if self.limit_s > 0 else 1.0
