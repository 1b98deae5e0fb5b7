"""What a ride costs, by the components of GOFS 1.0 `fares.json`, all in minor units.

A component is a list of steps: from `start` on (to `end`, if given) every started `interval` costs
`amount`; an interval of 0 costs once. Kilometres and minutes are those of the direct way, so that
a detour for others never costs the rider anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

COMPONENTS = ("ride", "kilometer", "minute", "rider", "luggage")


@dataclass(frozen=True, slots=True)
class Step:
    amount: int
    interval: float = 0.0
    start: float = 0.0
    end: float | None = None

    def __post_init__(self) -> None:
        if min(self.amount, self.interval, self.start) < 0:
            raise ValueError("A fare's numbers are not negative.")
        if self.end is not None and self.end <= self.start:
            raise ValueError("A step ends after it starts.")

    def cost(self, units: float) -> int:
        """What `units` of the component cost in this step."""
        if units <= self.start:
            return 0
        if not self.interval:
            return self.amount
        covered = min(units, self.end) if self.end is not None else units
        return self.amount * ceil(round((covered - self.start) / self.interval, 9))


@dataclass(frozen=True, slots=True)
class Line:
    """A component's part of the fare."""

    component: str
    amount: int
    units: float


Steps = Mapping[str, Sequence[Step]]


def read_steps(raw: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, list[Step]]:
    """Steps as written in a row. Raises ValueError for what no fare can be."""
    if unknown := set(raw) - set(COMPONENTS):
        raise ValueError(f"Not a fare's component: {', '.join(sorted(unknown))}.")
    try:
        return {
            component: [Step(**step) for step in steps]  # type: ignore[arg-type]
            for component, steps in raw.items()
        }
    except TypeError as error:
        raise ValueError(str(error)) from error


def price(steps: Steps, *, metres: float, seconds: float, riders: int, luggage: int) -> list[Line]:
    """The lines of one ride's fare; they add up to it."""
    units = {
        "ride": 1.0, "kilometer": metres / 1000, "minute": seconds / 60,
        "rider": float(riders), "luggage": float(luggage),
    }  # fmt: skip
    lines = [
        Line(
            component,
            sum(step.cost(units[component]) for step in steps[component]),
            units[component],
        )
        for component in COMPONENTS
        if component in steps
    ]
    return [line for line in lines if line.amount]
