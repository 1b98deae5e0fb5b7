"""A yard seen straight from above, two lanes side by side: a place that no threshold was chosen on.

Big cars, a lens that grows darker whenever a white one passes. Its scale is guessed from their
size; its lanes are as they are driven in.
"""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from benchmarks.samples import sample_path
from benchmarks.vision.clips import BEGINS_S, Clip, Draw, Split
from benchmarks.vision.footage import frames
from benchmarks.vision.sprites import Sprite, braking, cut, played
from devices.vision.arrays import Picture
from devices.vision.background import Background
from devices.vision.blobs import boxes_of
from devices.vision.ground import View
from devices.vision.rules.registry import rule_of
from devices.vision.scene import Scene, Zone

LOOK_EVERY, LOOKS_S = 2, 2 / 12.5
LOOKS, SIZE = 137, (480, 270)  # 22 seconds
VIEW = View.from_points([(0, 0), (1, 0), (1, 1), (0, 1)], [(0, 5), (9, 5), (9, 0), (0, 0)])
BETWEEN = 0.38  # where one lane ends and the other begins, of the width
UP = ((BETWEEN, 0.0), (0.75, 0.0), (0.75, 1.0), (BETWEEN, 1.0))
DOWN = ((0.0, 0.0), (BETWEEN, 0.0), (BETWEEN, 1.0), (0.0, 1.0))
# Looks from a car's coming into the picture until it stands in it whole; on which lane.
CARS = ((95, 107, "up"), (93, 103, "down"), (159, 166, "down"))


def yard_scene() -> Scene:
    """Least distances are those of a picture five metres high."""
    zones = [
        Zone(name, outline, (
            rule_of("stopped_vehicle", {"after_s": 5, "came_m": 1.5}),
            rule_of("wrong_way", {"arrow": arrow, "least_m": 2, "after_s": 1}),
        ))
        for name, outline, arrow in (
            ("up", UP, [[0.5, 1.0], [0.5, 0.0]]), ("down", DOWN, [[0.2, 0.0], [0.2, 1.0]]),
        )
    ]  # fmt: skip
    return Scene(view=VIEW, zones=tuple(zones), working_width=320)


@cache
def yard_frames() -> list[Picture]:
    """As many a second as are looked at, reduced."""
    every = list(frames(sample_path("devices/clips/car-detection.mp4")))[::LOOK_EVERY]
    return [
        np.asarray(cv2.resize(look, SIZE, interpolation=cv2.INTER_AREA), np.uint8) for look in every
    ]


def yard_looks(draw: Draw, _split: Split) -> Sequence[Picture]:
    first = int(draw.integers(0, len(yard_frames()) - LOOKS))
    return yard_frames()[first : first + LOOKS]


@cache
def cars() -> list[tuple[str, Sprite]]:
    background = Background()
    masks = [background.step(look, n * LOOKS_S) for n, look in enumerate(yard_frames())]
    found = []
    for first, last, lane in CARS:
        sprite = []
        for n in range(first, last + 1):
            here = [
                box for box in boxes_of(masks[n])
                if box.area > 0.01 and (box.foot[0] > BETWEEN) == (lane == "up")
            ]  # fmt: skip
            if here:
                largest = max(here, key=lambda box: box.area)
                sprite.append(cut(yard_frames()[n], masks[n], largest))
        found.append((lane, sprite))
    return found


def stopped(draw: Draw, split: Split) -> Clip:
    """One drives in and stands in its lane."""
    _lane, sprite = cars()[int(draw.integers(len(cars())))]
    slow = braking(sprite)
    begins_s = BEGINS_S + float(draw.uniform(0, 2))
    return Clip(
        "yard stopped", yard_scene(), yard_looks(draw, split), LOOKS_S,
        lambda look, at_s: played(look, slow, at_s - begins_s, LOOKS_S),
        {"stopped_vehicle": begins_s + (len(slow) - 1) * LOOKS_S},
    )  # fmt: skip


def wrong_way(draw: Draw, split: Split) -> Clip:
    """One of the lane that leads down, backwards."""
    backwards = cars()[1 + int(draw.integers(2))][1][::-1]
    begins_s = BEGINS_S + float(draw.uniform(0, 5))
    return Clip(
        "yard wrong_way", yard_scene(), yard_looks(draw, split), LOOKS_S,
        lambda look, at_s: played(look, backwards, at_s - begins_s, LOOKS_S, stays=False),
        {"wrong_way": begins_s},
    )  # fmt: skip
