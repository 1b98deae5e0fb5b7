"""Addresses, times, paces, thresholds and planes: rules as tables."""

from datetime import time
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.base.geo import metres_between
from devices.cameras.addresses import BadAddress, NotAllowed, locate, read_address, read_networks
from devices.cameras.budget import LONGEST_WAIT_S, Pace, Patience
from devices.cameras.plane import NoPlane, homography, plane_of, through
from devices.cameras.plans import is_within
from devices.cameras.thresholds import tuned
from devices.cameras.timeline import DRIFT_S, Timeline

ANY = ["rtsp", "http", "https", "file"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://eye:s3cret@10.0.0.7/live", "rtsp://10.0.0.7/live"),
        ("rtsp://eye:p%40ss@10.0.0.7:8554/a?b=1", "rtsp://10.0.0.7:8554/a?b=…"),
        (
            "http://cam.local/video.cgi?user=eye&pwd=s3cret",
            "http://cam.local/video.cgi?user=…&pwd=…",
        ),
        ("https://[fd00::7]:8443/", "https://[fd00::7]:8443/"),
        ("file:///srv/clips/market.mp4", "file:///srv/clips/market.mp4"),
    ],
)
def test_it_shows_an_address_without_its_secrets(url: str, shown: str) -> None:
    assert read_address(url, ANY).shown == shown


def test_it_reads_credentials_as_they_are_meant() -> None:
    address = read_address("rtsp://eye:p%40ss@10.0.0.7/", ANY)
    assert (address.user, address.password) == ("eye", "p@ss")


@pytest.mark.parametrize(
    "url",
    ["", "10.0.0.7", "ftp://10.0.0.7/", "rtsp://", "rtsp://:secret@/", "http://10.0.0.7:99999/",
     "http://a b/", "gopher://x"],
)  # fmt: skip
def test_it_refuses_what_is_no_address(url: str) -> None:
    with pytest.raises(BadAddress) as refused:
        read_address(url, ANY)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (["10.1.2.3"], "10.1.2.3"),
        (["8.8.8.8", "10.1.2.3"], "10.1.2.3"),
        (["fd00::5"], "fd00::5"),
        (["127.0.0.1"], None),
        (["169.254.169.254"], None),
        (["::1"], None),
        (["::ffff:127.0.0.1"], None),
        ([], None),
    ],
)
def test_it_connects_only_to_what_it_checked(answers: list[str], found: str | None) -> None:
    networks = read_networks(["10.0.0.0/8", "fd00::/8"])
    address = read_address("rtsp://camera.city/", ANY)
    if found is None:
        with pytest.raises(NotAllowed):
            locate(address, networks, lambda *_: answers)
    else:
        assert locate(address, networks, lambda *_: answers) == found


def test_it_takes_even_time_from_stamps_and_not_from_arrival() -> None:
    timeline = Timeline()
    arrivals = [0.0, 0.25, 0.41, 0.95, 0.96, 1.02]
    taken = [timeline.at(5 + n / 5, 1000 + late) for n, late in enumerate(arrivals)]
    assert np.diff(taken) == pytest.approx([0.2] * 5, abs=0.01)


def test_it_begins_anew_where_stamps_run_back_or_away() -> None:
    timeline = Timeline()
    timeline.at(50.0, 1000.0)
    assert timeline.at(0.0, 1001.0) == 1001.0  # the stream began anew
    assert timeline.at(0.2, 1001.2 + DRIFT_S + 1) == pytest.approx(1004.2)  # it had stalled


def test_it_lets_no_picture_be_taken_after_it_came() -> None:
    """Buffered pictures come at once when a stream opens."""
    timeline = Timeline()
    taken = [timeline.at(n / 10, 1000.0) for n in range(10)]
    assert max(taken) == pytest.approx(1000.0, abs=0.02)
    assert timeline.at(1.0, 1000.1) == pytest.approx(1000.1, abs=0.02)


@given(st.lists(st.tuples(st.floats(0, 100) | st.none(), st.floats(0, 100)), max_size=30))
def test_its_times_always_grow(frames: list[tuple[float | None, float]]) -> None:
    timeline = Timeline()
    taken = [timeline.at(pts_s, arrived_s) for pts_s, arrived_s in frames]
    assert all(a < b for a, b in pairwise(taken))


@pytest.mark.parametrize(("stream_fps", "per_s"), [(15, 5), (30, 5), (5, 5), (4, 5), (25, 2)])
def test_it_looks_no_oftener_than_the_budget_says(stream_fps: int, per_s: float) -> None:
    pace = Pace(per_s)
    looked = sum(pace.lets(n / stream_fps) for n in range(stream_fps * 20))
    assert looked / 20 == pytest.approx(min(per_s, stream_fps), rel=0.06)


def test_it_asks_again_soon_at_first_and_never_too_late() -> None:
    patience = Patience(Random(1))
    waits = [patience.next_s() for _ in range(12)]
    assert waits[0] <= 0.5
    assert max(waits) <= LONGEST_WAIT_S
    patience.forget()
    assert patience.next_s() <= 0.5


@pytest.mark.parametrize(
    ("true", "false", "expected"),
    [
        ([], [0.6, 0.7], 0.0),  # too few answers
        ([0.9, 0.8], [], 0.0),  # nothing was wrong
        ([0.9, 0.95], [0.6, 0.62], 0.63),  # the false ones are told no more
        ([0.5, 0.6], [0.7], 0.0),  # a missed one costs more than a false alarm
        ([0.5], [0.7, 0.71, 0.72, 0.73, 0.74], 0.75),  # but not more than five of them
        ([], [0.99, 0.99, 0.99], 0.0),  # beyond the highest nothing helps
    ],
)
def test_it_learns_from_answers(true: list[float], false: list[float], expected: float) -> None:
    assert tuned(true, false) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("hours", "at", "within"),
    [
        ([], "12:00", True),
        ([["08:00", "18:00"]], "12:00", True),
        ([["08:00", "18:00"]], "18:00", False),
        ([["20:00", "06:00"]], "23:30", True),
        ([["20:00", "06:00"]], "05:59", True),
        ([["20:00", "06:00"]], "12:00", False),
        ([["06:00", "07:00"], ["20:00", "21:00"]], "20:30", True),
    ],
)
def test_it_keeps_its_hours(hours: list[list[str]], at: str, within: bool) -> None:
    assert is_within(hours, time.fromisoformat(at)) is within


MARKS = [
    (0.1, 0.9, 127.2600, 37.4300), (0.9, 0.9, 127.2604, 37.4300),
    (0.7, 0.3, 127.2604, 37.4304), (0.3, 0.3, 127.2600, 37.4304),
]  # fmt: skip


def test_its_plane_leads_to_the_map_and_back() -> None:
    plane = plane_of(MARKS, srid=5186)
    assert plane is not None
    assert plane.error_m < 0.05
    for x, y, lon, lat in MARKS:
        assert metres_between(lon, lat, *plane.lonlat(x, y)) < 0.05
        assert plane.picture(lon, lat) == pytest.approx((x, y), abs=1e-4)


def test_it_finds_the_homography_that_made_the_points() -> None:
    truth = np.array([[12.0, 3.0, -4.0], [1.0, -9.0, 7.0], [0.1, 0.5, 1.0]])
    seen = np.random.default_rng(3).uniform(0, 1, (9, 2))
    found = homography(seen, through(truth, seen))
    assert found == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize(
    "marks",
    [
        MARKS[:3],
        [(n / 10, n / 10, 127.26 + n / 1e4, 37.43) for n in range(5)],
        [MARKS[0]] * 4,
    ],
)
def test_it_finds_no_plane_where_there_is_none(marks: list[tuple[float, ...]]) -> None:
    with pytest.raises(NoPlane):
        plane_of(marks, srid=5186)
