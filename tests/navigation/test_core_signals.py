"""Crossings with lights: who may start, who must wait, how long, and when to say nothing."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.core.mobility import BASE_PROFILES, MobilityProfile, personal
from apps.navigation.core.signals import (
    EXACT_S,
    STALE_S,
    START_S,
    Crossing,
    Part,
    Rhythm,
    Shown,
    advise,
    expected_wait_s,
    mean_wait_s,
)

FLAT, ASPHALT = 0.0, 0.015
FOOT = BASE_PROFILES["foot"]


def crossing(length_m: float = 14.0, walk_s: float = 7.0, clear_s: float = 14.0,
             rhythm: Rhythm | None = None, grade: float = FLAT) -> Crossing:  # fmt: skip
    return Crossing("j01/3", (Part(0, length_m, grade, ASPHALT),), walk_s, clear_s, rhythm)


def slow(speed_mps: float) -> MobilityProfile:
    return personal("foot", {"speed_mps": speed_mps})


@pytest.mark.parametrize(
    ("length_m", "speed_mps", "is_for"),
    [(14.0, 1.3, True), (14.0, 0.8, True), (14.0, 0.6, False), (20.0, 0.5, False)],
)
def test_a_crossing_is_for_whoever_gets_over_it(
    length_m: float, speed_mps: float, is_for: bool
) -> None:
    """Seven seconds and one for each metre are given."""
    assert crossing(length_m, 7.0, length_m).is_for(slow(speed_mps)) is is_for


def test_a_slope_counts_in_the_slower_direction() -> None:
    chair = BASE_PROFILES["wheelchair_manual"]
    level, steep = crossing().need_s(chair), crossing(grade=0.05).need_s(chair)
    assert steep == crossing(grade=-0.05).need_s(chair) > 1.5 * level


def told(shown: Shown | None, need_s: float = 16.0) -> tuple[str, bool | None]:
    advice = advise(crossing(), shown, need_s, now_s=0.0)
    return advice.state, advice.can_finish


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (Shown("green", 0.5, 5.0, 5.0), ("walk", True)),
        (Shown("green", 0.5, 1.0, 1.0), ("walk", False)),
        (Shown("green", 0.5, None, None), ("walk", False)),  # it may go at once
        (Shown("green", 0.5, -4.0, None), ("walk", False)),
        (Shown("clearing", 0.5, 14.0, 14.0), ("clearing", False)),
        (Shown("red", 0.5), ("wait", None)),
        (Shown("green", STALE_S + 0.1, 7.0, 7.0), ("unknown", None)),
        (Shown("green", -1.0, 7.0, 7.0), ("unknown", None)),  # from the future
        (None, ("unknown", None)),
    ],
)
def test_what_is_said_at_the_kerb(shown: Shown | None, said: tuple[str, bool | None]) -> None:
    assert told(shown) == said


def test_a_countdown_is_exact_only_when_young_and_narrow() -> None:
    def exact(age_s: float, most_s: float) -> bool:
        return advise(crossing(), Shown("green", age_s, 4.0, most_s), 5.0, now_s=0.0).is_exact

    assert exact(0.5, 5.0)
    assert not exact(EXACT_S + 0.1, 5.0)
    assert not exact(0.5, 9.0)


@given(
    left_s=st.floats(0.0, 20.0), age_s=st.floats(0.0, 6.0), need_s=st.floats(3.0, 40.0),
    clear_s=st.floats(3.0, 25.0), admits=st.booleans(),
)  # fmt: skip
def test_nobody_is_sent_who_does_not_get_across(
    left_s: float, age_s: float, need_s: float, clear_s: float, admits: bool
) -> None:
    """The truth: the green man goes `left_s` after he was heard of, perhaps long ago by now."""
    least_s = left_s - age_s if admits else None
    shown = Shown("green", age_s, least_s, least_s)
    advice = advise(crossing(clear_s=clear_s), shown, need_s, now_s=0.0)
    if advice.can_finish:
        assert need_s <= left_s - age_s + clear_s + 1e-9


def test_somebody_who_comes_at_any_time_waits_as_the_formula_says() -> None:
    chance, cycle_s = random.Random(3), 80.0
    there = crossing(rhythm=Rhythm(cycle_s, 0.0, 0.0))
    need_s = there.need_s(FOOT)
    waits = [expected_wait_s(there, need_s, chance.uniform(0, 8000)) for _ in range(4000)]
    assert sum(waits) / len(waits) == pytest.approx(mean_wait_s(there, need_s), rel=0.05)


def test_a_steady_rhythm_says_when_and_a_wavering_one_does_not() -> None:
    steady = crossing(rhythm=Rhythm(80.0, 0.5, 0.0))
    need_s = steady.need_s(FOOT)
    assert expected_wait_s(steady, need_s, 82.0) == pytest.approx(0.0, abs=0.1)
    assert expected_wait_s(steady, need_s, 110.0) == pytest.approx(50.0, abs=2.0)
    wavering = crossing(rhythm=Rhythm(80.0, 40.0, 0.0))
    assert expected_wait_s(wavering, need_s, 82.0) == mean_wait_s(wavering, need_s)
    assert advise(wavering, Shown("red", 0.2), need_s, now_s=10.0).about_s is None
    assert advise(steady, Shown("red", 0.2), need_s, now_s=30.0).about_s == pytest.approx(50.0)


def test_the_slower_have_less_of_the_green_man_and_wait_longer() -> None:
    there = crossing(rhythm=Rhythm(80.0, 0.5, 0.0))
    waits = [mean_wait_s(there, there.need_s(slow(v))) for v in (1.4, 1.0, 0.8, 0.75)]
    assert waits == sorted(waits)
    assert there.window_s(there.given_s) == 0.0
    assert math.isclose(there.need_s(slow(1.4)), START_S + 14.0 / 1.4, rel_tol=0.2)
