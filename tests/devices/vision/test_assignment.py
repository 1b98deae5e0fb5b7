"""The matching against every permutation."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from devices.vision.arrays import Floats
from devices.vision.assignment import matched

SIDE = st.integers(0, 5)


@given(SIDE, SIDE, st.integers(0, 2**31))
def test_it_costs_as_little_as_the_best_of_all(rows: int, columns: int, seed: int) -> None:
    cost = np.random.default_rng(seed).integers(0, 9, (rows, columns)).astype(float)
    pairs = matched(cost, limit=100)
    assert len(pairs) == min(rows, columns)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert sum(cost[pair] for pair in pairs) == _cheapest(cost)


def test_it_leaves_alone_what_costs_too_much() -> None:
    assert matched(np.array([[1.0, 50.0], [50.0, 50.0]]), limit=10) == [(0, 0)]


def _cheapest(cost: Floats) -> float:
    if cost.shape[0] > cost.shape[1]:
        cost = cost.T
    rows, columns = cost.shape
    return min(
        sum(float(cost[row, column]) for row, column in enumerate(chosen))
        for chosen in permutations(range(columns), rows)
    )
