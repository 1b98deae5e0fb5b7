"""Who drives: layouts, shift, breaks, and where the vehicle stands."""

from dataclasses import dataclass

from apps.drt.core.capacity import Capacity
from apps.drt.core.rides import Call
from apps.drt.core.windows import FOREVER_S, Window

MOST_LAYOUTS = 4


@dataclass(frozen=True, slots=True)
class Break:
    """A rest the driver must get: a call without passengers' leave to skip it."""

    break_id: str
    call: Call


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle on one shift.

    ``layouts`` are alternative capacity vectors (folded seats make room for a wheelchair); a load
    must fit one of them at every moment. ``shift`` bounds leaving ``start_place`` and reaching
    ``end_place``.
    """

    vehicle_id: str
    layouts: tuple[Capacity, ...]
    start_place: int
    end_place: int
    shift: Window
    max_route_s: float = FOREVER_S
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        if not self.vehicle_id:
            raise ValueError("A vehicle needs an id.")
        if not 1 <= len(self.layouts) <= MOST_LAYOUTS:
            raise ValueError(f"A vehicle has 1 to {MOST_LAYOUTS} layouts, not {len(self.layouts)}.")
        if self.start_place < 0 or self.end_place < 0 or self.max_route_s <= 0:
            raise ValueError(f"Places and the longest route must not be negative: {self}")

    def has_room_for(self, load: Capacity) -> bool:
        return any(load.fits_in(layout) for layout in self.layouts)
