"""What a rider asks for before any stop or vehicle is chosen, and the terms a service offers."""

from dataclasses import dataclass, field

from apps.drt.core.capacity import Capacity
from apps.drt.core.windows import FOREVER_S, Window

MOST_ALTERNATIVES = 16


@dataclass(frozen=True, slots=True)
class Alternative:
    """A stop the rider could use, and the walk to it (from it, at the other end)."""

    place: int
    walk_m: float = 0.0
    walk_s: float = 0.0
    step_free: bool = True

    def __post_init__(self) -> None:
        if self.place < 0 or self.walk_m < 0 or self.walk_s < 0:
            raise ValueError(f"A place and a walk must not be negative: {self}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the service promises: how late a pick-up may be, how wide its window is told, how long a
    ride lasts.

    A ride lasts at most ``detour_factor`` times the direct way, but may always take
    ``spare_ride_s`` more than it.
    """

    longest_wait_s: float = 1800.0
    pickup_window_s: float = 600.0
    detour_factor: float = 1.5
    spare_ride_s: float = 600.0
    earliest_arrival_s: float = 1800.0

    def __post_init__(self) -> None:
        times_s = (self.longest_wait_s, self.pickup_window_s, self.spare_ride_s)
        if min(*times_s, self.earliest_arrival_s) < 0 or self.detour_factor < 1:
            raise ValueError(f"Terms must not be negative, nor shorter than the direct way: {self}")

    def longest_ride_s(self, direct_s: float) -> float:
        return max(direct_s * self.detour_factor, direct_s + self.spare_ride_s)


@dataclass(frozen=True, slots=True)
class Ask:
    """A party that wants to go at or after a moment, or to be there by one.

    ``now_s`` is the moment of asking: no vehicle can be sent before it.
    """

    ride_id: str
    origins: tuple[Alternative, ...]
    destinations: tuple[Alternative, ...]
    now_s: float
    depart_after_s: float | None = None
    arrive_by_s: float | None = None
    party: Capacity = field(default_factory=lambda: Capacity(seats=1))
    board_s: float = 30.0
    alight_s: float = 30.0
    needs_step_free: bool = False
    vehicles: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.origins) <= MOST_ALTERNATIVES:
            raise ValueError(
                f"1 to {MOST_ALTERNATIVES} stops to board at, not {len(self.origins)}."
            )
        if not 1 <= len(self.destinations) <= MOST_ALTERNATIVES:
            raise ValueError(f"1 to {MOST_ALTERNATIVES} stops to leave at.")
        if (self.depart_after_s is None) == (self.arrive_by_s is None):
            raise ValueError("Say when to depart or when to arrive, one of the two.")
        if self.party.is_empty or self.board_s < 0 or self.alight_s < 0:
            raise ValueError(f"A party is somebody, and needs time to board and to alight: {self}")

    def pickup_window(self, origin: Alternative, terms: Terms) -> Window:
        """When the rider can be at the stop and is willing to wait for the vehicle."""
        at_stop_s = self.now_s + origin.walk_s
        if self.depart_after_s is None:
            return Window(at_stop_s, FOREVER_S)
        at_stop_s = max(at_stop_s, self.depart_after_s + origin.walk_s)
        return Window(at_stop_s, at_stop_s + terms.longest_wait_s)

    def dropoff_window(self, destination: Alternative, terms: Terms) -> Window:
        """When the vehicle may be at the last stop, so that the rider walks in in time."""
        if self.arrive_by_s is None:
            return Window()
        by_s = self.arrive_by_s - destination.walk_s - self.alight_s
        return Window(by_s - terms.earliest_arrival_s, by_s)
