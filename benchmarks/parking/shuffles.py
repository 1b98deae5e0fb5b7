"""States of pools under a thousand orders and repetitions of what their feeds said."""

import random

import numpy as np

from apps.parking.core.counting import Counts, Feeds, Pools, Role, count
from benchmarks.report import Metric

POOLS, FEEDS, SHUFFLES = 200, 1_500, 1_000
NOW_US = 1_000_000_000_000


def measure() -> Metric:
    chance = np.random.default_rng(3)
    total = chance.integers(0, 400, POOLS)
    words = np.stack(
        [
            chance.integers(0, POOLS, FEEDS), chance.integers(0, len(Role), FEEDS),
            chance.integers(-5, 500, FEEDS), NOW_US - chance.integers(0, 400, FEEDS) * 1_000_000,
            chance.integers(2, 11, FEEDS), chance.integers(0, 20, FEEDS),
        ]
    ).T  # fmt: skip
    fresh = _state(words, total)
    order = random.Random(3)
    wrong = 0
    for _ in range(SHUFFLES):
        shuffled = list(range(FEEDS))
        order.shuffle(shuffled)
        wrong += _state(words[shuffled], total) != fresh
    return Metric("state_permutation_mismatches", f"{SHUFFLES} shuffles of {FEEDS} feeds", wrong,
                  "shuffles", "limit", 0.0)  # fmt: skip


def _state(words: "np.ndarray[tuple[int, int], np.dtype[np.int64]]", total: object) -> bytes:
    feeds = Feeds(
        pool=words[:, 0],
        role=words[:, 1],
        value=words[:, 2].astype(np.float64),
        at_us=words[:, 3],
        fresh_for_us=np.full(len(words), 180_000_000),
        anchor_count=np.zeros(len(words)),
        trust=words[:, 4] / 10,
        bay=np.where(words[:, 1] == Role.BAY, words[:, 0] * 20 + words[:, 5], -1),
    )
    pools = Pools(
        total=np.asarray(total),
        anchor_occupied=np.zeros(POOLS, dtype=np.int64),
        anchored_us=np.full(POOLS, NOW_US - 86_400_000_000),
        gate_error=np.full(POOLS, 0.002),
    )
    counts: Counts = count(feeds, pools)
    return b"".join(column.tobytes() for column in vars(counts).values())
