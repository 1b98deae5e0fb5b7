"""What a rider was promised or asks for, once the stops are chosen."""

from dataclasses import dataclass, field, replace
from typing import Self

from apps.drt.core.capacity import Capacity
from apps.drt.core.windows import FOREVER_S, Window


@dataclass(frozen=True, slots=True)
class Call:
    """A vehicle's stay at a place: ``place`` is a row of the travel matrix."""

    place: int
    window: Window = field(default_factory=Window)
    dwell_s: float = 0.0

    def __post_init__(self) -> None:
        if self.place < 0 or self.dwell_s < 0:
            raise ValueError(f"A call needs a place and a dwell of at least zero: {self}")


@dataclass(frozen=True, slots=True)
class Promise:
    """What the rider was told; no optimiser may break it."""

    pickup: Window
    dropoff_by_s: float


@dataclass(frozen=True, slots=True)
class Ride:
    """A party to carry from one call to another.

    ``max_ride_s`` counts from the end of boarding to the begin of alighting. ``boarded_at_s`` is
    the end of boarding of a party that is already in its vehicle. ``vehicles`` names who may carry
    it (None: anyone).
    """

    ride_id: str
    pickup: Call
    dropoff: Call
    party: Capacity = field(default_factory=lambda: Capacity(seats=1))
    max_ride_s: float = FOREVER_S
    boarded_at_s: float | None = None
    vehicles: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if not self.ride_id:
            raise ValueError("A ride needs an id.")
        if self.max_ride_s < 0:
            raise ValueError(f"A ride cannot be shorter than nothing: {self.max_ride_s} s")
        if self.party.is_empty:
            raise ValueError(f"Ride {self.ride_id} carries nobody and nothing.")

    @property
    def is_aboard(self) -> bool:
        return self.boarded_at_s is not None

    @property
    def dropoff_window(self) -> Window:
        """The drop-off's window; for a party aboard its longest ride is a deadline."""
        if self.boarded_at_s is None:
            return self.dropoff.window
        deadline_s = min(self.dropoff.window.latest_s, self.boarded_at_s + self.max_ride_s)
        earliest_s = min(self.dropoff.window.earliest_s, deadline_s)
        return Window(earliest_s, deadline_s)

    def promised(self, promise: Promise) -> Self:
        """The ride held to what its rider was told (spelled out: quotes wait for it)."""
        up, down, by_s = self.pickup, self.dropoff, promise.dropoff_by_s
        return type(self)(
            ride_id=self.ride_id,
            pickup=Call(up.place, promise.pickup, up.dwell_s),
            dropoff=Call(down.place, Window(min(down.window.earliest_s, by_s), by_s), down.dwell_s),
            party=self.party,
            max_ride_s=self.max_ride_s,
            boarded_at_s=self.boarded_at_s,
            vehicles=self.vehicles,
        )

    def tightened(self, direct_s: float) -> Self:
        """The same ride with windows that its longest and its shortest ride already imply.

        Cordeau (2006), section 5.1: a safe preparation, it removes no feasible schedule.
        """
        if self.is_aboard:
            return self
        up, down = self.pickup.window, self.dropoff.window
        dwell_s = self.pickup.dwell_s
        up_earliest_s = max(up.earliest_s, down.earliest_s - self.max_ride_s - dwell_s)
        up_latest_s = min(up.latest_s, down.latest_s - direct_s - dwell_s)
        down_earliest_s = max(down.earliest_s, up_earliest_s + dwell_s + direct_s)
        down_latest_s = min(down.latest_s, up_latest_s + dwell_s + self.max_ride_s)
        if up_latest_s < up_earliest_s or down_latest_s < down_earliest_s:
            return self  # It cannot be served at all; the search will say so, and why.
        return replace(
            self,
            pickup=replace(self.pickup, window=Window(up_earliest_s, up_latest_s)),
            dropoff=replace(self.dropoff, window=Window(down_earliest_s, down_latest_s)),
        )
