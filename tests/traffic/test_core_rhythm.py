"""Rhythms learnt from when greens begin."""

import itertools
import random

import pytest

from apps.traffic.core.rhythm import Rhythm, heard


def learnt(greens_s: list[float]) -> Rhythm:
    rhythm = Rhythm(greens_s[0])
    for green_s in greens_s[1:]:
        rhythm = heard(rhythm, green_s)
    return rhythm


def test_a_steady_programme_is_learnt_to_the_second() -> None:
    rhythm = learnt([70.0 * n for n in range(60)])
    assert rhythm.cycle_s == pytest.approx(70.0)
    assert rhythm.sd_s < 1.0


def test_cycles_in_which_nobody_called_are_counted() -> None:
    chance = random.Random(1)
    greens = [0.0, 80.0, *(80.0 * n for n in range(2, 80) if chance.random() < 0.6)]
    assert learnt(greens).cycle_s == pytest.approx(80.0)


def test_a_wavering_cycle_has_its_spread() -> None:
    chance = random.Random(2)
    gaps = [chance.gauss(90.0, 9.0) for _ in range(300)]
    rhythm = learnt([0.0, *itertools.accumulate(gaps)])
    assert rhythm.cycle_s == pytest.approx(90.0, abs=6.0)
    assert 4.0 < rhythm.sd_s < 16.0


@pytest.mark.parametrize("next_s", [0.0, -50.0, 3.0])
def test_a_green_from_the_past_or_at_once_changes_nothing(next_s: float) -> None:
    known = learnt([-140.0, -70.0, 0.0])
    assert heard(known, next_s) == known


def test_a_long_silence_teaches_no_cycle() -> None:
    known = learnt([0.0, 70.0, 140.0])
    assert heard(known, 5000.0).cycle_s == known.cycle_s
