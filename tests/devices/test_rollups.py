"""Sums of hours and days: right whatever comes late, and there when the observations are gone."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.base import clock
from apps.base.clock import Hand
from devices.ingest import partitions
from devices.models import DailyRollup, HourlyRollup, HourToSum, LastObservation, Observation
from devices.services.rollups import keep_observations, sum_up
from tests.devices.conftest import Post, row

HOUR_S = 3600


def sums(post: Post) -> dict[str, tuple[Any, ...]]:
    return {
        f"{hour.hour_at:%d %H}": (hour.n, hour.low, hour.high, hour.total, hour.first, hour.last)
        for hour in HourlyRollup.objects.filter(datastream=post.stream("river.level"))
    }


def by_hand(post: Post) -> dict[str, tuple[Any, ...]]:
    hours: dict[str, list[float]] = {}
    for one in Observation.objects.filter(datastream=post.stream("river.level")).order_by(
        "phenomenon_at"
    ):
        hours.setdefault(f"{one.phenomenon_at:%d %H}", []).append(one.result)
    return {
        hour: (len(found), min(found), max(found), sum(found), found[0], found[-1])
        for hour, found in hours.items()
    }


def test_an_hour_is_summed_up_when_it_is_over(post: Post, hand: Hand) -> None:
    post.send(row(1), row(2, ago_s=-1))
    assert sum_up() == 0

    hand.move(timedelta(hours=1))
    assert sum_up() == 1
    assert sums(post) == by_hand(post) != {}
    assert sum_up() == 0
    assert not HourToSum.objects.exists()


def test_late_data_find_their_hour_again(post: Post, hand: Hand) -> None:
    post.send(row(5, ago_s=4 * HOUR_S))
    sum_up()
    post.send(row(9, ago_s=4 * HOUR_S + 1), row(5, ago_s=4 * HOUR_S))

    sum_up()
    assert sums(post) == by_hand(post)
    assert sum(found[0] for found in sums(post).values()) == 2


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(2 * HOUR_S, 60 * HOUR_S), st.integers(0, 9)), max_size=8),
        max_size=6,
    )
)
def test_any_order_and_any_repetition_gives_the_same_sums(
    post: Post, batches: list[list[tuple[int, int]]]
) -> None:
    for batch in batches:
        post.send(*(row(value, ago_s=ago_s) for ago_s, value in batch))
        sum_up()
    post.send(*(row(value, ago_s=ago_s) for batch in batches for ago_s, value in batch))
    sum_up()

    assert sums(post) == by_hand(post)
    days = DailyRollup.objects.filter(datastream=post.stream("river.level"))
    assert sum(day.n for day in days) == Observation.objects.count()


def test_a_day_is_the_citys_and_counts_changes_over_its_hours(post: Post, hand: Hand) -> None:
    """In Seoul the day begins at 15:00 UTC."""
    midnight = clock.now().replace(hour=15, minute=0, second=0, microsecond=0) - timedelta(days=2)
    values = [0, 0, 1, 1, 0, 1]
    for n, value in enumerate(values):
        at = midnight + timedelta(minutes=50 * n)
        post.send(row(value, ago_s=(clock.now() - at).total_seconds(), of="lamp.on"))
    sum_up()

    day = DailyRollup.objects.get(datastream=post.stream("lamp.on"))
    assert day.day_on == (midnight + timedelta(hours=9)).date()
    assert day.changes == sum(a != b for a, b in pairwise(values))
    assert day.mean == pytest.approx(0.5)


def _parts(of: partitions.Partitioned) -> Callable[[], set[str]]:
    return lambda: partitions.present(of)


def test_observations_go_after_their_time_and_the_sums_stay(
    post: Post, hand: Hand, settings: LazySettings
) -> None:
    post.send(row(7, ago_s=10))
    before = _parts(partitions.OBSERVATIONS)()
    hand.move(timedelta(days=settings.OBSERVATIONS_KEPT_DAYS + 3))

    assert keep_observations() >= 1
    assert Observation.objects.count() == 0
    assert _parts(partitions.OBSERVATIONS)() < before
    assert [found[0] for found in sums(post).values()] == [1], "summed up before it went"
    assert LastObservation.objects.get().result == 7

    post.send(row(8))
    assert Observation.objects.count() == 1, "today's partition is made again"


def test_sums_of_hours_go_later_and_those_of_days_never(
    post: Post, hand: Hand, settings: LazySettings
) -> None:
    post.send(row(7))
    hand.move(timedelta(days=settings.HOURLY_ROLLUPS_KEPT_DAYS + 40))

    keep_observations()
    assert HourlyRollup.objects.count() == 0
    assert DailyRollup.objects.count() == 1
