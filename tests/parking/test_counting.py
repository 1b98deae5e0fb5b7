"""The counting core against hand-checked cases and against every order."""

from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.parking.core.counting import NEVER_US, Counts, Feeds, Flaw, Role, Way, count

NOW_US = 1_000_000_000
FRESH_US = 180_000_000


@dataclass(frozen=True)
class Word:
    role: Role
    value: float
    ago_s: int = 0
    pool: int = 0
    anchor: float = 0.0


def feeds(*words: Word) -> Feeds:
    ordered = sorted(words, key=lambda word: word.pool)
    return Feeds(
        pool=np.array([word.pool for word in ordered], dtype=np.int64),
        role=np.array([word.role for word in ordered], dtype=np.int64),
        value=np.array([word.value for word in ordered], dtype=np.float64),
        at_us=np.array([NOW_US - word.ago_s * 1_000_000 for word in ordered], dtype=np.int64),
        fresh_for_us=np.full(len(ordered), FRESH_US),
        anchor_count=np.array([word.anchor for word in ordered], dtype=np.float64),
    )


def counted(*words: Word, total: tuple[int, ...] = (10,), anchor: int = 0) -> Counts:
    return count(
        feeds(*words),
        total=np.array(total),
        anchor_occupied=np.full(len(total), anchor),
        now_us=NOW_US,
    )


CASES: list[tuple[str, tuple[Word, ...], int, Way, Flaw]] = [
    ("a feed counts free spaces", (Word(Role.FREE, 3),), 7, Way.COUNT, Flaw.NONE),
    ("a feed counts taken spaces", (Word(Role.OCCUPIED, 3),), 3, Way.COUNT, Flaw.NONE),
    ("the newer count speaks", (Word(Role.FREE, 3, 60), Word(Role.OCCUPIED, 5)), 5, Way.COUNT,
     Flaw.NONE),
    ("of two at once the fuller", (Word(Role.FREE, 3), Word(Role.OCCUPIED, 5)), 7, Way.COUNT,
     Flaw.NONE),
    ("more free than there is", (Word(Role.FREE, 14),), 0, Way.COUNT, Flaw.NEGATIVE),
    ("more taken than there is", (Word(Role.OCCUPIED, 14),), 10, Way.COUNT, Flaw.OVER_CAPACITY),
    ("bays never seen are taken", (Word(Role.BAY, 0), Word(Role.BAY, 1)), 9, Way.BAYS, Flaw.NONE),
    ("a bay unheard of late is taken", (Word(Role.BAY, 0), Word(Role.BAY, 0, 181)), 9, Way.BAYS,
     Flaw.NONE),
    ("gates add to the last count", (Word(Role.GATE_IN, 9, anchor=4), Word(Role.GATE_OUT, 2)), 5,
     Way.GATES, Flaw.NONE),
    ("more out than in", (Word(Role.GATE_OUT, 7),), 0, Way.GATES, Flaw.NEGATIVE),
    ("a count after the gates", (Word(Role.GATE_IN, 9, 5), Word(Role.FREE, 8)), 2, Way.COUNT,
     Flaw.NONE),
]  # fmt: skip


@pytest.mark.parametrize(("what", "words", "occupied", "way", "flaw"), CASES)
def test_hand_checked_pools(
    what: str, words: tuple[Word, ...], occupied: int, way: Way, flaw: Flaw
) -> None:
    counts = counted(*words, anchor=2)

    assert counts.occupied[0] == occupied, what
    assert (Way(counts.way[0]), Flaw(counts.flaw[0])) == (way, flaw)


def test_a_pool_without_a_word_is_not_known() -> None:
    counts = counted(Word(Role.FREE, 3, pool=1), total=(10, 10))

    assert counts.at_us[0] == NEVER_US
    assert counts.at_us[1] == NOW_US


WORDS = st.lists(
    st.builds(
        Word,
        role=st.sampled_from(Role),
        value=st.integers(-20, 60).map(float),
        ago_s=st.integers(0, 300),
        pool=st.integers(0, 3),
        anchor=st.integers(0, 5).map(float),
    ),
    max_size=30,
)


@settings(max_examples=200, deadline=None)
@given(words=WORDS, shuffled=st.randoms(use_true_random=False))
def test_no_order_changes_a_count_and_none_leaves_its_bounds(
    words: list[Word], shuffled: Random
) -> None:
    total = (0, 1, 12, 300)
    other = list(words)
    shuffled.shuffle(other)

    one, two = counted(*words, total=total), counted(*other, total=total)

    for name in ("occupied", "at_us", "fresh_until_us", "way", "flaw"):
        assert getattr(one, name).tolist() == getattr(two, name).tolist(), name
    assert (one.occupied >= 0).all()
    assert (one.occupied <= np.array(total)).all()
