"""Picture to ground and back."""

import numpy as np
import pytest

from devices.vision.arrays import Box
from devices.vision.ground import TsaiCamera, View
from devices.vision.heights import PERSON_M, focal_length, person_boxes

CORNERS = [(0.2, 0.3), (0.8, 0.3), (1.0, 1.0), (0.0, 1.0)]
STREET = [(0.0, 20.0), (10.0, 20.0), (10.0, 0.0), (0.0, 0.0)]


def test_it_maps_marked_points_onto_their_metres_and_back() -> None:
    view = View.from_points(CORNERS, STREET)
    assert np.allclose(view.ground(np.array(CORNERS)), STREET, atol=1e-6)
    assert np.allclose(view.picture(np.array(STREET)), CORNERS, atol=1e-9)
    assert view.calibrated


@pytest.mark.parametrize(
    ("points", "metres"),
    [
        (CORNERS[:3], STREET[:3]),  # three points make no plane
        (CORNERS, STREET[:3]),  # one has no partner
    ],
)
def test_it_refuses_too_few_points(
    points: list[tuple[float, float]], metres: list[tuple[float, float]]
) -> None:
    with pytest.raises(ValueError, match="at least four"):
        View.from_points(points, metres)


def test_it_refuses_a_plane_that_is_a_line() -> None:
    with pytest.raises(ValueError, match="no inverse"):
        View(((1, 0, 0), (2, 0, 0), (0, 0, 1)))


def test_it_knows_a_lens_and_the_height_of_people_from_the_plane_alone() -> None:
    """A camera 6 m up, its focal length twice the picture's height, tilted down by 0.4."""
    tilt, focal, aspect = 0.4, 2.0, 4 / 3
    camera = np.array(
        [
            [1, 0, 0],
            [0, -np.sin(tilt), -np.cos(tilt)],
            [0, np.cos(tilt), -np.sin(tilt)],
        ]
    )
    lens = np.array([[focal / aspect, 0, 0.5], [0, focal, 0.5], [0, 0, 1]])
    where = -camera @ np.array([0.0, 0.0, 6.0])

    def seen(point_m: tuple[float, float, float]) -> tuple[float, float]:
        x, y, z = lens @ (camera @ np.array(point_m) + where)
        return float(x / z), float(y / z)

    ground = [(-3.0, 10.0), (3.0, 10.0), (4.0, 18.0), (-4.0, 18.0)]
    view = View.from_points([seen((*p, 0.0)) for p in ground], ground)
    box = person_boxes(view, np.array([seen((1.0, 14.0, 0.0))]), (480, 640))[0]
    head = seen((1.0, 14.0, PERSON_M[1]))
    assert box[1] == pytest.approx(head[1], abs=1e-3)
    assert (box[0] + box[2]) / 2 == pytest.approx(seen((1.0, 14.0, 0.0))[0], abs=1e-6)


def test_it_finds_no_lens_in_a_view_from_straight_above() -> None:
    assert focal_length(np.diag([0.1, 0.1, 1.0])) is None


def test_it_undoes_a_tsai_camera_on_its_ground() -> None:
    camera = TsaiCamera(
        width=768,
        height=576,
        focal=5.5,
        kappa1=0.005,
        cx=324,
        cy=282,
        sx=1.09,
        dpx=0.0051,
        dpy=0.0046,
        translation=(800.0, -3000.0, 35000.0),
        rotation=(2.04, -0.89, -0.43),
    )
    patch = [(-10.0, -10.0), (0.0, -10.0), (0.0, 0.0), (-10.0, 0.0)]
    view = camera.view(patch)
    seen = camera.project(np.array([(-5.0, -5.0, 0.0)]))
    assert np.allclose(view.ground(seen), [(-5, -5)], atol=0.1)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (Box(0, 0, 1, 1), Box(0, 0, 1, 1), 1.0),
        (Box(0, 0, 1, 1), Box(0.5, 0, 1.5, 1), 1 / 3),
        (Box(0, 0, 1, 1), Box(1, 1, 2, 2), 0.0),
        (Box(0, 0, 1, 1), Box(0, 0, 0, 0), 0.0),
    ],
)
def test_it_measures_overlap(one: Box, other: Box, overlap: float) -> None:
    assert one.overlap(other) == pytest.approx(overlap)
    assert other.overlap(one) == pytest.approx(overlap)
