"""Samples, training and outlooks on rows."""

import math
from datetime import timedelta

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.parking.models import ForecastModel, OccupancySample, PoolOutlook
from apps.parking.services.forecasting import (
    forget_samples,
    make_outlooks,
    sample_occupancy,
    train_forecasts,
    train_if_due,
)
from apps.parking.services.tariffs import assign_tariff, define_tariff
from tests.parking.conftest import Town

RULES = {"bands": [{"code": "day", "price": 500, "step_min": 30}]}


def remember(town: Town, weeks: float = 3) -> None:
    """Weeks of days that all look alike, with a peak at three in the afternoon."""
    pool, now = town.pool("lot"), clock.now().replace(minute=0, second=0, microsecond=0)
    rows = []
    for quarter in range(int(weeks * 7 * 96) + 1):
        at = now - timedelta(minutes=15 * quarter)
        hour = (at + timedelta(hours=9)).hour + at.minute / 60  # in Korea
        taken = round(20 + 15 * math.cos((hour - 15) / 12 * math.pi))
        rows.append(OccupancySample(pool=pool, at=at, occupied=taken, total=40))
    OccupancySample.objects.bulk_create(rows)


def test_a_pool_is_sampled_once_a_quarter_and_only_while_it_is_known(
    town: Town, hand: Hand
) -> None:
    assert sample_occupancy() == 0
    town.say(("lot.free", 12))

    assert (sample_occupancy(), sample_occupancy()) == (1, 0)
    hand.move(timedelta(minutes=15))
    assert sample_occupancy() == 0, "what is stale is not learned from"

    row = OccupancySample.objects.get()
    assert (row.occupied, row.total, row.at.minute % 15) == (28, 40, 0)


def test_without_a_past_nothing_is_trained(town: Town) -> None:
    assert train_if_due() is None
    assert make_outlooks() == 0


def test_days_that_look_alike_are_foreseen(town: Town, hand: Hand) -> None:
    remember(town)
    town.say(("lot.free", 8))

    model = train_forecasts()
    assert model is not None
    assert make_outlooks() == 1

    outlook = PoolOutlook.objects.get()
    ahead = dict(zip(outlook.minutes, outlook.expected, strict=True))
    assert ahead[180] == pytest.approx(35 / 40, abs=0.03), "noon now: the peak is at three"
    assert ahead[1440] == pytest.approx(ahead[0], abs=0.03)
    scores = {one["minutes"]: one for one in model.backtest["horizons"]}
    assert scores[60]["mae"] < 0.5 * scores[60]["persistence"]
    assert scores[60]["cases"] > 100


def test_a_new_training_takes_over_and_the_old_one_stays_to_be_seen(town: Town, hand: Hand) -> None:
    remember(town)
    train_forecasts()
    hand.move(timedelta(hours=1))
    train_forecasts()

    assert list(ForecastModel.objects.values_list("in_use", flat=True)) == [True, False]


def test_it_is_trained_every_night(town: Town, hand: Hand) -> None:
    remember(town)

    assert train_if_due() is not None
    assert train_if_due() is None
    hand.move(timedelta(hours=8))
    assert train_if_due() is None, "in the evening there is time"
    hand.move(timedelta(hours=31))  # three in the morning
    assert train_if_due() is not None


def test_an_outlook_knows_what_it_costs(town: Town) -> None:
    remember(town)
    train_forecasts()
    tariff = define_tariff(code="t", names={"en": "T"}, rules=RULES)
    assign_tariff(site=town.pool("lot").site, tariff=tariff, first_on=clock.now().date())

    make_outlooks()

    prices = PoolOutlook.objects.get().prices
    assert (prices["60"], prices["currency"]) == (1000, "KRW")


def test_samples_are_kept_for_a_season(town: Town, hand: Hand) -> None:
    remember(town, weeks=0.2)
    hand.move(timedelta(weeks=15))

    assert forget_samples() == OccupancySample.objects.count() + 135
