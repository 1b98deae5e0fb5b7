"""Counters: what was counted in all, whatever restarts and orders of arrival there were."""

import random

import pytest

from devices.models import LastObservation
from tests.devices.conftest import Post, row


def turns(value: float, ago_s: float) -> dict[str, object]:
    return row(value, ago_s=ago_s, of="gate.turns")


def total(post: Post) -> float | None:
    return LastObservation.objects.get(datastream=post.stream("gate.turns")).total


SERIES: list[tuple[list[float], float]] = [
    ([7], 7),
    ([7, 7, 9], 9),
    ([100, 130, 5, 25], 155),
    ([100, 0, 0, 50, 2, 3], 153),
]


@pytest.mark.parametrize(("values", "counted"), SERIES)
def test_restarts_are_added_up(post: Post, values: list[float], counted: float) -> None:
    for n, value in enumerate(values):
        post.send(turns(value, 600 - n))

    assert total(post) == counted


@pytest.mark.parametrize(("values", "counted"), SERIES)
def test_any_order_adds_up_to_the_same(post: Post, values: list[float], counted: float) -> None:
    rows = [turns(value, 600 - n) for n, value in enumerate(values)]
    newest = rows.pop()  # first, so that no late one can look like a counter that falls
    post.send(newest)
    for seed in range(3):
        shuffled = random.Random(seed).sample(rows, len(rows))
        for start in range(0, len(shuffled), 2):
            post.send(*shuffled[start : start + 2])

    assert total(post) == counted


def test_a_counter_that_falls_is_kept_apart_and_the_rest_counts_on(post: Post) -> None:
    receipt = post.send(turns(100, 60), turns(90, 50), turns(104, 40))

    assert [(one.i, one.code) for one in receipt.quarantined] == [(1, "counts_backwards")]
    assert total(post) == 104
    assert post.send(turns(60, 30)).quarantined[0].code == "counts_backwards"
    assert post.send(turns(4, 20)).stored == 1, "nearly empty: it started again"
    assert total(post) == 108


def test_a_late_count_between_its_neighbours_changes_no_total(post: Post) -> None:
    post.send(turns(100, 60), turns(140, 10))
    post.send(turns(120, 30))

    assert total(post) == 140


def test_what_is_no_counter_has_no_total(post: Post) -> None:
    post.send(row(120))

    assert LastObservation.objects.get().total is None
