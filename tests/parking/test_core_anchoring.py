"""Gates set right: a table of balances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.parking.core.anchoring import LEAST_ERROR, MOST_ERROR, Anchor, Balance, set_right

CASES: list[tuple[str, Balance, int | None]] = [
    ("all is well", Balance(40, 100, 500, 0.002), None),
    ("fewer than none", Balance(-3, 100, 500, 0.002), 0),
    ("one too few may be on the ramp", Balance(-1, 100, 500, 0.002), None),
    ("more than there is room for", Balance(104, 100, 500, 0.002), 100),
    ("a count that agrees", Balance(40, 100, 500, 0.002, other=41, other_sure=0.95), None),
    ("a count that differs", Balance(40, 100, 500, 0.002, other=47, other_sure=0.95), 47),
    ("a count that is not sure", Balance(40, 100, 500, 0.002, other=47, other_sure=0.6), None),
    ("a count inside, gates outside", Balance(-9, 100, 500, 0.002, other=2, other_sure=0.9), 2),
]


@pytest.mark.parametrize(("what", "balance", "anchored"), CASES)
def test_gates_are_set_right(what: str, balance: Balance, anchored: int | None) -> None:
    found = set_right(balance)

    assert (found.occupied if found else None) == anchored, what


def test_gates_that_were_far_off_are_believed_less() -> None:
    better = set_right(Balance(43, 100, 5000, 0.002, other=40, other_sure=0.95))
    worse = set_right(Balance(60, 100, 1000, 0.002, other=40, other_sure=0.95))
    unknown = set_right(Balance(60, 100, 10, 0.002, other=40, other_sure=0.95))

    assert better is not None
    assert worse is not None
    assert better.error < 0.002 < worse.error
    assert unknown == Anchor(40, 0.002), "ten cars teach nothing"


@given(
    taken=st.floats(-500, 1500),
    total=st.integers(1, 1000),
    passed=st.floats(0, 1e5),
    other=st.none() | st.integers(0, 1000),
)
def test_an_anchor_is_always_possible(
    taken: float, total: int, passed: float, other: int | None
) -> None:
    other = None if other is None else min(other, total)
    found = set_right(Balance(taken, total, passed, 0.002, other, 0.9))

    if found is not None:
        assert 0 <= found.occupied <= total
        assert LEAST_ERROR <= found.error <= MOST_ERROR
