"""Walkers at lights: who is sent over, and how long the way takes beside a fixed penalty."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from apps.accounts.core.mobility import personal
from apps.navigation.core.pricing import SIGNAL_WAIT_S
from apps.navigation.core.signals import (
    Crossing,
    Part,
    Rhythm,
    Shown,
    advise,
    expected_wait_s,
)
from apps.traffic.core.guard import Aspect, State
from apps.traffic.core.layout import Junction, Stream
from apps.traffic.core.observing import Shown as Seen
from apps.traffic.core.observing import admitted_ends_s, beginnings, observed
from apps.traffic.core.rhythm import Rhythm as Learnt
from apps.traffic.core.rhythm import heard
from benchmarks.report import Metric
from benchmarks.signals.referee import any_junction
from citizen.demo.signals.controller import FieldController, wired

CROSSINGS, TRIPS = 10_000, 4000
STEP_S = 0.5
_ASPECTS: dict[Aspect, Literal["green", "clearing", "red"]] = {
    Aspect.GREEN: "green", Aspect.CLEARING: "clearing", Aspect.RED: "red",
}  # fmt: skip


def measure(quick: bool) -> Iterator[Metric]:
    sent, caught = 0, 0
    for street in _streets():
        street.run(1200)
        sent, caught = sent + street.finished, caught + street.caught
        if sent >= CROSSINGS:
            break
    case = f"{sent} people told that they have time"
    yield Metric("uncrossable_recommended", case, caught, "count", "limit", 0.0)
    for name, waver in (("fixed programmes", 0.01), ("cycles that waver by 15 %", 0.15)):
        ours, fixed = eta_errors(waver, TRIPS // (8 if quick else 1))
        yield Metric("eta_error_share", name, ours, "share", "fixed penalty", fixed)


@dataclass
class Street:
    """A junction that is looked at, with gaps and delays, and people before its green men."""

    junction: Junction
    chance: random.Random
    controller: FieldController = field(init=False)
    finished: int = 0
    caught: int = 0
    _seen: State | None = None
    _began: tuple[float | None, ...] = ()
    _looked_s: float = 0.0
    _down_until_s: float = 0.0
    _on_it: list[tuple[int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        splits = tuple(self.chance.uniform(12, 40) for _ in self.junction.stages)
        self.controller = FieldController(self.junction, wired(self.junction), splits)

    def run(self, seconds: int) -> None:
        for step in range(int(seconds / STEP_S)):
            now_s = step * STEP_S
            calls = {g for g in range(len(self.junction.groups)) if self.chance.random() < 0.2}
            self.controller.tick(now_s, frozenset(calls))
            self._judge(now_s)
            self._look(now_s)
            self._ask(now_s)

    def _look(self, now_s: float) -> None:
        """Once a second or so; now and then the controller is not heard for a while."""
        if self.chance.random() < 0.005:
            self._down_until_s = now_s + self.chance.uniform(1, 20)
            self._seen = self._seen if self.chance.random() < 0.5 else None
        if now_s < self._down_until_s or self.chance.random() < 0.4:
            return
        shown = {g: Seen(state.aspect) for g, state in enumerate(self.controller.state.groups)}
        before, before_s = self._seen, self._looked_s
        self._seen = observed(self.junction, before, shown, now_s)
        self._began = beginnings(before, self._seen, self._began, looked_s=before_s)
        self._looked_s = now_s

    def _ask(self, now_s: float) -> None:
        for number, plan in enumerate(self.junction.groups):
            if plan.stream is not Stream.WALKERS or self.chance.random() > 0.3:
                continue
            crossing = Crossing(
                plan.name, (Part(0, self.chance.uniform(3, 14), 0.0, 0.015),),
                plan.min_green_s, plan.clearance_s,
            )  # fmt: skip
            speed_mps = round(self.chance.uniform(0.4, 1.6), 2)
            need_s = crossing.need_s(personal("foot", {"speed_mps": speed_mps}))
            advice = advise(crossing, self._shown(number, now_s), need_s, now_s=now_s)
            if advice.can_finish:
                self._on_it.append((number, now_s + need_s))

    def _shown(self, number: int, now_s: float) -> Shown | None:
        if self._seen is None:
            return None
        ends = admitted_ends_s(self.junction, self._seen, number, began_s=self._began[number])
        least_s, most_s = (None if end is None else end - now_s for end in ends)
        return Shown(
            _ASPECTS[self._seen.groups[number].aspect], now_s - self._looked_s, least_s, most_s
        )

    def _judge(self, now_s: float) -> None:
        """Whoever is still on the crossing when its red comes was sent wrongly."""
        still: list[tuple[int, float]] = []
        for number, until_s in self._on_it:
            if now_s >= until_s:
                self.finished += 1
            elif self.controller.state.groups[number].aspect is Aspect.RED:
                self.caught += 1
                self.finished += 1
            else:
                still.append((number, until_s))
        self._on_it = still


def _streets() -> Iterator[Street]:
    for seed in itertools.count():
        junction = any_junction(random.Random(seed))
        if {plan.stream for plan in junction.groups} == set(Stream):
            yield Street(junction, random.Random(seed))


def eta_errors(waver: float, trips: int) -> tuple[float, float]:
    """Mean error over mean duration, by the rhythm and by a fixed penalty a crossing."""
    chance = random.Random(12)
    ours = fixed = lasted = 0.0
    for _ in range(trips):
        crossings = [_watched(chance, waver) for _ in range(chance.randint(1, 5))]
        legs_s = [chance.uniform(20, 240) for _ in crossings]
        person = personal("foot", {"speed_mps": round(chance.uniform(0.9, 1.5), 2)})
        told_s = flat_s = true_s = 0.0
        for (crossing, greens_s), leg_s in zip(crossings, legs_s, strict=True):
            need_s = crossing.need_s(person)
            told_s += leg_s
            told_s += expected_wait_s(crossing, need_s, told_s) + need_s
            flat_s += leg_s + SIGNAL_WAIT_S + need_s
            true_s += leg_s
            true_s += _waited_s(greens_s, crossing.window_s(need_s), true_s) + need_s
        ours += abs(told_s - true_s)
        fixed += abs(flat_s - true_s)
        lasted += true_s
    return ours / lasted, fixed / lasted


def _watched(chance: random.Random, waver: float) -> tuple[Crossing, list[float]]:
    """A crossing whose greens were watched for an hour until now, and those to come."""
    cycle_s, now_s = chance.uniform(60, 130), 3600.0
    greens_s = [chance.uniform(0, cycle_s)]
    while greens_s[-1] < 2 * now_s:
        greens_s.append(greens_s[-1] + max(30.0, chance.gauss(cycle_s, waver * cycle_s)))
    learnt = Learnt(greens_s[0])
    for green_s in greens_s[1:]:
        learnt = heard(learnt, green_s) if green_s <= now_s else learnt
    assert learnt.cycle_s is not None
    rhythm = Rhythm(learnt.cycle_s, learnt.sd_s, learnt.green_at_s - now_s)
    length_m = chance.uniform(6, 18)
    crossing = Crossing("", (Part(0, length_m, 0.0, 0.015),), 7.0, length_m)
    return replace(crossing, rhythm=rhythm), [green_s - now_s for green_s in greens_s]


def _waited_s(greens_s: list[float], window_s: float, at_s: float) -> float:
    before = max(green for green in greens_s if green <= at_s)
    if at_s - before <= window_s:
        return 0.0
    return min(green for green in greens_s if green > at_s) - at_s
