"""A view that can't be believed says so, at once and for as long as it lasts."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from devices.vision.arrays import Floats, Picture
from devices.vision.findings import Health, Reason
from devices.vision.health import HealthWatch, Reference, shift_px


def car_park(seed: int = 3) -> Picture:
    """Lines and boxes, 640 × 360."""
    draw = np.random.default_rng(seed)
    picture: Picture = np.full((360, 640, 3), 110, np.uint8)
    for x, y, w, h in draw.integers((0, 0, 8, 8), (600, 340, 90, 60), (60, 4)).tolist():
        colour = [int(c) for c in draw.integers(20, 230, 3)]
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour, -1)
    return picture


def noisy(picture: Picture, seed: int) -> Picture:
    return np.asarray(cv2.add(picture, _noise(seed % 8), dtype=cv2.CV_8U), np.uint8)


@cache
def _noise(seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0, 3, (360, 640, 3))


def moved(picture: Picture, x: float, y: float = 0) -> Picture:
    shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.warpAffine(picture, shift, size, borderMode=cv2.BORDER_REFLECT), np.uint8)


def watched(harm: Callable[[Picture], Picture], seconds: int = 6) -> list[Health]:
    still = car_park()
    watch = HealthWatch(Reference.of(still))
    for n in range(25):
        assert watch.step(noisy(still, n), n / 5).ok
    return [watch.step(harm(noisy(still, 100 + n)), 5 + n / 5) for n in range(seconds * 5)]


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda p: (p * 0.05).astype(np.uint8), Reason.DARK),
        (lambda p: np.full_like(p, 90), Reason.COVERED),
        (lambda p: cv2.GaussianBlur(p, (0, 0), 6), Reason.BLURRED),
        (lambda p: moved(p, 3), Reason.MOVED),  # 6 px of 1280
        (lambda p: moved(p, -40, 25), Reason.MOVED),
        (lambda p: car_park(seed=8), Reason.MOVED),  # turned to somewhere else
        (lambda p: p, Reason.NONE),
        (lambda p: (p * 0.6).astype(np.uint8), Reason.NONE),  # a cloud
        (lambda p: moved(p, 0.4), Reason.NONE),  # wind
    ],
)
def test_it_tells_what_is_wrong(harm: Callable[[Picture], Picture], reason: Reason) -> None:
    assert watched(harm)[-1].reason is reason


def test_it_tells_a_frozen_stream_and_since_when() -> None:
    one = noisy(car_park(), 7)
    health = watched(lambda _: one, seconds=14)[-1]
    assert health.reason is Reason.FROZEN
    assert health.since_s == pytest.approx(5, abs=0.3)


def test_a_picture_that_stands_still_is_doubted_before_it_is_called_frozen() -> None:
    """Else whoever is on it seems to have stopped."""
    still = car_park()
    watch = HealthWatch(Reference.of(still))
    doubts = []
    for n, seed in enumerate([*range(10), *[10] * 20, *range(11, 20)]):
        assert watch.step(noisy(still, seed), n / 5).ok
        doubts.append(watch.is_doubtful)
    assert not any(doubts[:15])
    assert all(doubts[15:30])
    assert not any(doubts[30:])


def test_it_is_no_harm_when_a_lorry_fills_half_the_picture() -> None:
    def lorry(picture: Picture) -> Picture:
        out = picture.copy()
        out[:, :300] = noisy(car_park(seed=5), 1)[:, :300]
        return out

    assert watched(lorry)[-1].ok


def test_it_believes_again_only_after_a_while() -> None:
    still = car_park()
    watch = HealthWatch(Reference.of(still))
    looks = [*[0] * 25, *[1] * 15, *[0] * 40]
    oks = []
    for n, dark in enumerate(looks):
        frame = noisy(still, n)
        oks.append(watch.step(np.zeros_like(frame) if dark else frame, n / 5).ok)
    assert oks[24]
    assert not oks[39]
    assert not oks[50]  # 2 s of light are not enough
    assert oks[-1]


def test_it_keeps_a_reference_as_bytes_and_refuses_others() -> None:
    reference = Reference.of(car_park())
    again = Reference.from_bytes(reference.to_bytes())
    assert np.array_equal(again.edges, reference.edges)
    for wrong in (b"", b"nonsense", reference.to_bytes()[:50]):
        with pytest.raises(ValueError, match="no reference"):
            Reference.from_bytes(wrong)


@pytest.mark.parametrize("away", [1.0, 2.5, 7.0])
def test_it_measures_a_shift(away: float) -> None:
    """In pixels of a picture 320 wide; ours is 640."""
    one, other = (Reference.of(p).edges for p in (car_park(), moved(car_park(), 2 * away)))
    assert shift_px(one, other) == pytest.approx(away, abs=0.3)
