"""How the voice process is: the calls it carries, and how late its sound leaves."""

import time
from collections import deque
from dataclasses import dataclass, field

LOOKS_BACK_S = 60.0


@dataclass
class Pulse:
    answered: int = 0
    refused: int = 0
    _late: deque[tuple[float, float]] = field(default_factory=deque)  # (when, seconds), falling

    def note_late(self, seconds: float) -> None:
        """A frame left so long after it was due."""
        now_s = time.monotonic()
        while self._late and self._late[-1][1] <= seconds:
            self._late.pop()
        self._late.append((now_s, seconds))
        self._forget(now_s)

    @property
    def late_ms(self) -> float:
        """The worst of the last minute."""
        self._forget(time.monotonic())
        return round(self._late[0][1] * 1000, 1) if self._late else 0.0

    def _forget(self, now_s: float) -> None:
        while self._late and self._late[0][0] < now_s - LOOKS_BACK_S:
            self._late.popleft()
