"""Room in a vehicle and need of a party, as vectors that one integer can carry.

A load travels through the kernels packed, sixteen bits a lane, so that "does it fit" is one
subtraction: with the top bit of every lane set in the capacity, a lane too full borrows its top
bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.kernel import leaf

LANE_BITS = 16
LARGEST_AMOUNT = (1 << 13) - 1  # A load that fits plus a party stays below the guard bit.
GUARD_BITS = sum(1 << (LANE_BITS * lane + LANE_BITS - 2) for lane in range(4))


@dataclass(frozen=True, slots=True)
class Capacity:
    """Seats, wheelchair bays, places for pushchairs, pieces of luggage: offered or asked for."""

    seats: int = 0
    wheelchair_bays: int = 0
    pushchairs: int = 0
    luggage: int = 0

    def __post_init__(self) -> None:
        if not all(0 <= amount <= LARGEST_AMOUNT for amount in self.amounts):
            raise ValueError(f"Amounts must lie between 0 and {LARGEST_AMOUNT}: {self}")

    @property
    def amounts(self) -> tuple[int, int, int, int]:
        """Lane by lane."""
        return self.seats, self.wheelchair_bays, self.pushchairs, self.luggage

    def __add__(self, other: "Capacity") -> "Capacity":
        return Capacity(*(a + b for a, b in zip(self.amounts, other.amounts, strict=True)))

    def fits_in(self, room: "Capacity") -> bool:
        return all(a <= b for a, b in zip(self.amounts, room.amounts, strict=True))

    def exceeds(self, room: "Capacity") -> tuple[str, ...]:
        """The names of the lanes in which this needs more than there is."""
        return tuple(name for name in self.__slots__ if getattr(self, name) > getattr(room, name))

    @property
    def packed(self) -> int:
        return sum(amount << (LANE_BITS * lane) for lane, amount in enumerate(self.amounts))

    @property
    def is_empty(self) -> bool:
        return not any(self.amounts)


@leaf
def fits(packed_load: int, packed_layouts: NDArray[np.int64]) -> bool:
    """Whether a load fits at least one layout; a layout below zero does not exist."""
    for at in range(packed_layouts.shape[0]):
        layout = packed_layouts[at]
        if layout >= 0 and ((layout | GUARD_BITS) - packed_load) & GUARD_BITS == GUARD_BITS:
            return True
    return False
