"""Devices that give themselves away, and those that only look odd."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from apps.parking.core.suspicion import (
    BANDS,
    Fault,
    Habit,
    Watch,
    habit_of,
    judge,
    stands_too_long,
)

Floats = NDArray[np.float64]
DAY = 48
CHANCE = np.random.default_rng(2)
HOUR = np.arange(28 * DAY) % DAY / 2
BAND = (HOUR * BANDS // 24).astype(np.int64)
USUAL = 0.25 + 0.5 * np.exp(-(((HOUR - 13) / 4.0) ** 2))
SOUND = np.clip(USUAL + CHANCE.normal(0, 0.02, len(USUAL)), 0, 1)
NOTHING = np.full(4 * DAY, np.nan)
LAST = slice(-4 * DAY - 16, -16)  # four days up to four in the afternoon


def habit(said: Floats = SOUND) -> Habit:
    before = slice(0, LAST.start)
    return habit_of(said[before], USUAL[before], np.ones(len(said[before])), BAND[before], DAY)


def seen(said: Floats, *, lift: float = 1.0, others: Floats = NOTHING) -> Fault | None:
    watch = Watch(
        said=said,
        usual=USUAL[LAST],
        others=others,
        spoke=np.ones(len(said), dtype=np.bool_),
        lift=np.full(len(said), lift),
        band=BAND[LAST],
        silent_after=6,
    )
    return judge(watch, habit())


def now(change: Callable[[Floats], Floats], slots: int) -> Floats:
    said = SOUND[LAST].copy()
    said[-slots:] = change(said[-slots:])
    return said


CASES: list[tuple[str, Floats, Fault | None]] = [
    ("a sound device", SOUND[LAST], None),
    ("no word for three hours", now(lambda s: s * np.nan, 6), Fault.SILENT),
    ("no word for two hours", now(lambda s: s * np.nan, 4), None),
    ("one number all day", now(lambda s: s * 0 + 0.4, 20), Fault.STUCK),
    ("one number for an hour", now(lambda s: s * 0 + 0.4, 2), None),
    ("up and down all the time",
     now(lambda s: s + 0.2 * (-1.0) ** np.arange(len(s)), 24), Fault.FLAPPING),
    ("taken for free", now(lambda s: 1 - s, 48), Fault.FLIPPED),
    ("half of its sensors are dead", now(lambda s: s * 0.5, 96), Fault.DRIFTED),
    ("more cars than spaces", now(lambda s: s * 0 + 1.2 + 0.01 * np.arange(len(s)), 6),
     Fault.DRIFTED),
    ("a somewhat busier day", now(lambda s: s * 1.2, 48), None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "said", "fault"), CASES, ids=[case[0] for case in CASES])
def test_what_a_device_says_gives_it_away(what: str, said: Floats, fault: Fault | None) -> None:
    assert seen(said) == fault, what


def test_a_holiday_that_empties_every_place_accuses_nobody() -> None:
    quiet = SOUND[LAST] * 0.5

    assert seen(quiet, lift=1.0) is Fault.DRIFTED
    assert seen(quiet, lift=0.55) is None


def test_a_full_place_may_stay_full() -> None:
    full = now(lambda s: s * 0 + 1.0, 10)

    assert seen(full) is not Fault.STUCK


def test_it_is_held_against_what_others_say() -> None:
    assert seen(SOUND[LAST], others=SOUND[LAST] - 0.02) is None
    assert seen(SOUND[LAST], others=SOUND[LAST] - 0.25) is Fault.CONTRADICTING


def test_a_young_device_is_given_time() -> None:
    assert seen(np.full(4 * DAY, np.nan)) is Fault.SILENT
    young = np.full(4 * DAY, np.nan)
    young[-3:] = 0.9
    assert seen(young) is None


@pytest.mark.parametrize(
    ("days", "middle_days", "stands"),
    [(0.5, 0.1, False), (4, 0.1, True), (30, 0.1, True), (7, 2, False), (90, 60, True),
     (20, 60, False)],
)  # fmt: skip
def test_a_bay_that_never_changes_is_not_believed(
    days: float, middle_days: float, stands: bool
) -> None:
    assert stands_too_long(days, middle_days=middle_days) is stands
