"""How often a camera's pictures are looked at, and how long to wait before asking it again."""

from dataclasses import dataclass
from random import Random

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 5.0


@dataclass
class Pace:
    """Lets through at most `per_s` pictures a second of their own time, evenly."""

    per_s: float
    _due_s: float = float("-inf")

    def lets(self, at_s: float) -> bool:
        step_s = 1.0 / self.per_s
        if at_s + 0.1 * step_s < self._due_s:
            return False
        # Keep to the beat, unless the stream has been away for longer than one.
        self._due_s = max(self._due_s + step_s, at_s + 0.5 * step_s)
        return True

    def take(self, at_s: float) -> None:
        """One goes through though it was not its turn: those after it wait the longer."""
        step_s = 1.0 / self.per_s
        self._due_s = min(max(self._due_s, at_s), at_s + step_s) + step_s


@dataclass
class Patience:
    """The wait before the next attempt: doubled each time, never long, never the same for all."""

    chance: Random
    longest_s: float = LONGEST_WAIT_S
    failures: int = 0

    def next_s(self) -> float:
        wait_s = min(FIRST_WAIT_S * 2**self.failures, self.longest_s)
        self.failures = min(self.failures + 1, 16)
        return float(wait_s * self.chance.uniform(0.7, 1.0))

    def forget(self) -> None:
        self.failures = 0
