"""Leading one person along a course: pure steps from state and position to new state and outcomes.

A session's shell keeps the state, feeds positions and sends outcomes. State is small and plain, so
a dropped connection
resumes from the stored state without a lost or repeated cue. Nothing here reads a clock: time
comes with the fix.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from apps.navigation.core.course import Course
from apps.navigation.core.cues import Cue
from apps.navigation.core.matching import Belief, Fix

ARRIVED_M = 8.0
OFF_M = 12.0
OFF_CHANCE = 0.2
OFF_FIXES = 3
POOR_ACCURACY_M = 30.0
BACK_M, AHEAD_M = 25.0, 40.0
PASSED_M = 12.0  # a cue whose place is this far behind is no longer worth telling


@dataclass(frozen=True, slots=True)
class Guidance:
    """Where a session stands."""

    along_m: float = 0.0
    at_s: float | None = None
    off_fixes_n: int = 0
    told: frozenset[str] = frozenset()
    has_arrived: bool = False
    is_uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    along_m: float
    remaining_m: float
    remaining_s: float
    off_m: float


@dataclass(frozen=True, slots=True)
class CueDue:
    cue: Cue
    ahead_m: float


@dataclass(frozen=True, slots=True)
class OffCourse:
    """Time to look for another way from here."""

    off_m: float


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Position too poor to guide by; told once until it is better."""

    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Arrived:
    along_m: float


Outcome = Progress | CueDue | OffCourse | Uncertain | Arrived


def advance(
    course: Course, cues: tuple[Cue, ...], state: Guidance, fix: Fix, belief: Belief
) -> tuple[Guidance, tuple[Outcome, ...]]:
    """One position further."""
    if state.has_arrived:
        return state, ()
    if fix.accuracy_m > POOR_ACCURACY_M:
        outcomes = () if state.is_uncertain else (Uncertain(fix.accuracy_m),)
        return replace(state, at_s=fix.at_s, is_uncertain=True), outcomes
    along_m, off_m = project(course, state, fix)
    if _is_off(course, fix, belief, off_m):
        return _astray(state, fix, off_m)
    state = replace(state, along_m=along_m, at_s=fix.at_s, off_fixes_n=0, is_uncertain=False)
    return _on_course(course, cues, state, off_m)


def project(course: Course, state: Guidance, fix: Fix) -> tuple[float, float]:
    """The nearest point of the course within a plausible stretch; a course may pass a place
    twice.
    """
    elapsed_s = 0.0 if state.at_s is None else max(fix.at_s - state.at_s, 0.0)
    speed_mps = max(fix.speed_mps or 0.0, 1.5)
    low_m = state.along_m - BACK_M
    high_m = state.along_m + AHEAD_M + 2.0 * speed_mps * min(elapsed_s, 600.0)
    a = np.stack((course.x[:-1], course.y[:-1]), axis=1)
    step = np.stack((np.diff(course.x), np.diff(course.y)), axis=1)
    squared = np.maximum((step**2).sum(axis=1), 1e-12)
    point = np.array((fix.x, fix.y))
    t = np.clip(((point - a) * step).sum(axis=1) / squared, 0.0, 1.0)
    gap = np.hypot(*((a + step * t[:, None]) - point).T)
    along = course.along_m[:-1] + t * np.diff(course.along_m)
    gap = np.where((along < low_m) | (along > high_m), np.inf, gap)
    best = int(np.argmin(gap))
    return float(along[best]), float(gap[best])


def _is_off(course: Course, fix: Fix, belief: Belief, off_m: float) -> bool:
    """Far from the course by distance and, where the network was matched, by likelihood, too."""
    if off_m <= max(OFF_M, 2.0 * fix.sigma_m):
        return False
    return not belief.hypotheses or belief.chance_on(frozenset(course.segments)) < OFF_CHANCE


def _astray(state: Guidance, fix: Fix, off_m: float) -> tuple[Guidance, tuple[Outcome, ...]]:
    times = state.off_fixes_n + 1
    state = replace(state, at_s=fix.at_s, off_fixes_n=times, is_uncertain=False)
    return state, (OffCourse(off_m),) if times == OFF_FIXES else ()


def _on_course(
    course: Course, cues: tuple[Cue, ...], state: Guidance, off_m: float
) -> tuple[Guidance, tuple[Outcome, ...]]:
    due = tuple(_due(course, cues, state))
    # a stage that was skipped is done with, too: it must not come late
    told = state.told | {cue.id for cue in cues if cue.at_m <= state.along_m}
    remaining_m = course.length_m - state.along_m
    remaining_s = course.time_s - course.seconds_to(state.along_m)
    progress = Progress(state.along_m, remaining_m, remaining_s, off_m)
    has_arrived = remaining_m <= ARRIVED_M
    end: tuple[Outcome, ...] = (Arrived(state.along_m),) if has_arrived else ()
    return replace(state, told=told, has_arrived=has_arrived), (*due, progress, *end)


def _due(course: Course, cues: tuple[Cue, ...], state: Guidance) -> Iterator[CueDue]:
    """Cues reached and not told; of one event only the latest stage; none whose place is behind."""
    reached = [c for c in cues if c.at_m <= state.along_m and c.id not in state.told]
    latest = {cue.event: cue for cue in reached}
    for cue in sorted(latest.values(), key=lambda c: (-c.priority, c.at_m)):
        ahead_m = course.events[cue.event].at_m - state.along_m
        if ahead_m >= -PASSED_M:
            yield CueDue(cue, ahead_m)
