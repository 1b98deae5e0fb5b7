"""What a junction is to a controller: signal groups, which of them conflict, and stages.

Times are seconds. A *signal group* shows one aspect to one stream of vehicles or walkers; a *stage*
is a set of groups that may be green together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property


class Stream(Enum):
    VEHICLES = "vehicles"
    WALKERS = "walkers"


class Unsafe(ValueError):
    """This layout could show green to streams that cross each other, or has no way to end it."""


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """`min_green_s` is the walk interval for walkers, `clearance_s` how long they then need to get
    across (flashing green); for vehicles it is the yellow. `red_clear_s` follows both. Nobody with
    a call waits longer than `max_wait_s`."""

    name: str
    stream: Stream
    min_green_s: float
    clearance_s: float
    red_clear_s: float = 1.0
    max_wait_s: float = 120.0

    def __post_init__(self) -> None:
        if self.min_green_s <= 0 or self.clearance_s < 3 or self.red_clear_s < 0:
            raise Unsafe(f"{self.name}: green, clearance (3 s at least) and red must take time.")
        if self.max_wait_s <= 0:
            raise Unsafe(f"{self.name}: the longest wait must be positive.")


@dataclass(frozen=True)
class Junction:
    """`conflicts` are pairs of groups whose streams cross; `stages` sets of groups, by number."""

    groups: tuple[SignalGroup, ...]
    conflicts: frozenset[frozenset[int]]
    stages: tuple[frozenset[int], ...]

    def __post_init__(self) -> None:
        if len(self.stages) < 2:
            raise Unsafe("A junction changes between two stages at least.")
        for number, stage in enumerate(self.stages):
            if not stage or not stage <= set(range(len(self.groups))):
                raise Unsafe(f"Stage {number} is empty or has an unknown group.")
            self._refuse_conflicts(number, stage)
        unserved = set(range(len(self.groups))) - set[int]().union(*self.stages)
        if unserved:
            raise Unsafe(f"No stage serves {self.groups[min(unserved)].name}.")

    def _refuse_conflicts(self, number: int, stage: frozenset[int]) -> None:
        for pair in self.conflicts:
            if pair <= stage:
                first, second = (self.groups[group].name for group in sorted(pair))
                raise Unsafe(f"Stage {number} shows green to {first} and {second}, which cross.")

    @cached_property
    def foes(self) -> tuple[frozenset[int], ...]:
        """For each group, those it conflicts with."""
        return tuple(
            frozenset(other for pair in self.conflicts if group in pair for other in pair - {group})
            for group in range(len(self.groups))
        )

    def stages_serving(self, group: int) -> Sequence[int]:
        return [number for number, stage in enumerate(self.stages) if group in stage]

    def change_s(self, before: int, after: int) -> float:
        """How long from the end of green of one stage to the green of the next."""
        leaving = self.stages[before] - self.stages[after]
        return max(
            (self.groups[g].clearance_s + self.groups[g].red_clear_s for g in leaving), default=0.0
        )
