"""What a controller can and cannot show."""

from dataclasses import replace

import pytest

from apps.traffic.core import guard
from apps.traffic.core.guard import Aspect, GroupState, State
from apps.traffic.core.sense import fault
from benchmarks.signals.referee import CROSSROADS

GREEN, CLEARING, RED = Aspect.GREEN, Aspect.CLEARING, Aspect.RED


def showing(
    *aspects: Aspect, since_s: float = 0.0, called: dict[int, float] | None = None
) -> State:
    groups = tuple(
        GroupState(aspect, since_s, (called or {}).get(n)) for n, aspect in enumerate(aspects)
    )
    return State(0, since_s, groups)


def judged(before: State | None, now: State, *, passed_s: float = 0.5, now_s: float = 100.0) -> str:
    return fault(CROSSROADS, before, now, before_s=now_s - passed_s, now_s=now_s)


@pytest.mark.parametrize("second", [GREEN, CLEARING])
def test_streams_that_cross_are_never_on_together(second: Aspect) -> None:
    assert "cross" in judged(None, showing(GREEN, second, RED, RED))
    assert "cross" in judged(None, showing(RED, GREEN, second, RED))


def test_streams_that_do_not_cross_may_be() -> None:
    assert not judged(None, showing(GREEN, RED, GREEN, RED))


def test_a_green_right_after_the_other_is_a_jump() -> None:
    before, now = showing(GREEN, RED, RED, RED), showing(RED, GREEN, RED, RED, since_s=100)
    assert "jumped" in judged(before, now)
    assert "jumped" in judged(before, now, passed_s=2.9)
    assert not judged(before, now, passed_s=6.0)  # nobody looked meanwhile


def test_the_same_for_ever_is_a_memory_and_no_light() -> None:
    now = showing(GREEN, RED, RED, RED, called={1: 50.0})
    assert not judged(now, now, now_s=50.0 + 240)
    assert "repeats" in judged(now, now, now_s=50.0 + 241)


def test_resting_where_nobody_waits_may_last() -> None:
    now = showing(GREEN, RED, RED, RED)
    assert not judged(now, now, now_s=90_000)


def test_waiting_counts_from_the_last_change() -> None:
    now = showing(GREEN, RED, RED, RED, called={1: 50.0})
    changed = replace(now, groups=(replace(now.groups[0], since_s=200.0), *now.groups[1:]))
    assert not judged(now, changed, now_s=400)


def test_our_own_guard_always_makes_sense() -> None:
    state = guard.begin(CROSSROADS, 0.0)
    for second in range(1, 900):
        before, wish = state, (second // 25) % 2
        state = guard.advance(CROSSROADS, state, float(second), wish=wish, calls={0, 1, 2, 3})
        assert not fault(CROSSROADS, before, state, before_s=second - 1.0, now_s=float(second))
