"""Faults put into a working car park's words: how many are found, and how often a sound one is
accused.

Six weeks of the Birmingham recording; every car park is judged every hour by its own last days, its
usual days and the other car parks. A week is sound where at least 80 % of its half hours are known
and the recording itself is neither silent for longer than the limit nor says the same number for
five hours between empty and full: that has been seen, and is what should be found.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np

from apps.parking.core.forecasting.grid import Floats, Integers, profile
from apps.parking.core.suspicion import BANDS, Fault, Habit, Watch, habit_of, judge
from apps.parking.core.voices import Bools
from benchmarks.parking.birmingham import CLOSES, MONDAY, OPENS, read_grid
from benchmarks.report import Metric

WEEKS = [date(2016, 11, 7) + timedelta(weeks=n) for n in range(6)]
KNOWN = 0.8
STILL_SLOTS = 10
LOOKS_BACK = 5 * (CLOSES - OPENS + 1)  # slots of five open days
SILENT_AFTER = 6
FACTORS = (0.5, 0.6, 1.6, 1.8)

Spoil = Callable[[Floats, int, "np.random.Generator"], Floats]


def stuck(said: Floats, start: int, _chance: "np.random.Generator") -> Floats:
    known = said[:start][~np.isnan(said[:start])]
    return np.where(np.arange(len(said)) < start, said, known[-1] if len(known) else 0.5)


def silent(said: Floats, start: int, _chance: "np.random.Generator") -> Floats:
    return np.where(np.arange(len(said)) < start, said, np.nan)


def flapping(said: Floats, start: int, chance: "np.random.Generator") -> Floats:
    jumps = chance.choice([-0.25, 0.25], len(said))
    return np.where(np.arange(len(said)) < start, said, np.clip(said + jumps, 0, 1))


def flipped(said: Floats, start: int, _chance: "np.random.Generator") -> Floats:
    return np.where(np.arange(len(said)) < start, said, 1 - said)


def drifted(said: Floats, start: int, chance: "np.random.Generator") -> Floats:
    return np.where(
        np.arange(len(said)) < start, said, np.clip(said * chance.choice(FACTORS), 0, 1.3)
    )


SPOILED: dict[Fault, Spoil] = {
    Fault.STUCK: stuck, Fault.SILENT: silent, Fault.FLAPPING: flapping, Fault.FLIPPED: flipped,
    Fault.DRIFTED: drifted,
}  # fmt: skip


class Scene:
    """The open slots of all days, what is usual in each, and how all the others do."""

    def __init__(self) -> None:
        grid = read_grid()
        every = np.arange(grid.share.shape[1])
        slot = grid.slot_of_day(every)
        opened = every[(slot >= OPENS) & (slot <= CLOSES)]
        self.day = CLOSES - OPENS + 1
        self.share = grid.share[:, opened]
        self.usual = profile(grid, opened)
        self.band = (slot[opened] * BANDS // grid.day).astype(np.int64)
        self.columns = opened
        self.grid = grid

    def lift(self, park: int) -> Floats:
        others = np.delete(np.arange(len(self.share)), park)
        with np.errstate(invalid="ignore", divide="ignore"):
            factor = self.share[others] / self.usual[others]
        known = np.isfinite(factor) & (self.usual[others] > 0.08)
        middle = np.nanmedian(np.where(known, factor, np.nan), axis=0)
        return np.where(np.isfinite(middle), middle, 1.0)

    def spoke(self, park: int) -> Bools:
        others = np.delete(np.arange(len(self.share)), park)
        return np.asarray((~np.isnan(self.share[others])).mean(axis=0) >= 0.5)

    def week(self, monday: date) -> Integers:
        first = (monday - MONDAY).days * self.day
        return np.arange(first, min(first + 7 * self.day, self.share.shape[1]))


def measure() -> Iterator[Metric]:
    scene, chance = Scene(), np.random.default_rng(11)
    found: list[bool] = []
    accused: list[bool] = []
    for park in range(len(scene.share)):
        lift, spoke = scene.lift(park), scene.spoke(park)
        for monday in WEEKS:
            week = scene.week(monday)
            if not _is_sound(scene.share[park, week], spoke[week]):
                continue
            judged = _Judge(scene, park, week, lift, spoke)
            accused.append(judged.first(scene.share[park]) is not None)
            for spoil in SPOILED.values():
                start = int(week[0] + chance.integers(0, 2 * scene.day))
                said = scene.share[park].copy()
                said[week] = spoil(said, start, chance)[week]
                found.append(judged.first(said, since=start) is not None)
    case = f"{len(found)} spoiled device-weeks, 5 faults, Birmingham"
    yield Metric("fault_recall", case, float(np.mean(found)), "share", "limit", 0.95)
    case = f"{len(accused)} sound device-weeks, Birmingham"
    yield Metric("false_alarm_share", case, float(np.mean(accused)), "share", "limit", 0.02)


def _is_sound(said: Floats, spoke: Bools) -> bool:
    if np.isnan(said).mean() > 1 - KNOWN:
        return False
    heard = said[spoke]
    gone = np.convolve(np.isnan(heard), np.ones(SILENT_AFTER), "valid")
    known = said[~np.isnan(said)]
    same = (np.abs(np.diff(known)) <= 0.001) & (known[1:] > 0.015) & (known[1:] < 0.985)
    still = np.convolve(same, np.ones(STILL_SLOTS - 1), "valid")
    return bool(gone.max(initial=0) < SILENT_AFTER and still.max(initial=0) < STILL_SLOTS - 1)


class _Judge:
    """One car park's week, judged hour by hour."""

    def __init__(self, scene: Scene, park: int, week: Integers, lift: Floats, spoke: Bools) -> None:
        self.scene, self.week, self.lift = scene, week, lift
        self.usual, self.spoke = scene.usual[park], np.asarray(spoke)
        before = slice(max(0, int(week[0]) - 28 * scene.day), int(week[0]))
        self.habit: Habit = habit_of(
            scene.share[park, before], self.usual[before], lift[before], scene.band[before],
            scene.day,
        )  # fmt: skip

    def first(self, said: Floats, *, since: int = 0) -> Fault | None:
        for now in self.week[1::2]:
            if now < since:
                continue
            seen = slice(max(0, int(now) - LOOKS_BACK), int(now) + 1)
            watch = Watch(
                said[seen], self.usual[seen], np.full(seen.stop - seen.start, np.nan),
                self.spoke[seen], self.lift[seen], self.scene.band[seen], SILENT_AFTER,
            )  # fmt: skip
            if (fault := judge(watch, self.habit)) is not None:
                return fault
        return None
