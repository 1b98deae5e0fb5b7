"""Rivers foreseen: a catchment made up on the spot, quick enough for every run."""

import numpy as np
import pytest

from apps.hazards.core.calibration import calibrate
from apps.hazards.core.events import Event, events_above, most_alike
from apps.hazards.core.features import look
from apps.hazards.core.forest import forest_of, grow
from apps.hazards.core.gr4h import Catchment, run, run_ahead, unit_hydrographs
from apps.hazards.core.history import History, fill_gaps, fill_rain, no_rain, rain_known
from apps.hazards.core.learned import (
    Learned,
    chance_from_quantiles,
    foreseen_rain,
    learn,
    read_learned,
    seen,
)
from apps.hazards.core.skill import nash_sutcliffe, persistence_index, score

TRUE = Catchment(220.0, -0.4, 60.0, 4.0)
HOURS = 24 * 280


def made_up(hours: int = HOURS, seed: int = 1) -> History:
    dice = np.random.default_rng(seed)
    wet = np.repeat(dice.random(hours // 12) < 0.12, 12)
    rain = np.where(wet, dice.gamma(0.5, 5.0, hours), 0.0)
    evaporation = np.full(hours, 0.1)
    flow = run(TRUE, rain, evaporation).discharge_mm_h * dice.normal(1.0, 0.03, hours)
    return History(rain, evaporation, flow)


@pytest.fixture(scope="module")
def history() -> History:
    return made_up()


@pytest.fixture(scope="module")
def learned(history: History) -> Learned:
    level = float(np.quantile(history.discharge_mm_h, 0.97))
    return learn(history, level_mm_h=level, window_h=3, leads=(3,), catchment=TRUE, trees=10)


@pytest.mark.parametrize("base_h", [0.5, 1.0, 4.0, 50.0])
def test_unit_hydrographs_lose_no_water(base_h: float) -> None:
    fast, slow = unit_hydrographs(base_h)

    assert fast.sum() == pytest.approx(1.0)
    assert slow.sum() == pytest.approx(1.0)


def test_without_exchange_no_water_is_made() -> None:
    rain = np.full(24 * 200, 0.4)
    ran = run(Catchment(200.0, 0.0, 50.0, 3.0), rain, np.zeros_like(rain))

    assert ran.discharge_mm_h.sum() <= rain.sum()
    assert ran.discharge_mm_h[-1] == pytest.approx(0.4, rel=0.05), "what rains for ever runs off"


def test_running_ahead_under_the_rain_that_came_is_the_run_itself(history: History) -> None:
    rows = np.arange(3_000, 3_020)
    ran = run(TRUE, history.rain_mm_h, history.evaporation_mm_h).discharge_mm_h
    as_run, updated = run_ahead(
        TRUE, history.rain_mm_h, history.evaporation_mm_h, ran,
        rows=rows, rain_ahead_mm_h=rain_known(history.rain_mm_h, 6)[rows],
    )  # fmt: skip

    for lead in range(6):
        assert as_run[:, lead] == pytest.approx(ran[rows + lead + 1], rel=1e-9)
    assert updated == pytest.approx(as_run, rel=1e-3), "a level that fits needs no updating"


def test_level_updating_pulls_towards_what_was_observed(history: History) -> None:
    rows = np.array([4_000])
    ran = run(TRUE, history.rain_mm_h, history.evaporation_mm_h).discharge_mm_h
    as_run, updated = run_ahead(
        TRUE, history.rain_mm_h, history.evaporation_mm_h, ran * 2,
        rows=rows, rain_ahead_mm_h=no_rain(1, 3),
    )  # fmt: skip

    assert (updated > as_run).all()


def test_calibration_finds_a_river_like_the_true_one(history: History) -> None:
    found = calibrate(history.rain_mm_h, history.evaporation_mm_h, history.discharge_mm_h, rounds=6)
    ran = run(found, history.rain_mm_h, history.evaporation_mm_h).discharge_mm_h

    assert nash_sutcliffe(history.discharge_mm_h[3000:], ran[3000:]) > 0.95


def test_a_short_record_is_refused() -> None:
    short = made_up(24 * 100)
    with pytest.raises(ValueError, match="half a year"):
        calibrate(short.rain_mm_h, short.evaporation_mm_h, short.discharge_mm_h)


def test_a_forest_says_the_same_after_it_was_kept() -> None:
    dice = np.random.default_rng(5)
    features = dice.normal(size=(800, 4))
    features[dice.random((800, 4)) < 0.05] = np.nan
    forest = grow(features, np.nan_to_num(features[:, 0]) ** 2, trees=20)

    again = forest_of(forest.arrays("f"), "f")

    assert (again.predict(features) == forest.predict(features)).all()


def test_forecasts_on_years_not_seen_beat_standing_still(learned: Learned) -> None:
    other = made_up(seed=9)
    rows = np.arange(3_000, len(other) - 24)
    ahead = foreseen_rain(other, "foreseen", seed=2)[rows]
    view = look(TRUE, other, rows=rows, rain_ahead_mm_h=ahead)
    mean, bands = learned.variants["foreseen"].model.forecast(view)
    truth = other.discharge_mm_h[rows + 3]

    assert persistence_index(truth, mean[:, 2], other.discharge_mm_h[rows]) > 0.5
    assert (np.diff(bands, axis=2) >= 0).all(), "quantiles never cross"
    assert (bands >= 0).all()
    inside = (truth >= bands[:, 2, 0]) & (truth <= bands[:, 2, 2])
    assert 0.65 < inside.mean() < 0.95


def test_above_the_largest_flood_learned_from_the_forecast_still_rises(learned: Learned) -> None:
    base = made_up(seed=9)
    peaks = []
    for mm in (5.0, 20.0, 60.0):
        view = look(TRUE, base, rows=np.array([4_000]), rain_ahead_mm_h=np.full((1, 24), mm))
        peaks.append(learned.variants["foreseen"].model.forecast(view)[0].max())

    assert peaks[0] < peaks[1] < peaks[2]
    assert peaks[2] > 2 * base.discharge_mm_h.max()


def test_what_was_learned_says_the_same_after_it_was_kept(
    learned: Learned, history: History
) -> None:
    again = read_learned(learned.written())
    view = seen(TRUE, history, foreseen_rain(history, "none", seed=1))
    ours, theirs = learned.variants["none"], again.variants["none"]

    assert again.catchment == learned.catchment
    assert theirs.exceedance
    assert ours.exceedance
    assert (theirs.model.forecast(view)[0] == ours.model.forecast(view)[0]).all()
    assert (theirs.exceedance.probability(view) == ours.exceedance.probability(view)).all()


def test_more_rain_makes_the_level_likelier(learned: Learned) -> None:
    base = made_up(seed=9)
    exceedance = learned.variants["foreseen"].exceedance
    assert exceedance
    odds = [
        exceedance.probability(
            look(TRUE, base, rows=np.array([4_000]), rain_ahead_mm_h=np.full((1, 24), mm))
        )[0]
        for mm in (0.0, 30.0)
    ]

    assert odds[0] < 0.2 < odds[1]


@pytest.mark.parametrize(
    ("level", "chance"), [(0.0, 0.95), (1.0, 0.9), (2.0, 0.5), (3.0, 0.1), (9.0, 0.0)]
)
def test_quantiles_tell_a_chance_where_nothing_was_learned(level: float, chance: float) -> None:
    bands = np.array([[0.5, 0.6, 0.7], [1.0, 2.0, 3.0]])

    told = chance_from_quantiles(bands, (0.1, 0.5, 0.9), level)

    assert told == pytest.approx(chance, abs=0.06)


def test_gaps_are_filled_and_counted() -> None:
    nan = float("nan")

    assert fill_rain(np.array([1.0, nan, nan, 2.0]))[1] == 0.5
    assert fill_gaps(np.array([nan, 1.0, nan, 2.0])).tolist() == [1.0, 1.0, 1.0, 2.0]
    with pytest.raises(ValueError, match="gaps"):
        History(np.array([nan]), np.array([0.0]), np.array([0.0]))


def test_floods_on_record_are_found_and_compared() -> None:
    flow = np.zeros(200)
    flow[50:55], flow[60:62], flow[150:153] = 3.0, 5.0, 9.0
    events = events_above(flow, np.full(200, 0.5), 1.0)

    assert [(event.first, event.peak) for event in events] == [(50, 5.0), (150, 9.0)]
    alike = most_alike(events, peak=8.0, rain_mm=20.0, count=1)
    assert alike == [events[1]]
    assert isinstance(alike[0], Event)


def test_scores_are_what_they_say() -> None:
    truth = np.array([True, True, False, False])
    said = score(truth, np.array([True, False, True, False]))

    assert (said.detected, said.false_alarm_ratio) == (0.5, 0.5)
    assert said.critical_success == pytest.approx(1 / 3)
