"""The forecast: its parts against brute force, and what it may not do."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from apps.parking.core.forecasting.boosting import _as_trees, learn
from apps.parking.core.forecasting.grid import Grid, profile
from apps.parking.core.forecasting.intervals import calibrate
from apps.parking.core.forecasting.model import (
    Forecaster,
    Horizon,
    blended,
    expected,
    from_bytes,
    to_bytes,
    train_horizon,
    with_spread,
)
from apps.parking.core.forecasting.outlook import POINTS_MIN, curves

STEP_MIN = 60
DAY, WEEK = 24, 168


def made_up(pools: int = 6, weeks: int = 7, seed: int = 1) -> Grid:
    """Days with a hump, each a little higher or lower as a whole than usual."""
    chance = np.random.default_rng(seed)
    hour = np.arange(weeks * WEEK) % DAY
    hump = 0.3 + 0.5 * np.exp(-(((hour - 13) / 4.0) ** 2))
    lift = np.repeat(chance.normal(0, 0.08, (pools, weeks * 7)), DAY, axis=1)
    noise = chance.normal(0, 0.01, lift.shape)
    return Grid(np.clip(hump + lift + noise, 0, 1), STEP_MIN, 0, np.full(pools, 100.0))


@cache
def learned(minutes: int = 60, pools: int = 6, to_week: int = 5) -> Horizon:
    grid = made_up(pools)
    horizon = train_horizon(grid, minutes, np.arange(WEEK, to_week * WEEK))
    return with_spread(grid, horizon, np.arange(5 * WEEK, 6 * WEEK))


def test_the_profile_is_the_mean_of_the_same_hour_of_the_last_four_weeks() -> None:
    grid = made_up()
    at = np.array([5 * WEEK + 31])

    by_hand = np.mean([grid.share[:, 5 * WEEK + 31 - k * WEEK] for k in range(1, 5)], axis=0)

    assert profile(grid, at)[:, 0] == pytest.approx(by_hand)


def test_a_young_pool_borrows_from_its_last_days() -> None:
    grid = made_up(pools=1, weeks=1)
    at = np.array([6 * DAY + 13])

    assert profile(grid, at)[0, 0] == pytest.approx(grid.share[0, 13 : 6 * DAY : DAY].mean())


@settings(max_examples=25, deadline=None)
@given(ahead=st.integers(1, 20), later=st.floats(0, 1), origin=st.integers(5 * WEEK, 6 * WEEK))
def test_the_future_is_not_looked_at(ahead: int, later: float, origin: int) -> None:
    grid = made_up()
    horizon = learned()
    other = Grid(grid.share.copy(), STEP_MIN, 0, grid.capacity)
    other.share[:, origin + 1 :] = later
    at = np.array([origin])

    one, two = blended(grid, at, ahead, 0.9), blended(other, at, ahead, 0.9)

    assert one == pytest.approx(two)
    assert expected(grid, at, horizon) == pytest.approx(expected(other, at, horizon))


def test_it_beats_as_it_is_now_and_its_bounds_hold() -> None:
    grid = made_up(pools=12)
    horizon = learned(120, 12)
    at = np.arange(6 * WEEK, 7 * WEEK - 2)
    truth, now = grid.taken(at + 2), grid.taken(at)

    found = expected(grid, at, horizon)

    assert np.abs(found - truth).mean() < 0.5 * np.abs(now - truth).mean()


def test_trees_say_what_scikit_learn_says() -> None:
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(3000, 5))
    rows[chance.random(rows.shape) < 0.1] = np.nan
    target = np.nan_to_num(rows[:, 0]) * 2 + np.where(np.isnan(rows[:, 1]), 1.0, 0.0)
    with threadpool_limits(1):
        booster = HistGradientBoostingRegressor(max_iter=30, random_state=0).fit(rows, target)

    assert _as_trees(booster).predict(rows) == pytest.approx(booster.predict(rows))


def test_what_was_learned_survives_being_kept() -> None:
    grid = made_up()
    horizon = learned()
    again = from_bytes(to_bytes(Forecaster((horizon,), (3, 1, 4, 15, 9, 2))))
    at = np.array([6 * WEEK + 5])

    assert again.pools == (3, 1, 4, 15, 9, 2)
    assert expected(grid, at, again.horizons[0]) == pytest.approx(expected(grid, at, horizon))


def test_learning_is_the_same_every_time() -> None:
    chance = np.random.default_rng(5)
    rows, target = chance.normal(size=(2500, 4)), chance.normal(size=2500)

    assert learn(rows, target).predict(rows) == pytest.approx(learn(rows, target).predict(rows))


@pytest.mark.parametrize("shape", ["normal", "laplace"])
def test_bounds_hold_nine_times_out_of_ten(shape: str) -> None:
    chance = np.random.default_rng(8)
    pool = chance.integers(0, 5, 8000)
    band = chance.integers(0, 8, 8000)
    errors = getattr(chance, shape)(0, 0.02 * (pool + 1))
    spread = calibrate(errors[:4000], pool[:4000], band[:4000], 5)

    low, high = spread.bounds(np.full(4000, 0.5), pool[4000:], band[4000:])
    inside = (low <= 0.5 + errors[4000:]) & (0.5 + errors[4000:] <= high)

    assert inside.mean() == pytest.approx(0.9, abs=0.02)


def test_a_curve_begins_with_the_present_and_keeps_its_bounds_in_order() -> None:
    grid = made_up()
    forecaster = Forecaster((learned(60), learned(1440)), tuple(range(5)))
    last = 6 * WEEK + 7

    made = curves(grid, np.arange(6), forecaster, last)

    assert made.expected.shape == (6, len(POINTS_MIN))
    assert made.expected[:, 0] == pytest.approx(grid.share[:, last])
    assert (made.low <= made.expected).all()
    assert (made.expected <= made.high).all()
    width = made.high - made.low
    assert (width[:, 0] == 0).all()
    assert (width[:, -1] > width[:, 2]).all()
