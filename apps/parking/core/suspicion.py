"""Which device gave itself away: silent, stuck, flapping, flipped, drifted, or against the others.

A device is judged by its last words on a grid of slots, beside what is usual then, what the other
sources of its pool say, and whether other pools spoke and moved. What is normal for it was learned
from weeks before (`Habit`). Shares of the spaces taken; NaN is a slot without a word.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BANDS = 8  # of three hours
SAME = 0.001  # closer than this is unchanged
# So unlikely must it be that a working device would have said nothing new.
STUCK_BELOW = log(1e-7)
LEAST_STILL_SLOTS = 4
ENDS, FAR_FROM_USUAL = (0.015, 0.985), 0.5
ROUGH_TIMES, ROUGH_LEAST = 4.0, 0.04
FLAPS_WITHIN = 12  # slots
FLIP_SLOTS = 18
FLIP_CORRELATION, FLIP_GAIN, FLIP_SURELY = -0.75, 1.6, 6.0
FLIP_LEAST = 0.08  # a day as flat as this runs neither with nor against
DRIFT_SLOTS, DRIFT_TIMES = 54, 4.0
DRIFT_LEAST = 0.45  # log: 57 % more, or 36 % less, than is usual
TOO_MANY, TOO_MANY_SLOTS = 1.05, 4
AGAINST_SLOTS, AGAINST_LEAST = 8, 0.15


class Fault(StrEnum):
    SILENT = "silent"
    STUCK = "stuck"
    FLAPPING = "flapping"
    CONTRADICTING = "contradicting"
    FLIPPED = "flipped"
    DRIFTED = "drifted"


@dataclass(frozen=True)
class Watch:
    """The last days up to now, oldest first. `spoke` is whether others spoke in a slot; `lift` is
    how much fuller than usual the other pools are, as a factor."""

    said: Floats
    usual: Floats
    others: Floats
    spoke: NDArray[np.bool_]
    lift: Floats
    band: Integers
    silent_after: int  # slots


@dataclass(frozen=True)
class Habit:
    """How a device of this kind behaves while it works."""

    still: Floats  # by band: chance that a slot brings nothing new
    roughness: float  # mean change of direction from slot to slot
    ratio_spread: float  # how far its level departs from the usual from day to day, in logs


def habit_of(said: Floats, usual: Floats, lift: Floats, band: Integers, day: int) -> Habit:
    """Learned from weeks in which it was believed."""
    step = np.diff(said)
    known = ~np.isnan(step)
    same = known & (np.abs(step) <= SAME)
    quiet = np.bincount(band[1:][same], minlength=BANDS)
    every = np.bincount(band[1:][known], minlength=BANDS)
    # Some weight of the usual: of ten slots, one without change.
    still = (quiet + 1.0) / (every + 10.0)
    bends = np.abs(np.diff(step))
    rough = float(np.nanmean(bends)) if (~np.isnan(bends)).any() else 0.0
    levels = [
        _level(said[at : at + day], usual[at : at + day], lift[at : at + day])
        for at in range(0, len(said) - day + 1, day)
    ]
    found = np.array([level for level in levels if level is not None])
    spread = float(np.median(np.abs(found))) if len(found) >= 3 else 0.15
    return Habit(still, rough, spread)


def _level(said: Floats, usual: Floats, lift: Floats) -> float | None:
    """Log of how much fuller than usual it says its busier hours are, against all others."""
    busy = max(0.08, 0.5 * float(np.max(np.nan_to_num(usual), initial=0.0)))
    known = ~np.isnan(said) & ~np.isnan(usual) & (usual > busy)
    if known.sum() < 6:
        return None
    level = np.median((said[known] + 0.02) / (usual[known] * lift[known] + 0.02))
    return float(np.log(max(level, 1e-3)))


def judge(watch: Watch, habit: Habit) -> Fault | None:
    """The first that holds; each needs enough words to be told from chance."""
    if _is_silent(watch):
        return Fault.SILENT
    if _is_flapping(watch, habit):
        return Fault.FLAPPING
    if _is_stuck(watch, habit):
        return Fault.STUCK
    if _is_flipped(watch):
        return Fault.FLIPPED
    if _is_against_others(watch):
        return Fault.CONTRADICTING
    return Fault.DRIFTED if _is_drifted(watch, habit) else None


def _is_silent(watch: Watch) -> bool:
    heard = watch.said[watch.spoke]
    return len(heard) >= watch.silent_after and bool(np.isnan(heard[-watch.silent_after :]).all())


def _is_stuck(watch: Watch, habit: Habit) -> bool:
    """The chance of the present run without change, slot by slot of its hours."""
    known = np.flatnonzero(~np.isnan(watch.said))
    if len(known) <= LEAST_STILL_SLOTS:
        return False
    said = watch.said[known]
    moved = np.flatnonzero(np.abs(said - said[-1]) > SAME)
    first = int(moved[-1]) + 1 if len(moved) else 0
    run = known[first + 1 :]
    if ENDS[0] > said[-1] or said[-1] > ENDS[1]:  # full is full for hours, and so is empty
        run = run[np.abs(watch.usual[run] - said[-1]) > FAR_FROM_USUAL]
    if len(run) < LEAST_STILL_SLOTS:
        return False
    return bool(np.log(habit.still[watch.band[run]]).sum() < STUCK_BELOW)


def _is_flapping(watch: Watch, habit: Habit) -> bool:
    said = watch.said[~np.isnan(watch.said)][-FLAPS_WITHIN:]
    if len(said) < FLAPS_WITHIN:
        return False
    bends = float(np.median(np.abs(np.diff(said, 2))))
    return bends > max(ROUGH_TIMES * habit.roughness, ROUGH_LEAST)


def _is_flipped(watch: Watch) -> bool:
    """It runs against the day, and turned round it would fit."""
    known = ~np.isnan(watch.said) & ~np.isnan(watch.usual)
    said, usual = watch.said[known][-FLIP_SLOTS:], watch.usual[known][-FLIP_SLOTS:]
    if len(said) < FLIP_SLOTS:
        return False
    as_it_is, turned = np.abs(said - usual).mean(), np.abs(1 - said - usual).mean()
    if as_it_is > FLIP_SURELY * turned + FLIP_LEAST:
        return True
    if as_it_is < FLIP_GAIN * turned or min(np.std(said), np.std(usual)) < FLIP_LEAST:
        return False
    return bool(np.corrcoef(said, usual)[0, 1] < FLIP_CORRELATION)


def _is_drifted(watch: Watch, habit: Habit) -> bool:
    """It knows more cars than spaces; or its level differs from the usual by more than its own days
    and those of the others do."""
    if int((watch.said > TOO_MANY).sum()) >= TOO_MANY_SLOTS:
        return True
    known = np.flatnonzero(~np.isnan(watch.said) & ~np.isnan(watch.usual))[-DRIFT_SLOTS:]
    if len(known) < DRIFT_SLOTS:
        return False
    level = _level(watch.said[known], watch.usual[known], watch.lift[known])
    if level is None:
        return False
    return abs(level) > max(DRIFT_TIMES * habit.ratio_spread, DRIFT_LEAST)


def _is_against_others(watch: Watch) -> bool:
    known = ~np.isnan(watch.said) & ~np.isnan(watch.others)
    if known.sum() < AGAINST_SLOTS:
        return False
    apart = np.abs(watch.said - watch.others)[known][-AGAINST_SLOTS:]
    return bool(np.median(apart) > AGAINST_LEAST)


# A bay is not known to stand still more than this many days at a time, in the middle.
LEAST_CHANGES_A_DAY = 0.5


def stands_too_long(days: float, *, middle_days: float) -> bool:
    """Whether a bay's state has not changed for longer than chance allows (exponential gaps). Half
    of its neighbours have stood still for less than `middle_days`, which tells how often bays
    change there; a bay that nobody is compared with changes every other day at the least."""
    rate = max(log(2) / max(middle_days, 1 / 24), LEAST_CHANGES_A_DAY)
    return -rate * days < STUCK_BELOW
