"""Crossings with lights, and whether a person gets across.

A *green man* lasts `walk_s`; then comes `clear_s`, in which whoever is on the crossing may finish
and nobody may start. A person starts a moment after deciding to (`START_S`) and needs `need_s` in
all, at their own pace on this crossing's slope. They may start while

    need_s <= what is left of the green man for certain + clear_s

and one for whom that never holds is never led there. What is left for certain is what the
controller admits (its earliest end), less everything that may have passed since it was heard.

Waiting follows the crossing's rhythm: greens come `cycle_s` apart, give or take `sd_s`, the last
began at `green_at_s`. Far ahead the error grows and the wait tends to that of somebody who comes
at any time, (C - w)^2 / 2C, where w is how long after the green's beginning one may still start.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from apps.accounts.core.mobility import MobilityProfile
from apps.navigation.core.arrays import F4, frozen
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.paces import pace_mps
from apps.navigation.core.routing import Way
from apps.navigation.core.surfaces import ROLLING_RESISTANCE

START_S = 2.0
CYCLE_S = 90.0  # where nobody has watched yet
STALE_S = 3.0  # older, and a countdown would be a guess: say nothing
EXACT_S = 1.5  # younger, and with the end known to EXACT_SPAN_S, a countdown is exact
EXACT_SPAN_S = 2.0
_NORMAL = (-1.64, -0.97, -0.53, -0.17, 0.17, 0.53, 0.97, 1.64)  # middles of eight equal shares

State = Literal["walk", "clearing", "wait", "unknown"]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the green man comes. `green_at_s` is Unix time."""

    cycle_s: float
    sd_s: float
    green_at_s: float


@dataclass(frozen=True, slots=True)
class Part:
    """One segment of a crossing; `grade` is signed from tail to head."""

    segment: int
    length_m: float
    grade: float
    rolling: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """One crossing under one head."""

    ref: str
    parts: tuple[Part, ...]
    walk_s: float
    clear_s: float
    rhythm: Rhythm | None = None
    group: int = 0  # whose head it is

    @property
    def given_s(self) -> float:
        return self.walk_s + self.clear_s

    @property
    def length_m(self) -> float:
        return sum(part.length_m for part in self.parts)

    def need_s(self, person: MobilityProfile) -> float:
        """In the slower direction."""
        return START_S + max(_seconds(self.parts, person, sign) for sign in (1.0, -1.0))

    def is_for(self, person: MobilityProfile) -> bool:
        """Whether they get across if they start as the green man comes."""
        return self.need_s(person) <= self.given_s

    def window_s(self, need_s: float) -> float:
        """How long after the green man's coming one may still start."""
        return max(0.0, min(self.walk_s, self.given_s - need_s))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a head shows, in seconds from now; None where the controller does not say."""

    aspect: Literal["green", "clearing", "red"]
    age_s: float
    least_s: float | None = None
    most_s: float | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """What to tell a person before a crossing. `least_s` and `most_s` bound what is left of the
    present state; `about_s` is a guess at when the green man comes."""

    state: State
    can_finish: bool | None = None
    least_s: float | None = None
    most_s: float | None = None
    is_exact: bool = False
    about_s: float | None = None


SILENT = Advice("unknown")


def part_of(graph: WalkGraph, segment: int) -> Part:
    row = graph.rows[segment]
    grade = float(row["incline_pct"]) / 100.0
    rolling = float(ROLLING_RESISTANCE[row["surface"]])
    return Part(segment, float(row["length_m"]), 0.0 if math.isnan(grade) else grade, rolling)


def _seconds(parts: tuple[Part, ...], person: MobilityProfile, sign: float) -> float:
    down_pct = math.inf if person.max_incline_down_pct is None else person.max_incline_down_pct
    return sum(
        part.length_m
        / pace_mps(
            float(person.speed_mps),
            person.is_wheelchair,
            float(person.push_power_w or 0.0),
            float(down_pct),
            sign * part.grade,
            part.rolling,
        )
        for part in parts
    )


# ---------------------------------------------------------------- at the kerb


def advise(crossing: Crossing, shown: Shown | None, need_s: float, *, now_s: float) -> Advice:
    """What may be said now. Nothing about a head not heard of late."""
    if shown is None or not 0.0 <= shown.age_s <= STALE_S:
        return SILENT
    if shown.aspect == "red":
        return Advice(
            "wait", None, shown.least_s, shown.most_s, about_s=_comes_in_s(crossing, now_s)
        )
    advice = Advice(
        "walk" if shown.aspect == "green" else "clearing",
        can_finish=False,
        least_s=None if shown.least_s is None else max(0.0, shown.least_s),
        most_s=None if shown.most_s is None else max(0.0, shown.most_s),
        is_exact=_is_exact(shown),
    )
    if shown.aspect == "clearing":
        return advice
    return replace(advice, can_finish=need_s <= sure_s(crossing, shown))


def sure_s(crossing: Crossing, shown: Shown) -> float:
    """How long walkers are protected for certain while the green man is on: it may have gone as
    soon as the controller had been heard, unless it said not before when."""
    least_s = -shown.age_s if shown.least_s is None else max(shown.least_s, -shown.age_s)
    return least_s + crossing.clear_s


def _is_exact(shown: Shown) -> bool:
    if shown.least_s is None or shown.most_s is None or shown.age_s > EXACT_S:
        return False
    return shown.most_s - shown.least_s <= EXACT_SPAN_S


def _comes_in_s(crossing: Crossing, now_s: float) -> float | None:
    """Only of a rhythm steady enough to be counted on."""
    rhythm = crossing.rhythm
    if rhythm is None or rhythm.sd_s > 0.1 * rhythm.cycle_s:
        return None
    since_s = now_s - rhythm.green_at_s
    if not 0.0 <= since_s <= 2.0 * rhythm.cycle_s:
        return None
    return rhythm.cycle_s - since_s % rhythm.cycle_s


# ---------------------------------------------------------------- on the way there


def mean_wait_s(crossing: Crossing, need_s: float) -> float:
    """Of somebody who comes at any time."""
    cycle_s = crossing.rhythm.cycle_s if crossing.rhythm else CYCLE_S
    closed_s = max(0.0, cycle_s - crossing.window_s(need_s))
    return closed_s * closed_s / (2.0 * cycle_s)


def expected_wait_s(crossing: Crossing, need_s: float, at_s: float) -> float:
    """Of somebody who arrives at `at_s` (Unix time)."""
    rhythm = crossing.rhythm
    if rhythm is None or at_s < rhythm.green_at_s:
        return mean_wait_s(crossing, need_s)
    ahead_n = (at_s - rhythm.green_at_s) / rhythm.cycle_s
    sd_s = rhythm.sd_s * math.sqrt(max(ahead_n, 1.0))
    if sd_s > rhythm.cycle_s / 3.0:
        return mean_wait_s(crossing, need_s)
    window_s = crossing.window_s(need_s)
    waits = (
        _wait_s(rhythm.cycle_s, window_s, at_s - rhythm.green_at_s + z * sd_s) for z in _NORMAL
    )
    return sum(waits) / len(_NORMAL)


def _wait_s(cycle_s: float, window_s: float, since_s: float) -> float:
    phase_s = since_s % cycle_s
    return 0.0 if phase_s <= window_s else cycle_s - phase_s


def waits_on(graph: WalkGraph, crossings: Iterable[Crossing], person: MobilityProfile) -> F4:
    """Mean wait per segment for a person, NaN where no head is known; a crossing's wait lies on
    its segments by length."""
    waits = np.full(graph.segments_n, np.nan, dtype=np.float32)
    for crossing in crossings:
        wait_s = mean_wait_s(crossing, crossing.need_s(person))
        for part in crossing.parts:
            waits[part.segment] = wait_s * part.length_m / max(crossing.length_m, 1e-6)
    return frozen(waits)


@dataclass(frozen=True, eq=False)
class Lights:
    """Every crossing with known lights on one build; `version` changes with what they are."""

    version: int
    crossings: tuple[Crossing, ...] = ()

    @cached_property
    def by_segment(self) -> Mapping[int, Crossing]:
        return {part.segment: crossing for crossing in self.crossings for part in crossing.parts}

    def waits_for(self, graph: WalkGraph, person: MobilityProfile) -> F4 | None:
        return waits_on(graph, self.crossings, person) if self.crossings else None


UNLIT = Lights(version=0)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A crossing met on a way: its places there, first to last."""

    crossing: Crossing
    first: int
    last: int


def met_on(by_segment: Mapping[int, Crossing], segments: Sequence[int]) -> list[Ahead]:
    """Crossings in walking order; one crossed twice is met twice."""
    found: list[Ahead] = []
    for place, segment in enumerate(segments):
        crossing = by_segment.get(int(segment))
        if crossing is None:
            continue
        if found and found[-1].crossing is crossing and found[-1].last == place - 1:
            found[-1] = replace(found[-1], last=place)
        else:
            found.append(Ahead(crossing, place, place))
    return found


def timed(way: Way, lights: Lights, person: MobilityProfile, start_s: float) -> Way:
    """The way with each crossing's mean wait exchanged for what is expected when it is reached.
    `start_s` is the departure in Unix time."""
    times_s = way.times_s.copy()
    for ahead in met_on(lights.by_segment, way.segments.tolist()):
        places = slice(ahead.first, ahead.last + 1)
        need_s = ahead.crossing.need_s(person)
        mean_s = mean_wait_s(ahead.crossing, need_s)
        walked = float(way.lengths_m[places].sum()) / max(ahead.crossing.length_m, 1e-6)
        walking_s = max(float(times_s[places].sum()) - mean_s * walked, 0.0)
        wait_s = expected_wait_s(
            ahead.crossing, need_s, start_s + float(times_s[: ahead.first].sum())
        )
        share = way.lengths_m[places] / max(float(way.lengths_m[places].sum()), 1e-6)
        times_s[places] = share * walking_s
        times_s[ahead.first] += wait_s
    return replace(way, times_s=times_s)
