"""Following, counting, and what a zone's level is."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from devices.vision.arrays import Box
from devices.vision.counting import LineCounter, crosses
from devices.vision.findings import Congestion, Crossing, ZoneLevel
from devices.vision.ground import Point, View
from devices.vision.levels import Levels, congestion
from devices.vision.scene import Bay, Line, Scene, Zone
from devices.vision.tracking import Detection, Tracker

# The picture is 100 m wide and high.
VIEW = View(((100, 0, 0), (0, -100, 100), (0, 0, 1)), calibrated=True)
EAST, WEST = "east", "west"


def standing(x_m: float, y_m: float, score: float = 1.0) -> Detection:
    ((x, y),) = VIEW.picture(np.array([(x_m, y_m)]))
    return Detection(
        Box(float(x) - 0.02, float(y) - 0.04, float(x) + 0.02, float(y)), "vehicle", score
    )


def test_it_keeps_two_apart_that_pass_each_other() -> None:
    tracker, numbers = Tracker(VIEW), {}  # type: tuple[Tracker, dict[str, set[int]]]
    for n in range(40):
        at_s = n / 5
        going = {EAST: standing(10 + 2 * n, 50), WEST: standing(90 - 2 * n, 53)}
        for track in tracker.step(list(going.values()), at_s):
            name = EAST if track.velocity_mps[0] > 0 else WEST
            if track.hits > 5:
                numbers.setdefault(name, set()).add(track.number)
    assert [len(numbers[name]) for name in (EAST, WEST)] == [1, 1]
    assert numbers[EAST] != numbers[WEST]


@pytest.mark.parametrize("parts_blobs", [True, False])
def test_it_follows_both_of_a_blob_of_two(parts_blobs: bool) -> None:
    """One stands; the other comes up behind it, and from ten metres on they are one blob."""
    tracker = Tracker(VIEW, parts_blobs=parts_blobs)
    for n in range(30):
        one, other = standing(50, 30), standing(50.5, max(78 - 2 * n, 34))
        blob = replace(one, box=one.box.around(other.box))
        tracker.step([blob] if other.box.bottom > one.box.top - 0.06 else [one, other], n / 5)
    seen = [track for track in tracker.confirmed if track.seen_s == 29 / 5]
    places = {track.number: track.at_m for track in seen}
    if parts_blobs:
        assert places[1] == pytest.approx((50, 30), abs=0.7)
        assert places[2] == pytest.approx((50.5, 34), abs=0.7)
    else:
        assert len(places) == 1


def test_it_knows_somebody_again_after_a_short_hiding() -> None:
    tracker = Tracker(VIEW)
    for n in range(30):
        tracker.step([] if 14 <= n < 19 else [standing(10 + 2 * n, 50)], n / 5)
    assert [track.number for track in tracker.confirmed] == [1]
    assert tracker.confirmed[0].speed_mps == pytest.approx(10, rel=0.1)


def test_it_follows_with_unsure_sightings_but_begins_nobody_by_them() -> None:
    tracker = Tracker(VIEW)
    for n in range(10):
        tracker.step([standing(10 + n, 50, score=1.0 if n < 4 else 0.2)], n / 5)
        tracker.step([standing(80, 80, score=0.2)], n / 5 + 0.1)
    assert [track.number for track in tracker.confirmed] == [1]


def test_it_forgets_what_came_before_an_impossible_jump() -> None:
    tracker = Tracker(VIEW)
    for n in range(8):
        tracker.step([standing(10 + n, 50)], n / 5)
    track = tracker.confirmed[0]
    track.state[:2] = (70.0, 50.0)
    tracker.step([standing(70, 50)], 8 / 5)
    assert len(track.path) == 1


@pytest.mark.parametrize(
    ("a", "b", "side"),
    [
        ((0.4, 0.5), (0.6, 0.5), 1),  # from left to right of a line drawn upwards
        ((0.6, 0.5), (0.4, 0.5), -1),
        ((0.4, 0.5), (0.45, 0.5), 0),  # not there yet
        ((0.4, 1.5), (0.6, 1.5), 0),  # past its end
        ((0.5, 0.9), (0.5, 0.1), 0),  # along it
    ],
)
def test_it_knows_on_which_side_of_a_line_a_step_ends(a: Point, b: Point, side: int) -> None:
    assert crosses(a, b, (0.5, 1.0), (0.5, 0.0)) == side


def counted(xs: Iterator[float]) -> list[Crossing]:
    tracker, counter = Tracker(VIEW), LineCounter([Line("gate", (0.5, 1.0), (0.5, 0.0))], VIEW)
    crossings: list[Crossing] = []
    for n, x in enumerate(xs):
        crossings += counter.step(tracker.step([standing(x, 50)], n / 5), n / 5)
    return crossings


def test_it_counts_forth_and_back_but_no_trembling() -> None:
    there = [30 + 2 * n for n in range(20)]
    assert [c.forward for c in counted(iter([*there, *there[::-1]]))] == [True, False]
    assert counted(iter([49.9, 50.1] * 20)) == []


def test_it_tells_the_speed_over_the_line() -> None:
    (crossing,) = counted(iter([30 + 2.0 * n for n in range(20)]))
    assert crossing.speed_kmh == pytest.approx(36, rel=0.05)


@pytest.mark.parametrize(
    ("speed_kmh", "occupancy", "level"),
    [
        (None, 0.0, Congestion.FREE),  # nobody there
        (5.0, 0.01, Congestion.FREE),  # one who looks for a house number
        (40.0, 0.3, Congestion.FREE),
        (25.0, 0.3, Congestion.FREE),
        (24.9, 0.3, Congestion.SLOW),
        (14.9, 0.3, Congestion.DELAYED),
        (7.9, 0.3, Congestion.JAMMED),
    ],
)
def test_it_tells_congestion_as_traffic_centres_do(
    speed_kmh: float | None, occupancy: float, level: Congestion
) -> None:
    assert congestion(speed_kmh, occupancy) is level


@pytest.mark.parametrize("calibrated", [True, False])
def test_it_tells_metres_only_where_they_are_known(calibrated: bool) -> None:
    view = View(VIEW.to_ground, calibrated)
    zone = Zone("square", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
    tracker, levels = Tracker(view), Levels([zone], view, every_s=2)
    told: list[ZoneLevel] = []
    moving = np.zeros((100, 100), np.uint8)
    moving[:25] = 255
    for n in range(12):
        told += levels.step(tracker.step([standing(10 + n, 50)], n / 5), moving, n / 5)
    (level,) = told
    assert level.occupancy == pytest.approx(0.25)
    assert (level.speed_kmh is None, level.density_per_m2 is None) == (not calibrated,) * 2
    assert (level.congestion is None) is not calibrated


@pytest.mark.parametrize(
    "outline", [((0, 0), (1, 1)), ((0, 0), (1, 0), (0, 0)), ((0, 0), (640, 0), (640, 480))]
)
def test_it_refuses_a_zone_that_is_none(outline: tuple[Point, ...]) -> None:
    with pytest.raises(ValueError, match="zone"):
        Zone("zone", outline)


def test_it_refuses_two_of_a_name() -> None:
    line, corners = Line("a", (0, 0), (1, 1)), ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    with pytest.raises(ValueError, match="same key"):
        Scene(lines=(line,), bays=(Bay("a", corners),))
