"""Spans of time in seconds on one axis, chosen by the caller (the core knows no calendar)."""

from dataclasses import dataclass
from math import isnan

FOREVER_S = 1e12


@dataclass(frozen=True, slots=True)
class Window:
    """Service begins no sooner than ``earliest_s`` and no later than ``latest_s``."""

    earliest_s: float = 0.0
    latest_s: float = FOREVER_S

    def __post_init__(self) -> None:
        if isnan(self.earliest_s) or isnan(self.latest_s) or self.latest_s < self.earliest_s:
            raise ValueError(f"A window must not end before it begins: {self}")

    def __contains__(self, time_s: float) -> bool:
        return self.earliest_s <= time_s <= self.latest_s

    @property
    def width_s(self) -> float:
        return self.latest_s - self.earliest_s

    def intersect(self, other: "Window") -> "Window | None":
        earliest_s = max(self.earliest_s, other.earliest_s)
        latest_s = min(self.latest_s, other.latest_s)
        return Window(earliest_s, latest_s) if earliest_s <= latest_s else None

    def until(self, latest_s: float) -> "Window":
        """The same beginning with an end moved out (never in) to ``latest_s``."""
        return Window(self.earliest_s, max(self.latest_s, latest_s))
