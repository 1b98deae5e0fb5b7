"""How high somebody looks who stands there: a whole camera out of its ground plane alone.

Square pixels and a lens that looks through the middle of its picture are assumed; then a plane's
homography gives the focal length, and with it what stands upright (R. Hartley, A. Zisserman,
Multiple View Geometry, 2nd ed. 2003, chapter 8).
"""

import numpy as np

from devices.vision.arrays import Floats
from devices.vision.ground import View

PERSON_M = (0.62, 1.75)  # how wide and high a box around a walking person is
NARROW = PERSON_M[0] / PERSON_M[1]


def person_boxes(view: View, feet: Floats, shape: tuple[int, int]) -> Floats:
    """n × 4 boxes (left, top, right, bottom as fractions) of people with their feet there."""
    height, width = shape
    heads = _above(view, feet, PERSON_M[1], width / height) if view.calibrated else None
    tall = feet[:, 1] - heads[:, 1] if heads is not None else np.full(len(feet), 0.2)
    wide = np.maximum(tall, 0) * NARROW * height / width
    x, y = feet.T
    return np.column_stack([x - wide / 2, y - tall, x + wide / 2, y])


def _above(view: View, feet: Floats, metres: float, aspect: float) -> Floats | None:
    """Where points that high over the feet are seen; None for a plane that gives no lens."""
    # Ground to a picture with its origin in the middle and the same unit along both sides.
    centred = np.array([[aspect, 0, -aspect / 2], [0, 1, -0.5], [0, 0, 1]])
    plane = centred @ np.linalg.inv(np.asarray(view.to_ground, float))
    focal = focal_length(plane)
    if focal is None:
        return None
    lens = np.diag([focal, focal, 1.0])
    pose = np.linalg.inv(lens) @ plane
    pose /= np.sqrt(np.linalg.norm(pose[:, 0]) * np.linalg.norm(pose[:, 1]))
    up = lens @ np.cross(pose[:, 0], pose[:, 1])
    ground = np.column_stack([view.ground(feet), np.ones(len(feet))])
    if (ground @ pose.T)[:, 2].mean() < 0:  # a homography knows no sign, a lens looks forward
        pose = -pose
    heads = (ground @ (lens @ pose).T + metres * up) @ np.linalg.inv(centred).T
    return np.asarray(heads[:, :2] / heads[:, 2:])


def focal_length(plane: Floats) -> float | None:
    """In picture heights: both axes of the ground are as long and at right angles."""
    (a, b, c), (d, e, f) = plane[:, 0], plane[:, 1]
    across = np.array([a * d + b * e, a * a + b * b - d * d - e * e])
    along = np.array([-c * f, -(c * c - f * f)])
    if across @ across < 1e-12:  # straight from above every lens looks alike
        return None
    inverse_square = float(across @ along / (across @ across))
    return inverse_square**-0.5 if inverse_square > 1e-6 else None
