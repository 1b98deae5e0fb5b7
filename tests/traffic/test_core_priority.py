"""Buses weigh more, emergencies come first, and nobody is crossed for either."""

import random

import numpy as np
import pytest

from apps.traffic.core import guard, horizon
from apps.traffic.core.horizon import Seen
from apps.traffic.core.priority import Demand, Kind, urgent_stage, weighed
from apps.traffic.core.queues import Approach
from apps.traffic.core.report import Minute, compare
from benchmarks.signals.referee import CROSSROADS, Referee

APPROACHES = (Approach(0), Approach(1))


def seen(stage: int = 0) -> Seen:
    nothing = np.zeros((2, horizon.HORIZON_S))
    return Seen(stage, 10.0, np.array([3.0, 0.0]), nothing, np.full(2, np.inf), np.ones(2))


def signals() -> horizon.Signals:
    flow = np.array([[0.5, 0.0], [0.0, 0.5]])
    change = np.array([[0.0, 12.0], [12.0, 0.0]])
    return horizon.Signals(flow, change, np.array([6.0, 6.0]))


def test_a_bus_brings_its_green_where_a_car_would_wait() -> None:
    quiet = seen()
    assert horizon.wish(signals(), quiet).stage == 0
    bus = weighed(quiet, APPROACHES, [Demand(1, Kind.BUS, 12.0)])
    assert bus.weight[1] > quiet.weight[1]
    assert horizon.wish(signals(), bus).cost_of_staying > horizon.wish(signals(), bus).cost


@pytest.mark.parametrize(
    ("eta_s", "counts"), [(5.0, True), (-5.0, True), (-11.0, False), (70.0, False)]
)
def test_who_never_came_or_is_far_does_not_count(eta_s: float, counts: bool) -> None:
    demand = Demand(1, Kind.BUS, eta_s)
    assert demand.counts is counts
    assert bool(weighed(seen(), APPROACHES, [demand]).arrivals.sum()) is counts


def test_an_emergency_is_wished_for_when_near() -> None:
    state = guard.begin(CROSSROADS, 0.0)
    assert urgent_stage(CROSSROADS, state, [Demand(1, Kind.EMERGENCY, 10.0)]) == 1
    assert urgent_stage(CROSSROADS, state, [Demand(0, Kind.EMERGENCY, 10.0)]) == 0
    assert urgent_stage(CROSSROADS, state, [Demand(1, Kind.EMERGENCY, 55.0)]) is None
    assert urgent_stage(CROSSROADS, state, [Demand(1, Kind.BUS, 3.0)]) is None


def test_emergencies_without_end_break_neither_clearance_nor_longest_wait() -> None:
    chance = random.Random(5)
    state, referee = guard.begin(CROSSROADS, 0.0), Referee(CROSSROADS)
    for second in range(1, 4000):
        calls = {g for g in range(4) if chance.random() < 0.1}
        demands = [Demand(chance.choice((0, 1)), Kind.EMERGENCY, chance.uniform(-5, 30))]
        wish = urgent_stage(CROSSROADS, state, demands)
        state = guard.advance(CROSSROADS, state, float(second), wish=wish, calls=calls)
        referee.see(state, float(second), calls)
    assert (referee.conflicts, referee.broken_minimums) == (0, 0)
    assert referee.longest_wait_s <= 120.0


def minutes(saved: float, days: int, chance: random.Random) -> list[Minute]:
    found = []
    for after in (False, True):
        for day in range(days):
            good = chance.gauss(1.0, 0.1)
            for hour in range(6, 22):
                waited_s = 20.0 * good * (1 - saved if after else 1.0) * chance.uniform(0.8, 1.2)
                found.append(Minute((after, day), hour, after, 10.0, 10.0 * waited_s))
    return found


def test_a_saving_is_found_with_its_interval() -> None:
    found = compare(minutes(0.3, 10, random.Random(1)))
    assert found is not None
    assert found.low < 0.3 < found.high
    assert found.is_sure
    assert found.cut == pytest.approx(0.3, abs=0.1)


def test_where_nothing_was_saved_nothing_is_claimed() -> None:
    """One time in twenty is what an interval of 95 % allows; a little more with ten days."""
    found = [compare(minutes(0.0, 10, random.Random(seed))) for seed in range(20)]
    assert sum(one is not None and one.is_sure for one in found) <= 3


def test_hours_seen_under_one_only_do_not_count() -> None:
    quiet = [Minute("night", 3, True, 100.0, 100.0), Minute("night 2", 3, True, 100.0, 100.0)]
    base = minutes(0.0, 6, random.Random(3))
    with_night, without = compare([*base, *quiet]), compare(base)
    assert with_night is not None
    assert without is not None
    assert with_night.cut == without.cut


def test_too_few_days_say_nothing() -> None:
    assert compare(minutes(0.3, 1, random.Random(1))) is None
    assert compare([]) is None
