"""What a vehicle is going to do, in order; versioned, because others decide at the same time."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from apps.drt.core.vehicles import Vehicle


class Action(StrEnum):
    PICKUP = "pickup"
    DROPOFF = "dropoff"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Stop:
    """One act at one call; ``subject_id`` is the ride's id, or the break's."""

    subject_id: str
    action: Action


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a vehicle under way is free again, when, and when its route began."""

    place: int
    free_at_s: float
    began_at_s: float

    def __post_init__(self) -> None:
        if self.place < 0 or self.free_at_s < self.began_at_s:
            raise ValueError(f"A vehicle cannot be free before its route began: {self}")


@dataclass(frozen=True, slots=True)
class VehiclePlan:
    """The stops ahead of a vehicle. The first ``locked`` keep their order and their vehicle.

    A drop-off without its pick-up ahead means that the party is aboard.
    """

    vehicle: Vehicle
    stops: tuple[Stop, ...] = ()
    version: int = 0
    locked: int = 0
    standing: Standing | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.locked <= len(self.stops):
            raise ValueError(f"{self.locked} stops of {len(self.stops)} cannot be locked.")
        if len(set(self.stops)) != len(self.stops):
            raise ValueError(f"A stop stands twice in the plan of {self.vehicle.vehicle_id}.")

    @property
    def vehicle_id(self) -> str:
        return self.vehicle.vehicle_id

    @property
    def ride_ids(self) -> tuple[str, ...]:
        """The rides dropped off ahead: all that are carried, aboard or yet to board."""
        return tuple(stop.subject_id for stop in self.stops if stop.action is Action.DROPOFF)

    @property
    def boarding_ids(self) -> frozenset[str]:
        return frozenset(stop.subject_id for stop in self.stops if stop.action is Action.PICKUP)

    @property
    def locked_boarding_ids(self) -> frozenset[str]:
        ahead = self.stops[: self.locked]
        return frozenset(stop.subject_id for stop in ahead if stop.action is Action.PICKUP)

    def with_stops(self, stops: tuple[Stop, ...]) -> Self:
        """The next version, or this very plan when nothing would change."""
        if stops == self.stops:
            return self
        return replace(self, stops=stops, version=self.version + 1)

    def without(self, ride_id: str) -> Self:
        """The next version without a ride's calls (a cancellation, a no-show)."""
        kept = tuple(
            stop for stop in self.stops if stop.subject_id != ride_id or stop.action is Action.BREAK
        )
        if kept == self.stops:
            return self
        locked = sum(stop in kept for stop in self.stops[: self.locked])
        return replace(self, stops=kept, locked=locked, version=self.version + 1)
