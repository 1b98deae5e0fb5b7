"""The simulated day: repeatable, honest about what happened, and fair to every dispatcher."""

from dataclasses import replace

import numpy as np
import pytest

from apps.drt.core.asks import Terms
from apps.drt.core.capacity import Capacity
from apps.drt.core.simulation.day import Outcome, lived
from apps.drt.core.simulation.demand import Habits, trips
from apps.drt.core.simulation.dispatchers import (
    Dispatcher,
    GreedyInsertion,
    NearestIdleSolo,
    Ours,
)
from apps.drt.core.simulation.fixed_route import timetabled
from apps.drt.core.simulation.town import Town
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Vehicle
from apps.drt.core.windows import Window

NOON_S = 12 * 3600.0
DISPATCHERS = [GreedyInsertion(), NearestIdleSolo(), Ours(iterations=100)]


def town(*, noise: float = 0.2, vans: int = 3, rides_per_hour: float = 20.0) -> Town:
    """Sixteen stops on a grid of 800 m."""
    spots = np.array([(x * 800.0, y * 800.0) for x in range(4) for y in range(4)])
    apart_m = np.abs(spots[:, None] - spots[None, :]).sum(axis=2)
    shift = Window(NOON_S, NOON_S + 4 * 3600.0)
    rooms = (Capacity(seats=6, wheelchair_bays=1, luggage=4),)
    return Town(
        stops_m=spots,
        pull=np.ones(16),
        step_free=[at % 4 != 3 for at in range(16)],
        travel=TravelTimes.rounded_up(apart_m / 8.0),
        vehicles=tuple(Vehicle(f"v{at}", rooms, at, at, shift) for at in range(vans)),
        habits=Habits(rides_per_hour=rides_per_hour),
        from_s=NOON_S,
        to_s=NOON_S + 1.5 * 3600.0,
        seed=4,
        noise=noise,
        longest_walk_m=1100.0,
        terms=Terms(longest_wait_s=1500.0),
    )


def test_it_draws_the_same_trips_from_the_same_seed() -> None:
    assert town().trips == town().trips
    other = replace(town(), seed=5)
    assert other.trips != town().trips


def test_it_draws_as_many_trips_as_the_habits_say() -> None:
    habits = Habits(rides_per_hour=600.0, by_hour=(0.5,) * 12 + (1.0,) * 12)
    spots = town().stops_m
    drawn = trips(habits, spots, np.ones(16), from_s=11 * 3600.0, to_s=13 * 3600.0, seed=1)
    wanted_s = [t.depart_after_s or (t.arrive_by_s or 0.0) - 3600.0 for t in drawn]
    before = sum(at_s < NOON_S for at_s in wanted_s)
    assert 240 < before < 360
    assert 520 < len(drawn) - before < 680


def test_it_lets_riders_ask_in_order_and_never_after_they_want_to_go() -> None:
    drawn = town().trips
    assert [t.asks_at_s for t in drawn] == sorted(t.asks_at_s for t in drawn)
    for trip in drawn:
        assert (trip.depart_after_s is None) != (trip.arrive_by_s is None)
        assert trip.asks_at_s <= (trip.depart_after_s or trip.arrive_by_s or 0.0)


def test_it_sends_a_wheelchair_to_step_free_stops_only() -> None:
    stops = town().stops_near((2400.0, 2400.0), step_free=True)
    assert stops
    assert all(stop.step_free for stop in stops)


@pytest.mark.parametrize("dispatcher", DISPATCHERS, ids=lambda d: d.name)
def test_it_brings_everyone_it_said_yes_to(dispatcher: Dispatcher) -> None:
    day = town()
    outcome = lived(day, dispatcher)
    assert outcome.asked == len(day.trips)
    assert len(outcome.rides_s) == outcome.asked - outcome.rejected > 0
    assert min(outcome.waits_s) >= -1e-6
    assert min(outcome.detours) > 0.0


@pytest.mark.parametrize("dispatcher", DISPATCHERS, ids=lambda d: d.name)
def test_it_keeps_every_promise_where_streets_keep_the_timetable(dispatcher: Dispatcher) -> None:
    outcome = lived(town(noise=0.0), dispatcher)
    assert max(outcome.lates_s) <= 1e-6
    assert outcome.kept_share == 1.0


def test_it_lives_the_same_day_twice() -> None:
    assert lived(town(), Ours(iterations=100)) == lived(town(), Ours(iterations=100))


def test_it_says_no_where_there_are_too_few_vans() -> None:
    busy = lived(town(vans=1, rides_per_hour=90.0), GreedyInsertion())
    assert busy.rejected_share > 0.2


def test_it_refuses_less_than_a_rank_of_taxis() -> None:
    crowded = town(vans=2, rides_per_hour=50.0)
    ours, solo = lived(crowded, Ours(iterations=100)), lived(crowded, NearestIdleSolo())
    assert ours.rejected < solo.rejected
    assert ours.vkm_per_passenger < solo.vkm_per_passenger


def test_it_runs_the_fixed_route_to_its_headway() -> None:
    day = town(vans=4)
    outcome = timetabled(day)
    assert outcome.dispatcher == "fixed route"
    assert outcome.rejected < outcome.asked
    assert min(outcome.waits_s) >= 0.0
    more = timetabled(town(vans=8))
    assert more.wait_mean_s < outcome.wait_mean_s
    assert more.driven_m == pytest.approx(2 * outcome.driven_m)


def test_it_spreads_driving_times_round_what_is_expected() -> None:
    factors = [town(noise=0.2).leg_factor("v0", leg) for leg in range(2000)]
    assert np.mean(factors) == pytest.approx(1.0, abs=0.02)
    assert np.std(factors) == pytest.approx(0.2, abs=0.02)


def test_it_has_no_figures_for_an_empty_day() -> None:
    nothing = Outcome("none", (), (), (), (), 0, 0, 0, 0.0)
    assert np.isnan(nothing.wait_mean_s)
    assert nothing.rejected_share == 0.0
