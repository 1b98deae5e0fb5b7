"""The guard gives green: to nobody who crosses another, never too briefly, and to all in time."""

import random

import pytest

from apps.traffic.core import guard
from apps.traffic.core.guard import Aspect, State
from apps.traffic.core.layout import Junction, SignalGroup, Stream, Unsafe
from benchmarks.signals.referee import CROSSROADS, any_junction, fuzz

NORTH_SOUTH, EAST_WEST, WALK_NORTH, WALK_EAST = range(4)


def played(
    until_s: int, *, wishes: dict[int, int | None], calls: dict[int, set[int]], stage: int = 0
) -> dict[int, State]:
    """The crossroads second by second; a wish holds until the next."""
    state, wish, states = guard.begin(CROSSROADS, 0.0, stage), None, {}
    for second in range(1, until_s + 1):
        wish = wishes.get(second, wish)
        state = guard.advance(
            CROSSROADS, state, float(second), wish=wish, calls=calls.get(second, ())
        )
        states[second] = state
    return states


def test_it_starts_with_all_red_and_then_one_stage() -> None:
    states = played(2, wishes={}, calls={})
    assert states[1].aspects()[NORTH_SOUTH] is Aspect.GREEN
    assert states[1].aspects()[EAST_WEST] is Aspect.RED


def test_a_wish_waits_for_the_least_green_the_yellow_and_the_red() -> None:
    states = played(20, wishes={2: 1}, calls={})
    shown = [states[second].aspects()[NORTH_SOUTH] for second in range(1, 12)]
    assert shown == [Aspect.GREEN] * 6 + [Aspect.CLEARING] * 3 + [Aspect.RED] * 2
    assert states[10].aspects()[EAST_WEST] is Aspect.RED
    assert states[11].aspects()[EAST_WEST] is Aspect.GREEN


def test_walkers_who_called_are_let_across_to_the_end() -> None:
    states = played(40, wishes={1: 0, 2: 1}, calls={1: {WALK_NORTH}})
    assert states[2].aspects()[WALK_NORTH] is Aspect.GREEN
    across = [s for s in range(1, 41) if states[s].aspects()[WALK_NORTH] is not Aspect.RED]
    assert len(across) == 13
    assert states[across[-1]].aspects()[EAST_WEST] is Aspect.RED


def test_walkers_who_come_late_wait_when_others_are_wanted() -> None:
    """Or walk after walk would keep the stage for ever."""
    every_second = {second: {WALK_NORTH} for second in range(1, 200)}
    states = played(60, wishes={5: 1}, calls=every_second)
    assert any(states[s].aspects()[EAST_WEST] is Aspect.GREEN for s in range(1, 61))


def test_nobody_walks_who_has_not_called() -> None:
    states = played(60, wishes={10: 1}, calls={})
    assert all(states[s].aspects()[WALK_EAST] is Aspect.RED for s in states)


def test_a_call_is_answered_in_time_whatever_is_wished() -> None:
    states = played(200, wishes={1: 0}, calls={3: {WALK_EAST}})
    first = next(s for s in states if states[s].aspects()[WALK_EAST] is Aspect.GREEN)
    assert 3 < first <= 3 + 120
    assert "waited long enough" in states[first].why


def test_no_sequence_of_wishes_breaks_it() -> None:
    chance = random.Random(1202)
    for _ in range(150):
        junction = any_junction(chance)
        referee = fuzz(junction, chance, steps=400)
        assert (referee.conflicts, referee.broken_minimums) == (0, 0)
        assert referee.longest_wait_s <= 240


def test_the_referee_sees_a_broken_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_is_clear_of", lambda *_: True)
    assert fuzz(CROSSROADS, random.Random(1), steps=400).conflicts


@pytest.mark.parametrize(
    ("stages", "why"),
    [
        ([{0, 2}], "two stages"),
        ([{0, 1}, {2}], "which cross"),
        ([{0, 2}, {1}], "No stage serves walk along east"),
        ([{0, 2}, {1, 3}, set()], "empty"),
        ([{0, 2}, {1, 3, 9}], "unknown group"),
    ],
)
def test_it_refuses_an_unsafe_layout(stages: list[set[int]], why: str) -> None:
    with pytest.raises(Unsafe, match=why):
        Junction(CROSSROADS.groups, CROSSROADS.conflicts, tuple(map(frozenset, stages)))


def test_it_refuses_a_yellow_too_short_to_stop_in() -> None:
    with pytest.raises(Unsafe):
        SignalGroup("hasty", Stream.VEHICLES, min_green_s=5, clearance_s=2)
