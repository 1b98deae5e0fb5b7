"""Who stands is known by its looks: what comes up to it is a thing of its own."""

import numpy as np
import pytest

from devices.vision.arrays import Box, Grey, Mask
from devices.vision.ground import View
from devices.vision.merging import is_hidden
from devices.vision.standing import StandingVehicles
from devices.vision.tracking import Detection, Tracker

VIEW = View(((40, 0, 0), (0, -40, 40), (0, 0, 1)), calibrated=True)
SIZE = 100
PARKED, COMES = (30, 40, 60, 70), (35, 20, 65, 45)  # left, top, right, bottom
MOVED = (30, 44, 60, 74)


def picture(*things: tuple[int, int, int, int]) -> tuple[Grey, Mask]:
    """Striped things over a plain ground, the first nearest."""
    grey, moving = np.full((SIZE, SIZE), 90, np.uint8), np.zeros((SIZE, SIZE), np.uint8)
    for left, top, right, bottom in reversed(things):
        rows, columns = np.mgrid[0 : bottom - top, 0 : right - left]
        grey[top:bottom, left:right] = 120 + 60 * ((rows // 3 + columns // 5) % 2)
        moving[top:bottom, left:right] = 255
    return grey, moving


def watched() -> StandingVehicles:
    """It has stood for two seconds."""
    tracker, vehicles = Tracker(VIEW), StandingVehicles()
    grey, moving = picture(PARKED)
    for n in range(10):
        tracks = tracker.step([Detection(Box(*(edge / SIZE for edge in PARKED)), "vehicle")], n / 5)
        vehicles.learn(grey, moving, tracks, n / 5)
    return vehicles


def test_it_parts_who_comes_up_from_who_stands() -> None:
    boxes, beside = watched().take_out(*picture(PARKED, COMES))
    assert boxes == [pytest.approx(Box(*(edge / SIZE for edge in PARKED)))]
    rows, _ = np.nonzero(beside)
    assert rows.min() == pytest.approx(20, abs=2)
    assert rows.max() < 45


@pytest.mark.parametrize("things", [(MOVED,), ((20, 30, 70, 80), PARKED), ()])
def test_it_says_nothing_of_who_moved_on_or_is_hidden(
    things: tuple[tuple[int, int, int, int]],
) -> None:
    grey, moving = picture(*things)
    boxes, beside = watched().take_out(grey, moving)
    assert boxes == []
    assert (beside == moving).all()


def test_it_does_not_take_a_moving_one_for_a_standing_one() -> None:
    tracker, vehicles = Tracker(VIEW), StandingVehicles()
    for n in range(10):
        place = (30, 10 + 4 * n, 60, 40 + 4 * n)
        grey, moving = picture(place)
        tracks = tracker.step([Detection(Box(*(edge / SIZE for edge in place)), "vehicle")], n / 5)
        vehicles.learn(grey, moving, tracks, n / 5)
        assert vehicles.take_out(grey, moving)[0] == []


def test_it_knows_whose_foot_is_hidden() -> None:
    stands = Box(0.3, 0.4, 0.6, 0.7)
    assert is_hidden(Box(0.35, 0.2, 0.65, 0.39), stands)
    assert not is_hidden(Box(0.35, 0.1, 0.65, 0.3), stands)
    assert not is_hidden(Box(0.35, 0.5, 0.65, 0.8), stands)
