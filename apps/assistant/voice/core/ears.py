"""When somebody begins to speak, and when they have ended: the verdicts of a voice detector on
frames of 20 ms, made steady.

Speech begins when most of a short window is voiced, and ends after a stretch of quiet. A little of
what came before the beginning belongs to it: first consonants are quiet.
"""

from collections import deque
from dataclasses import dataclass

from apps.assistant.speech.core.audio import FRAME_MS


@dataclass(frozen=True, slots=True)
class Patience:
    """`voiced_ms` of the last `window_ms` begin speech; `quiet_ms` without a voice end it, and
    after `pause_ms` it may have ended."""

    window_ms: int = 160
    voiced_ms: int = 120
    pause_ms: int = 240
    quiet_ms: int = 500
    before_ms: int = 240
    longest_ms: int = 120_000

    def __post_init__(self) -> None:
        if not 0 < self.voiced_ms <= self.window_ms:
            raise ValueError("voiced_ms lies within window_ms")
        if self.quiet_ms < FRAME_MS or self.before_ms < self.window_ms:
            raise ValueError("quiet_ms is at least a frame, before_ms holds the window")
        if self.pause_ms % FRAME_MS:
            raise ValueError("pause_ms is a number of frames")


@dataclass(frozen=True, slots=True)
class Began:
    """`before` is the audio that belongs to the beginning, this frame included."""

    before: bytes


@dataclass(frozen=True, slots=True)
class Paused:
    """Quiet for a moment: perhaps the end. Whoever goes on pauses again before they end."""


@dataclass(frozen=True, slots=True)
class Ended:
    too_long: bool = False


class Ears:
    """One line's listening. Feed each frame with the detector's verdict."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self.speaking = False
        self._before: deque[bytes] = deque()
        self._window: deque[bool] = deque()
        self._quiet_ms = self._spoken_ms = 0

    def hear(self, frame: bytes, *, voiced: bool) -> Began | Paused | Ended | None:
        return self._go_on(voiced=voiced) if self.speaking else self._wait(frame, voiced=voiced)

    def _wait(self, frame: bytes, *, voiced: bool) -> Began | None:
        _push(self._before, frame, self.patience.before_ms)
        _push(self._window, voiced, self.patience.window_ms)
        if sum(self._window) * FRAME_MS < self.patience.voiced_ms:
            return None
        before = b"".join(self._before)
        self.forget()
        self.speaking = True
        return Began(before)

    def _go_on(self, *, voiced: bool) -> Paused | Ended | None:
        self._spoken_ms += FRAME_MS
        self._quiet_ms = 0 if voiced else self._quiet_ms + FRAME_MS
        too_long = self._spoken_ms >= self.patience.longest_ms
        if self._quiet_ms < self.patience.quiet_ms and not too_long:
            return Paused() if self._quiet_ms == self.patience.pause_ms else None
        self.forget()
        return Ended(too_long)

    def forget(self) -> None:
        """Start anew, as after a key was pressed."""
        self.speaking = False
        self._quiet_ms = self._spoken_ms = 0
        self._before.clear()
        self._window.clear()


def _push(kept: "deque[bytes] | deque[bool]", item: bytes | bool, most_ms: int) -> None:
    kept.append(item)  # type: ignore[arg-type]  # one of the two, chosen by the caller
    while len(kept) * FRAME_MS > most_ms:
        kept.popleft()
