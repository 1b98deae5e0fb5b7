"""Ranking by expected door-to-door cost, against the formula written out by hand."""

from math import hypot, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.parking.core.ranking import (
    DETOUR,
    DRIVE_M_S,
    GIVE_UP_S,
    SEARCH_S,
    Option,
    rank,
    reasons,
)


def option(**more: float | None) -> Option:
    given_ = {"east_m": 0.0, "north_m": 0.0, "drive_s": 60.0, "walk_s": 60.0, "price_s": 0.0,
              "chance": 1.0}  # fmt: skip
    return Option(**{**given_, **more})  # type: ignore[arg-type]


def by_hand(options: list[Option], n: int) -> float:
    """The docstring's formula, one site after the other."""
    one = options[n]

    def tried(site: Option, then: float) -> float:
        arrived = site.walk_s + (site.price_s or 0.0)
        return site.chance * arrived + (1 - site.chance) * (SEARCH_S + then)

    second = min(
        (
            hypot(one.east_m - other.east_m, one.north_m - other.north_m) * DETOUR / DRIVE_M_S
            + tried(other, GIVE_UP_S)
            for m, other in enumerate(options)
            if m != n
        ),
        default=inf,
    )
    return one.drive_s + tried(one, min(second, GIVE_UP_S))


OPTIONS = st.lists(
    st.builds(
        Option,
        east_m=st.floats(-2000, 2000),
        north_m=st.floats(-2000, 2000),
        drive_s=st.floats(0, 900),
        walk_s=st.floats(0, 900),
        price_s=st.floats(0, 900),
        chance=st.floats(0, 1),
    ),
    min_size=1,
    max_size=8,
)


@given(options=OPTIONS)
def test_the_order_is_that_of_the_formula(options: list[Option]) -> None:
    ranked = rank(options)

    assert sorted(one.number for one in ranked) == list(range(len(options)))
    for one in ranked:
        assert one.cost_s == pytest.approx(by_hand(options, one.number), rel=1e-9)
    assert [one.cost_s for one in ranked] == sorted(one.cost_s for one in ranked)


def test_a_likely_space_farther_off_beats_an_unlikely_one_at_the_door() -> None:
    door, street = option(walk_s=20, chance=0.1), option(walk_s=200, chance=0.98, east_m=150)

    ranked = rank([door, street])

    assert [one.number for one in ranked] == [1, 0]
    assert ranked[1].otherwise == 1


def test_money_is_weighed_with_time() -> None:
    dear, cheap = option(price_s=900, walk_s=60), option(price_s=0, walk_s=300)

    assert [one.number for one in rank([dear, cheap])] == [1, 0]


def test_an_unknown_price_is_neither_a_gift_nor_a_fine() -> None:
    ranked = rank([option(price_s=300), option(price_s=None), option(price_s=100)])

    assert [one.number for one in ranked] == [2, 1, 0]


def test_nothing_is_ranked_of_nothing() -> None:
    assert rank([]) == []
    assert rank([option()])[0].otherwise is None


def test_reasons_say_what_each_is_best_at_and_what_speaks_against_it() -> None:
    near = option(walk_s=20, chance=0.3, price_s=500)
    cheap = option(walk_s=300, price_s=0)
    vague = option(walk_s=400, drive_s=10, price_s=300, chance=0.7)

    assert reasons([near, cheap, vague], [0.9, 0.9, 0.2]) == [
        ["shortest_walk", "often_full"],
        ["space_likely", "cheapest", "free_of_charge"],
        ["shortest_drive", "unsure"],
    ]
