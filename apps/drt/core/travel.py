"""Travel times between the places of a service area.

A leg's time-of-day factor is that of the moment *promised* at the call it leaves, not of the moment
scheduled. So every leg stays a constant of the problem, and exact feasibility stays a system of
difference constraints.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.rides import Ride

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """``time_s[i, j]`` from place i to place j; ``factors`` split the day into equal slices.

    The O(1) filters assume the triangle inequality. Shortest paths have it; rounding to whole
    seconds keeps it if all are rounded up (``rounded_up``); slices whose factor falls break it by
    little.
    """

    time_s: NDArray[np.float64]
    factors: NDArray[np.float64] = field(default_factory=lambda: np.ones(1))
    midnight_s: float = 0.0

    def __post_init__(self) -> None:
        shape = self.time_s.shape
        if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:
            raise ValueError(f"Travel times must be a square matrix, not {shape}.")
        if not np.isfinite(self.time_s).all() or (self.time_s < 0).any():
            raise ValueError("Travel times must be finite and not negative.")
        if np.diagonal(self.time_s).any():
            raise ValueError("From a place to itself the way takes no time.")
        if not self.factors.size or (self.factors <= 0).any():
            raise ValueError("Factors must be positive.")

    @classmethod
    def rounded_up(cls, time_s: NDArray[np.float64]) -> Self:
        return cls(np.ceil(time_s))

    @property
    def places(self) -> int:
        return int(self.time_s.shape[0])

    def factor_at(self, time_s: float) -> float:
        """The factor of the slice in which a moment of the day lies."""
        of_day = ((time_s - self.midnight_s) % DAY_S) / DAY_S
        return float(self.factors[int(of_day * self.factors.size)])

    def between_s(self, origin: int, destination: int, *, leaving_s: float = 0.0) -> float:
        return float(self.time_s[origin, destination]) * self.factor_at(leaving_s)

    def tightened(self, ride: Ride) -> Ride:
        """The ride with the windows that its direct way implies; they also date its legs."""
        leaving_s = ride.pickup.window.earliest_s
        return ride.tightened(
            self.between_s(ride.pickup.place, ride.dropoff.place, leaving_s=leaving_s)
        )

    def worst_shortcut_s(self) -> float:
        """By how much the worst detour over a third place undercuts a direct way (0: none does)."""
        worst_s = 0.0
        for via in range(self.places):
            over = self.time_s[:, via, None] + self.time_s[None, via, :]
            worst_s = max(worst_s, float((self.time_s - over).max()))
        return worst_s
