"""What is still to be said, and when each frame is due.

Frames leave one every 20 ms, counted from the first: a loop that wakes late sends what is overdue
at once and stays in step. One that slept longer than `STALLED_S` starts a new count, so that the
listener isn't overrun.
"""

from collections import deque
from dataclasses import dataclass

from apps.assistant.speech.core.audio import FRAME_S, frames_of

STALLED_S = 0.5


@dataclass(frozen=True, slots=True)
class Frame:
    audio: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything before it has left."""

    name: str


class Playout:
    """The outgoing side of one line. `lead_s` is how far ahead the peer may hold audio."""

    def __init__(self, lead_s: float = 0.0) -> None:
        self.lead_s = lead_s
        self._queue: deque[Frame | Mark] = deque()
        self._next_s: float | None = None

    def say(self, audio: bytes, mark: str) -> None:
        self._queue.extend(Frame(frame) for frame in frames_of(audio))
        self._queue.append(Mark(mark))

    def clear(self) -> list[str]:
        """Drop what has not left; returns the marks that will not come."""
        dropped = [item.name for item in self._queue if isinstance(item, Mark)]
        self._queue.clear()
        self._next_s = None
        return dropped

    @property
    def busy(self) -> bool:
        return bool(self._queue)

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until the next frame is due, None if there is none."""
        if not self._queue:
            return None
        return 0.0 if self._next_s is None else max(0.0, self._next_s - self.lead_s - now_s)

    def due(self, now_s: float) -> list[Frame | Mark]:
        """What leaves now, in order."""
        if self._next_s is None or now_s - self._next_s > STALLED_S:
            self._next_s = now_s
        leaving: list[Frame | Mark] = []
        while self._queue:
            if isinstance(self._queue[0], Frame):
                if self._next_s - self.lead_s > now_s:
                    return leaving
                self._next_s += FRAME_S
            leaving.append(self._queue.popleft())
        return leaving
