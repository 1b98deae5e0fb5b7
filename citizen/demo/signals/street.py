"""Traffic at one demo junction: cars come by chance over the detectors, people press the button."""

import random
from dataclasses import dataclass, field

from apps.traffic.core.guard import Aspect
from apps.traffic.core.layout import Junction, Stream
from apps.traffic.core.queues import Approach
from apps.traffic.snapshot import Plan
from citizen.demo.signals.controller import FieldController, Wiring

SPLIT_S = 35.0
CARS_PER_HOUR = (90.0, 380.0)  # the least and the most of an arm
WALKERS_PER_HOUR = 40.0
FLOWS_PER_S = 0.5
PERIOD_S = 30.0
COVERED_S = 0.6  # how long a car covers a loop


@dataclass
class Street:
    """`tick` moves cars, people and the controller one step on."""

    plan: Plan
    seed: int
    controller: FieldController = field(init=False)
    _chance: random.Random = field(init=False)
    _rates: dict[int, float] = field(init=False)
    _due: dict[int, list[float]] = field(init=False)
    _standing: dict[int, float] = field(init=False)
    _walkers: "Walkers" = field(init=False)
    _counted: dict[int, int] = field(default_factory=dict)
    _period_began_s: float | None = None

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.controller = FieldController(
            self.plan.layout, wiring_of(self.plan), (SPLIT_S,) * len(self.plan.layout.stages)
        )
        groups = [approach.group for approach in self.plan.approaches]
        self._rates = {g: self._chance.uniform(*CARS_PER_HOUR) / 3600 for g in groups}
        self._due = {g: [] for g in groups}
        self._standing = dict.fromkeys(groups, 0.0)
        self._walkers = Walkers(self.plan.layout, self._chance)

    def tick(self, now_s: float, step_s: float) -> None:
        present = set()
        for approach, detector in zip(self.plan.approaches, self.plan.detectors, strict=True):
            if self._chance.random() < self._rates[approach.group] * step_s:
                present.add(detector)
                self._due[approach.group].append(now_s + approach.travel_s)
            self._move(approach, now_s, step_s)
        self.controller.present = frozenset(present)
        self._count(present, now_s)
        waiting = {group for group, cars in self._standing.items() if cars >= 1}
        self.controller.tick(now_s, frozenset(waiting | self._walkers.calls(step_s)))

    def _move(self, approach: Approach, now_s: float, step_s: float) -> None:
        group = approach.group
        arrived = [due for due in self._due[group] if due <= now_s]
        self._due[group] = [due for due in self._due[group] if due > now_s]
        self._standing[group] += len(arrived)
        if self.controller.state.groups[group].aspect is Aspect.GREEN:
            self._standing[group] = max(0.0, self._standing[group] - FLOWS_PER_S * step_s)

    def _count(self, present: set[int], now_s: float) -> None:
        """Cars that went over the loops, told by the controller each half minute."""
        for detector in self.plan.detectors:
            self._counted[detector] = self._counted.get(detector, 0) + (detector in present)
        self._period_began_s = now_s if self._period_began_s is None else self._period_began_s
        if now_s - self._period_began_s >= PERIOD_S:
            self.controller.detectors = {
                detector: (count, round(count * COVERED_S / PERIOD_S * 200))
                for detector, count in self._counted.items()
            }
            self.controller.sequence += 1
            self._counted.clear()
            self._period_began_s = now_s


@dataclass
class Walkers:
    """People who press the button, by chance."""

    layout: Junction
    chance: random.Random

    def calls(self, step_s: float) -> set[int]:
        return {
            group
            for group, plan in enumerate(self.layout.groups)
            if plan.stream is Stream.WALKERS
            and self.chance.random() < WALKERS_PER_HOUR / 3600 * step_s
        }


def wiring_of(plan: Plan) -> Wiring:
    """As the rows have it, which staff may have changed."""
    streams = [group.stream for group in plan.layout.groups]
    by_stream: dict[Stream, dict[int, int]] = {Stream.VEHICLES: {}, Stream.WALKERS: {}}
    for group, phase in enumerate(plan.phases):
        by_stream[streams[group]][phase] = group
    return Wiring(by_stream[Stream.VEHICLES], by_stream[Stream.WALKERS])
