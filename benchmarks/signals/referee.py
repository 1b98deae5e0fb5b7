"""Small junctions, and a referee that judges what a guard has shown, in code of its own."""

import random
from dataclasses import dataclass, field
from itertools import combinations

from apps.traffic.core import guard
from apps.traffic.core.guard import Aspect, State
from apps.traffic.core.layout import Junction, SignalGroup, Stream

CROSSROADS = Junction(
    groups=(
        SignalGroup("north-south", Stream.VEHICLES, min_green_s=6, clearance_s=3),
        SignalGroup("east-west", Stream.VEHICLES, min_green_s=6, clearance_s=3),
        SignalGroup("walk along north", Stream.WALKERS, min_green_s=5, clearance_s=8),
        SignalGroup("walk along east", Stream.WALKERS, min_green_s=5, clearance_s=8),
    ),
    conflicts=frozenset(map(frozenset, ((0, 1), (0, 3), (1, 2), (2, 3)))),
    stages=(frozenset({0, 2}), frozenset({1, 3})),
)


def any_junction(chance: random.Random) -> Junction:
    """Two to five stages of vehicles and walkers; groups that share no stage conflict."""
    count = chance.randint(2, 5)
    groups: list[SignalGroup] = []
    stages: list[set[int]] = [set() for _ in range(count)]
    for stage in range(count):
        for _ in range(chance.randint(1, 3)):
            stream = chance.choice((Stream.VEHICLES, Stream.VEHICLES, Stream.WALKERS))
            groups.append(
                SignalGroup(
                    f"group {len(groups)}", stream,
                    min_green_s=chance.randint(3, 9), clearance_s=chance.randint(3, 9),
                    red_clear_s=chance.randint(0, 3), max_wait_s=240,
                )
            )  # fmt: skip
            stages[stage].add(len(groups) - 1)
            if stream is Stream.VEHICLES and chance.random() < 0.2:
                stages[chance.randrange(count)].add(len(groups) - 1)
    together = {frozenset(pair) for stage in stages for pair in combinations(sorted(stage), 2)}
    every = {frozenset(pair) for pair in combinations(range(len(groups)), 2)}
    return Junction(tuple(groups), frozenset(every - together), tuple(map(frozenset, stages)))


@dataclass
class Referee:
    """Watches aspects over time and writes down every breach."""

    junction: Junction
    conflicts: int = 0
    broken_minimums: int = 0
    longest_wait_s: float = 0.0
    _shown: list[tuple[Aspect, float]] = field(default_factory=list)
    _began_s: float = 0.0
    _called: dict[int, float] = field(default_factory=dict)

    def see(self, state: State, now_s: float, calls: set[int]) -> None:
        aspects = state.aspects()
        self._judge_conflicts(aspects)
        if not self._shown:
            self._shown = [(aspect, now_s) for aspect in aspects]
            self._began_s = now_s
        for group, aspect in enumerate(aspects):
            self._judge_change(group, aspect, now_s)
        self._judge_waits(aspects, now_s, calls)

    def _judge_conflicts(self, aspects: tuple[Aspect, ...]) -> None:
        going = {group for group, aspect in enumerate(aspects) if aspect is not Aspect.RED}
        self.conflicts += sum(pair <= going for pair in self.junction.conflicts)

    def _judge_change(self, group: int, aspect: Aspect, now_s: float) -> None:
        before, since_s = self._shown[group]
        if aspect is before:
            return
        plan, lasted_s = self.junction.groups[group], now_s - since_s
        order = {
            Aspect.GREEN: Aspect.CLEARING,
            Aspect.CLEARING: Aspect.RED,
            Aspect.RED: Aspect.GREEN,
        }
        least_s = {Aspect.GREEN: plan.min_green_s, Aspect.CLEARING: plan.clearance_s, Aspect.RED: 0}
        self.broken_minimums += aspect is not order[before] or lasted_s < least_s[before] - 1e-9
        if aspect is Aspect.GREEN:
            self.broken_minimums += not self._foes_are_clear(group, now_s)
        self._shown[group] = (aspect, now_s)

    def _foes_are_clear(self, group: int, now_s: float) -> bool:
        return all(
            now_s - self._shown[foe][1] >= self.junction.groups[foe].red_clear_s - 1e-9
            for foe in self.junction.foes[group]
            if self._shown[foe][1] > self._began_s
        )

    def _judge_waits(self, aspects: tuple[Aspect, ...], now_s: float, calls: set[int]) -> None:
        for group in calls:
            if aspects[group] is not Aspect.GREEN:
                self._called.setdefault(group, now_s)
        for group in [g for g in self._called if aspects[g] is Aspect.GREEN]:
            del self._called[group]
        for called_s in self._called.values():
            self.longest_wait_s = max(self.longest_wait_s, now_s - called_s)


def fuzz(junction: Junction, chance: random.Random, steps: int) -> Referee:
    """A strategy that wishes anything at any moment, walkers and cars that call as they like."""
    referee = Referee(junction)
    now_s = chance.uniform(0, 1e6)
    state = guard.begin(junction, now_s, chance.randrange(len(junction.stages)))
    for _ in range(steps):
        now_s += chance.choice((0.1, 0.5, 1.0, 1.0, 1.0))
        wish = chance.choice((None, *range(-1, len(junction.stages) + 1)))
        calls = {g for g in range(len(junction.groups)) if chance.random() < 0.05}
        state = guard.advance(junction, state, now_s, wish=wish, calls=calls)
        referee.see(state, now_s, calls)
    return referee
