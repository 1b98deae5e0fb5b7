"""The chance of a free space on arrival, against closed forms, brute force and common sense."""

from math import exp
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.parking.core.arrival import (
    Curve,
    chance_by_chain,
    chance_by_forecast,
    erlang_b,
    full_after,
    still_coming,
    taken_at,
)

CURVE = Curve((0, 15, 30, 60), (0.5, 0.6, 0.8, 0.9), (0.5, 0.5, 0.7, 0.7), (0.5, 0.7, 0.9, 1.0))


@pytest.mark.parametrize(
    ("minutes", "expected", "width"),
    [(0, 0.5, 0.0), (15, 0.6, 0.2), (45, 0.85, 0.25), (60, 0.9, 0.3), (600, 0.9, 0.3)],
)
def test_a_curve_is_read_between_its_points(minutes: float, expected: float, width: float) -> None:
    share, deviation = CURVE.at(minutes)

    assert share == pytest.approx(expected)
    assert deviation == pytest.approx(width / 3.2897)


def test_what_was_counted_since_moves_the_forecast_and_fades() -> None:
    near, _ = taken_at(CURVE, age_min=0, ahead_min=0, share_now=0.4)
    later, _ = taken_at(CURVE, age_min=0, ahead_min=60, share_now=0.4)

    assert near == pytest.approx(0.4)
    assert later == pytest.approx(0.9 - 0.1 * 2**-0.5)


@pytest.mark.parametrize("taken", [0, 1])
@pytest.mark.parametrize("stays", [0.01, 0.3, 2.0])
def test_one_space_is_the_two_state_chain(taken: int, stays: float) -> None:
    come, leave = taken + 0.5, 1.0
    settled = come / (come + leave)

    expected = settled + (taken - settled) * exp(-(come + leave) * stays)

    assert full_after(1, taken, stays) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("total", "taken"), [(3, 2), (10, 9), (40, 40)])
def test_in_the_long_run_it_is_erlangs_formula(total: int, taken: int) -> None:
    assert full_after(total, taken, 30.0) == pytest.approx(erlang_b(taken + 0.5, total), abs=1e-4)


def test_a_thousand_simulated_evenings_agree_with_the_chain() -> None:
    chance, total, taken, stays = Random(4), 4, 3, 0.5
    full = 0
    for _ in range(4000):
        at, cars = 0.0, taken
        while True:
            rate = taken + 0.5 + cars
            at += chance.expovariate(rate)
            if at > stays:
                break
            comes = chance.random() < (taken + 0.5) / rate
            cars = min(cars + 1, total) if comes else cars - 1
        full += cars == total

    assert full / 4000 == pytest.approx(full_after(total, taken, stays), abs=0.025)


@given(
    total=st.integers(1, 400),
    share=st.floats(0, 1),
    deviation=st.floats(0, 0.3),
    ahead=st.floats(0, 30),
)
def test_more_cars_ahead_never_help(
    total: int, share: float, deviation: float, ahead: float
) -> None:
    one = chance_by_forecast(total=total, share=share, deviation=deviation, ahead=ahead)
    two = chance_by_forecast(total=total, share=share, deviation=deviation, ahead=ahead + 1)

    assert 0 <= two <= one <= 1


@given(total=st.integers(1, 60), taken=st.integers(0, 60), after_s=st.floats(0, 7200))
def test_a_fuller_place_is_never_likelier(total: int, taken: int, after_s: float) -> None:
    taken = min(taken, total)
    chances = [
        chance_by_chain(total=total, taken=cars, after_s=after_s, ahead=0)
        for cars in (max(taken - 1, 0), taken)
    ]

    assert chances[0] >= chances[1] - 1e-6


def test_a_full_place_is_full_and_an_empty_one_is_not_at_once() -> None:
    assert chance_by_chain(total=10, taken=10, after_s=0, ahead=0) == pytest.approx(0)
    assert chance_by_chain(total=10, taken=3, after_s=0, ahead=0) == pytest.approx(1)
    assert chance_by_chain(total=0, taken=0, after_s=0, ahead=0) == 0
    assert chance_by_chain(total=10, taken=8, after_s=0, ahead=2) == pytest.approx(0)


def test_a_car_that_does_not_come_is_forgotten() -> None:
    assert still_coming(-60) == pytest.approx(0.8)
    assert still_coming(300) == pytest.approx(0.4)
    assert still_coming(1200) < 0.06
