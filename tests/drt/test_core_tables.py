"""Small cores as tables: the lives of rides and shifts, fares, forecasts, rosters, waiting."""

import numpy as np
import pytest

from apps.drt.core.fares import Step, price, read_steps
from apps.drt.core.forecast import Slot, expected
from apps.drt.core.lifecycle import DUTIES, MOVES, OPEN, Duty, Move, State, moved
from apps.drt.core.rebalancing import Idle, Worth, rebalanced
from apps.drt.core.rostering import Duty as Drive
from apps.drt.core.rostering import Hand, assigned
from apps.drt.core.travel import TravelTimes

HOUR_S = 3600.0


@pytest.mark.parametrize(
    ("state", "move", "to"),
    [
        (State.CONFIRMED, Move.CANCEL, State.CANCELLED_BY_RIDER),
        (State.ARRIVED, Move.MISS, State.NO_SHOW),
        (State.ONBOARD, Move.ALIGHT, State.COMPLETED),
        (State.ONBOARD, Move.CANCEL, None),
        (State.CONFIRMED, Move.MISS, None),
        (State.COMPLETED, Move.BOARD, None),
        (State.SEEKING, Move.BOARD, None),
    ],
)
def test_a_ride_goes_along_its_table(state: State, move: Move, to: State | None) -> None:
    assert moved(state, move) == to


def test_what_is_over_stays_over() -> None:
    assert all(state in OPEN for state, _move in MOVES)
    assert not DUTIES[Duty.ENDED]
    assert not DUTIES[Duty.CANCELLED]


@pytest.mark.parametrize(
    ("steps", "amount"),
    [
        ({"ride": [{"amount": 1000}]}, 1000),
        ({"kilometer": [{"amount": 100, "interval": 1}]}, 300),
        ({"kilometer": [{"amount": 100, "interval": 1, "start": 2}]}, 100),
        ({"kilometer": [{"amount": 100, "interval": 1, "end": 1}]}, 100),
        ({"rider": [{"amount": 500, "interval": 1, "start": 1}]}, 500),
        ({"minute": [{"amount": 10, "interval": 5}]}, 20),
        ({"luggage": [{"amount": 50, "interval": 1}]}, 0),
        ({}, 0),
    ],
)
def test_a_fare_adds_up_by_its_components(
    steps: dict[str, list[dict[str, float]]], amount: int
) -> None:
    lines = price(read_steps(steps), metres=2300, seconds=590, riders=2, luggage=0)
    assert sum(line.amount for line in lines) == amount


@pytest.mark.parametrize(
    "raw", [{"toll": []}, {"ride": [{"price": 1}]}, {"ride": [{"amount": -1}]}]
)
def test_it_refuses_what_is_no_fare(raw: dict[str, list[dict[str, float]]]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_steps(raw)


def test_a_step_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Step(amount=1, start=2, end=2)


def test_a_forecast_leans_on_the_hour_as_far_as_it_was_seen() -> None:
    counts = {Slot("a", "working", 8): 40, Slot("b", "working", 20): 4}
    days = {"working": 20, "holiday": 8}
    at_eight = expected(counts, days, day_kind="working", hour=8)
    assert 1.7 < at_eight["a"] < 2.0
    assert at_eight["b"] < 0.05
    assert expected(counts, days, day_kind="saturday", hour=8)["a"] < 0.1
    assert expected({}, {}, day_kind="working", hour=8) == {}


def line(places: int = 5, apart_s: float = 300.0) -> TravelTimes:
    at = np.arange(places) * apart_s
    return TravelTimes(np.abs(at[:, None] - at[None, :]))


def test_the_nearest_idle_vehicle_goes_and_no_more_than_are_wanted() -> None:
    idle = [Idle("far", 4), Idle("near", 1), Idle("here", 0)]
    assert rebalanced(idle, {0: 1.0}, line()) == {"here": 0}
    assert rebalanced(idle, {0: 2.0}, line()) == {"here": 0, "near": 0}


def test_nobody_drives_farther_than_it_is_worth() -> None:
    assert rebalanced([Idle("v", 4)], {0: 1.0}, line(), Worth(request_s=900)) == {}
    assert rebalanced([Idle("v", 4)], {0: 1.0}, line(), Worth(request_s=1300)) == {"v": 0}
    assert rebalanced([Idle("v", 2)], {0: 0.3}, line()) == {}
    assert rebalanced([], {0: 1.0}, line()) == {}


def test_rest_between_shifts_is_kept() -> None:
    evening, morning = Drive("e", 14 * HOUR_S, 22 * HOUR_S), Drive("m", 30 * HOUR_S, 38 * HOUR_S)
    found = assigned([evening, morning], [Hand("a", 3000)], week_from_s=0)
    assert len(found) == 1
    found = assigned([evening, morning], [Hand("a", 3000), Hand("b", 3000)], week_from_s=0)
    assert set(found) == {"e", "m"}
    assert found["e"] != found["m"]


def test_the_usual_driver_drives_and_weeks_are_shared() -> None:
    shifts = [Drive(f"d{n}", n * 24 * HOUR_S, n * 24 * HOUR_S + 8 * HOUR_S) for n in range(4)]
    hands = [Hand("a", 3000), Hand("b", 3000)]
    found = assigned(shifts, hands, week_from_s=0)
    assert sorted(found.values()) == ["a", "a", "b", "b"]
    usual = [Drive(d.shift_id, d.starts_s, d.ends_s, usual="b") for d in shifts]
    assert set(assigned(usual, hands, week_from_s=0).values()) == {"b"}


def test_nobody_drives_more_than_agreed_and_who_is_fixed_stays() -> None:
    shifts = [Drive(f"d{n}", n * 24 * HOUR_S, n * 24 * HOUR_S + 8 * HOUR_S) for n in range(4)]
    assert len(assigned(shifts, [Hand("a", 960)], week_from_s=0)) == 2
    fixed = [Drive("d0", 0, 8 * HOUR_S, fixed="b"), *shifts[1:]]
    assert assigned(fixed, [Hand("a", 3000), Hand("b", 3000)], week_from_s=0)["d0"] == "b"
