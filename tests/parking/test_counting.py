"""The counting core against hand-checked cases and against every order."""

from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.parking.core.counting import (
    NEVER_US,
    NO_REPORTS,
    Counts,
    Feeds,
    Flaw,
    Pools,
    Reports,
    Role,
    Way,
    count,
)

NOW_US = 1_000_000_000
FRESH_US = 180_000_000


@dataclass(frozen=True)
class Word:
    role: Role
    value: float
    ago_s: int = 0
    pool: int = 0
    anchor: float = 0.0
    bay: int = -1
    trust: float = 1.0


def feeds(*words: Word) -> Feeds:
    ordered = sorted(words, key=lambda word: word.pool)
    return Feeds(
        pool=np.array([word.pool for word in ordered], dtype=np.int64),
        role=np.array([word.role for word in ordered], dtype=np.int64),
        value=np.array([word.value for word in ordered], dtype=np.float64),
        at_us=np.array([NOW_US - word.ago_s * 1_000_000 for word in ordered], dtype=np.int64),
        fresh_for_us=np.full(len(ordered), FRESH_US),
        anchor_count=np.array([word.anchor for word in ordered], dtype=np.float64),
        trust=np.array([word.trust for word in ordered], dtype=np.float64),
        bay=np.array([word.bay for word in ordered], dtype=np.int64),
    )


def counted(
    *words: Word,
    total: tuple[int, ...] = (10,),
    anchor: int = 0,
    reports: Reports = NO_REPORTS,
    anchored_days_ago: float = 0.0,
) -> Counts:
    pools = Pools(
        total=np.array(total),
        anchor_occupied=np.full(len(total), anchor),
        anchored_us=np.full(len(total), NOW_US - int(anchored_days_ago * 86_400e6)),
        gate_error=np.full(len(total), 0.002),
    )
    return count(feeds(*words), pools, reports)


def said(*full: bool, ago_s: int = 0) -> Reports:
    return Reports(
        np.zeros(len(full), np.int64), np.array(full), np.full(len(full), NOW_US - ago_s * 10**6)
    )


def bay(number: int, value: float, ago_s: int = 0, trust: float = 1.0) -> Word:
    return Word(Role.BAY, value, ago_s, bay=number, trust=trust)


CASES: list[tuple[str, tuple[Word, ...], int, Way, Flaw]] = [
    ("a feed counts free spaces", (Word(Role.FREE, 3),), 7, Way.COUNT, Flaw.NONE),
    ("a feed counts taken spaces", (Word(Role.OCCUPIED, 3),), 3, Way.COUNT, Flaw.NONE),
    ("two that agree", (Word(Role.FREE, 3, 60), Word(Role.OCCUPIED, 7)), 7, Way.FUSED, Flaw.NONE),
    ("two of one age that differ", (Word(Role.FREE, 3), Word(Role.OCCUPIED, 5)), 6, Way.FUSED,
     Flaw.NONE),
    ("one that is out of time", (Word(Role.FREE, 3, 200), Word(Role.OCCUPIED, 5)), 5, Way.COUNT,
     Flaw.NONE),
    ("one that nobody trusts", (Word(Role.FREE, 9, trust=0.3), Word(Role.OCCUPIED, 8)), 8,
     Way.COUNT, Flaw.NONE),
    ("more free than there is", (Word(Role.FREE, 14),), 0, Way.COUNT, Flaw.NEGATIVE),
    ("more taken than there is", (Word(Role.OCCUPIED, 14),), 10, Way.COUNT, Flaw.OVER_CAPACITY),
    ("bays never seen are taken", (bay(1, 0), bay(2, 1)), 9, Way.BAYS, Flaw.NONE),
    ("a bay unheard of late is taken", (bay(1, 0), bay(2, 0, 181)), 9, Way.BAYS,
     Flaw.NONE),
    ("gates add to the last count", (Word(Role.GATE_IN, 9, anchor=4), Word(Role.GATE_OUT, 2)), 5,
     Way.GATES, Flaw.NONE),
    ("more out than in", (Word(Role.GATE_OUT, 7),), 0, Way.GATES, Flaw.NEGATIVE),
    ("two sensors of one bay that agree", (bay(1, 0), bay(1, 0, 60)), 9, Way.BAYS, Flaw.NONE),
    ("two sensors of one bay that differ", (bay(1, 0), bay(1, 1)), 10, Way.BAYS, Flaw.NONE),
    ("the sensor that is trusted", (bay(1, 0), bay(1, 1, trust=0.6)), 9, Way.BAYS, Flaw.NONE),
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


def test_an_old_word_is_half_as_sure_as_a_new_one() -> None:
    alone = counted(Word(Role.FREE, 3))
    beside = counted(Word(Role.FREE, 3, 180), Word(Role.OCCUPIED, 7))

    assert alone.confidence[0] == pytest.approx(0.95)
    assert beside.confidence[0] == pytest.approx(1 - 0.05 * (1 - 0.95 / 2), abs=1e-3)


def test_voices_that_contradict_each_other_are_not_sure() -> None:
    agree = counted(Word(Role.FREE, 50), Word(Role.OCCUPIED, 50), total=(100,))
    differ = counted(Word(Role.FREE, 80), Word(Role.OCCUPIED, 80), total=(100,))

    assert agree.confidence[0] > 0.99
    assert differ.confidence[0] < 0.5


def test_what_cannot_be_is_believed_less() -> None:
    assert counted(Word(Role.FREE, 8259)).confidence[0] < 0.5
    assert counted(Word(Role.FREE, 11)).confidence[0] == pytest.approx(0.95)


def test_gates_are_the_less_sure_the_longer_nobody_counted() -> None:
    def sure(days: float) -> float:
        words = Word(Role.GATE_IN, 9_000), Word(Role.GATE_OUT, 8_960)
        return float(counted(*words, total=(300,), anchored_days_ago=days).confidence[0])

    assert sure(0) > sure(1) > sure(3) > sure(30)
    assert sure(0) > 0.8


def test_citizens_bend_the_count_and_devices_outweigh_them() -> None:
    word = Word(Role.FREE, 20)
    by_device = counted(word, total=(100,)).occupied[0]
    bent = [counted(word, total=(100,), reports=said(*[True] * n)).occupied[0] for n in (1, 3, 9)]

    assert by_device == 80
    assert 80 < bent[0] < bent[1] < bent[2] < 100
    assert counted(word, total=(100,), reports=said(True, ago_s=3600)).occupied[0] <= bent[0]


def test_a_report_alone_is_no_count() -> None:
    assert counted(reports=said(True)).at_us[0] == NEVER_US


WORDS = st.lists(
    st.builds(
        Word,
        role=st.sampled_from(Role),
        value=st.integers(-20, 60).map(float),
        ago_s=st.integers(0, 300),
        pool=st.integers(0, 3),
        anchor=st.integers(0, 5).map(float),
        bay=st.integers(0, 4),
        trust=st.sampled_from([0.2, 0.6, 1.0]),
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

    for name in ("occupied", "at_us", "fresh_until_us", "way", "flaw", "confidence"):
        assert getattr(one, name).tolist() == getattr(two, name).tolist(), name
    assert (one.occupied >= 0).all()
    assert (one.occupied <= np.array(total)).all()
    assert (one.confidence >= 0).all()
    assert (one.confidence <= 1).all()
