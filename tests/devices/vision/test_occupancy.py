"""Bays: cut out, classified, smoothed, tuned."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.vision.arrays import Picture
from devices.vision.occupancy.classifier import FEATURES, Head, OccupancyModel
from devices.vision.occupancy.commissioning import balanced_accuracy, most_telling, tune
from devices.vision.occupancy.labelled import read_labelled
from devices.vision.occupancy.lot import Lot
from devices.vision.occupancy.patches import HEIGHT, WIDTH, cut_out, normalised
from devices.vision.occupancy.smoothing import BayFilter, Smoothing
from devices.vision.scene import Bay
from tests.support.samples import sample_path


@pytest.fixture(scope="module")
def model() -> OccupancyModel:
    return OccupancyModel.bundled()


def test_it_cuts_a_bay_out_with_its_long_side_lying() -> None:
    """A picture that is brighter to the right, and a bay that stands upright in it."""
    across = np.tile(np.linspace(0, 250, 200, dtype=np.uint8), (100, 1))
    picture: Picture = np.repeat(across[:, :, None], 3, axis=2)
    lying = cut_out(picture, [(0.0, 0.2), (1.0, 0.2), (1.0, 0.8), (0.0, 0.8)])
    upright = cut_out(picture, [(0.4, 0.0), (0.5, 0.0), (0.5, 1.0), (0.4, 1.0)])
    assert lying.shape == upright.shape == (HEIGHT, WIDTH, 3)
    assert int(lying[16, 60, 0]) > int(lying[16, 4, 0]) + 150
    assert abs(int(upright[16, 60, 0]) - int(upright[16, 4, 0])) < 5


def test_it_takes_the_light_out_of_a_patch_but_blows_up_no_noise() -> None:
    draw = np.random.default_rng(1)
    patch = draw.integers(60, 180, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    bright, dim = normalised([patch, (patch * 0.95).astype(np.uint8)])
    assert np.abs(bright - dim).max() < 0.1
    bare = draw.integers(100, 104, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    assert normalised([bare]).std() < 0.1


def test_it_gives_each_patch_the_same_answer_alone_and_in_a_batch(model: OccupancyModel) -> None:
    patches = list(np.random.default_rng(2).integers(0, 255, (70, HEIGHT, WIDTH, 3), np.uint8))
    together = model.logits(patches)
    alone = np.concatenate([model.logits([patch]) for patch in patches])
    assert np.allclose(together, alone, atol=1e-4)
    assert model.logits([]).shape == (0,)


@pytest.mark.parametrize("onnx", [b"", b"not a network at all"])
def test_it_refuses_a_file_that_is_no_network(onnx: bytes) -> None:
    with pytest.raises(ValueError, match="no occupancy network"):
        OccupancyModel(onnx)


@pytest.mark.samples
def test_it_knows_full_from_free_on_days_and_a_lot_it_never_saw(model: OccupancyModel) -> None:
    pucpr = read_labelled(sample_path("parking/pklot_pucpr_patches.tar"))
    later = pucpr.chosen(~pucpr.first_days(20))
    assert balanced_accuracy(model.logits(later.patches), later.occupied) > 0.99
    other = read_labelled(sample_path("parking/lotB_patches.tar"))
    assert balanced_accuracy(model.logits(other.patches), other.occupied) > 0.9


# ---------------------------------------------------------------- over time


def told(*logits: float | None, every_s: float = 5.0) -> list[bool | None]:
    bay = BayFilter("1")
    return [bay.look(logit, n * every_s).occupied for n, logit in enumerate(logits)]


@pytest.mark.parametrize(
    ("logits", "states"),
    [
        ([9, 9], [None, True]),  # one look alone is too little
        ([-9, -9], [None, False]),
        ([9] * 6 + [-9] + [9] * 3, [None] + [True] * 9),  # somebody walks through
        ([0.1] * 4, [None] * 4),  # it can't tell
    ],
)
def test_it_changes_its_word_only_for_good_reason(
    logits: list[float], states: list[bool | None]
) -> None:
    assert told(*logits) == states


def test_it_follows_a_car_that_leaves() -> None:
    states = told(*[9.0] * 10, *[-9.0] * 10)
    assert states[9] is True
    assert states[-1] is False
    assert None in states[10:]  # never straight from the one to the other


def test_it_knows_nothing_while_the_view_is_lost_and_begins_anew() -> None:
    assert told(9, 9, 9, None, -9, -9) == [None, True, True, None, None, False]


@given(st.lists(st.floats(-20, 20), max_size=30))
def test_it_is_never_sure_of_what_it_does_not_tell(logits: list[float]) -> None:
    bay = BayFilter("1")
    for n, logit in enumerate(logits):
        state = bay.look(logit, float(n))
        assert 0 <= state.confidence <= 1
        assert (state.occupied is None) == (state.confidence == 0)


def test_it_refuses_a_smoothing_that_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="smoothing"):
        Smoothing(doubt=3, tell=2)


def test_it_looks_at_a_whole_lot_and_loses_sight_of_it(model: OccupancyModel) -> None:
    bays = [
        Bay(str(n), ((n / 4, 0.0), (n / 4 + 0.2, 0.0), (n / 4 + 0.2, 1.0), (n / 4, 1.0)))
        for n in range(4)
    ]
    lot = Lot(bays, model)
    frame = np.full((80, 320, 3), 128, np.uint8)
    for n in range(5):
        states = lot.look(frame, float(n))
    assert [state.bay for state in states] == ["0", "1", "2", "3"]
    assert {state.occupied for state in states} == {False}  # bare ground
    assert {state.occupied for state in lot.lose_sight(5.0)} == {None}


# ---------------------------------------------------------------- commissioning


def test_it_asks_for_the_doubtful_and_for_some_of_the_rest_and_for_none_twice() -> None:
    logits = np.linspace(-8, 8, 101)
    first = most_telling(logits, 10)
    assert len(set(first)) == 10
    assert sum(abs(logits[n]) < 0.5 for n in first) >= 5
    assert max(abs(logits[n]) for n in first) > 5
    assert not set(first) & set(most_telling(logits, 10, asked=first))
    assert len(most_telling(np.zeros(3), 10)) == 3


def test_it_tunes_a_head_to_a_lot_where_another_feature_tells() -> None:
    draw = np.random.default_rng(4)
    features = draw.normal(0, 1, (60, FEATURES))
    occupied = (features[:, 7] > 0).astype(float)
    head = Head(tuple(1.0 if n == 3 else 0.0 for n in range(FEATURES)), 0.0)
    tuned = tune(head, features, occupied)
    assert tuned.is_better
    fresh = draw.normal(0, 1, (400, FEATURES))
    real = fresh[:, 7] > 0
    assert balanced_accuracy(tuned.head.logits(fresh), real) > 0.6
    assert balanced_accuracy(head.logits(fresh), real) < 0.56


def test_it_leaves_a_head_that_was_right_about_as_it_was() -> None:
    features = np.random.default_rng(5).normal(0, 1, (60, FEATURES))
    head = Head(tuple(3.0 if n == 3 else 0.0 for n in range(FEATURES)), 0.5)
    occupied = (head.logits(features) > 0).astype(float)
    assert balanced_accuracy(tune(head, features, occupied).head.logits(features), occupied) > 0.95


def test_it_can_not_learn_from_one_kind_alone() -> None:
    head = Head((0.0,) * FEATURES, 0.0)
    with pytest.raises(ValueError, match="both kinds"):
        tune(head, np.zeros((5, FEATURES)), np.ones(5))


def test_it_can_not_judge_itself_by_one_bay() -> None:
    head = Head((0.0,) * FEATURES, 0.0)
    with pytest.raises(ValueError, match="two bays"):
        tune(head, np.zeros((4, FEATURES)), np.array([0.0, 1.0, 0.0, 1.0]), bays=np.full(4, 7))


@pytest.mark.parametrize("weights", [(1.0,), (float("nan"),) * FEATURES])
def test_it_refuses_a_head_that_is_none(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="head"):
        Head(weights, 0.0)


def test_it_says_what_is_wrong_with_labelled_patches(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no labels"):
        read_labelled(tmp_path)
    (tmp_path / "labels.csv").write_text("file,occupied\na.jpg,1\n")
    with pytest.raises(ValueError, match=r"a\.jpg"):
        read_labelled(tmp_path)
