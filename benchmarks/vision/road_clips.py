"""What goes wrong on the highway: one stops, one comes the wrong way, two meet."""

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.vision.clips import BEGINS_S, Clip, Draw, Split
from benchmarks.vision.footage import HIGHWAY_FPS, highway_frames, highway_view
from benchmarks.vision.sprites import LOOK_EVERY, Cutout, Sprite, braking, played, vehicles
from devices.vision.arrays import Floats, Picture
from devices.vision.ground import Point
from devices.vision.rules.registry import rule_of
from devices.vision.scene import Scene, Zone

LOOKS_S = LOOK_EVERY / HIGHWAY_FPS
LOOKS = 110  # 22 seconds
ROAD = ((0.05, 0.95), (0.52, 0.12), (0.82, 0.12), (0.86, 0.98))


def road_scene() -> Scene:
    rules = (
        rule_of("stopped_vehicle", {"after_s": 5}),
        rule_of("wrong_way", {"arrow": [[0.66, 0.15], [0.45, 0.95]]}),
        rule_of("accident", {}),
    )
    return Scene(view=highway_view(), zones=(Zone("road", ROAD, rules),))


def road_looks(draw: Draw, split: Split) -> Sequence[Picture]:
    every = road_footage(split)
    first = int(draw.integers(0, len(every) - LOOKS))
    return every[first : first + LOOKS]


def road_footage(split: Split) -> Sequence[Picture]:
    return split.of(highway_frames())[::LOOK_EVERY]


def stopped(draw: Draw, split: Split) -> Clip:
    sprite, at = _vehicle(draw, split)
    sprite = braking(sprite[: at + 1])
    begins_s, halts_s = _times(draw, len(sprite) - 1)
    return Clip(
        "stopped_vehicle", road_scene(), road_looks(draw, split), LOOKS_S,
        lambda frame, at_s: played(frame, sprite, at_s - begins_s, LOOKS_S),
        {"stopped_vehicle": halts_s},
    )  # fmt: skip


def wrong_way(draw: Draw, split: Split) -> Clip:
    sprite = _long_vehicle(draw, split)[::-1]
    begins_s = BEGINS_S + float(draw.uniform(0, 5))
    inside = [n for n, cutout in enumerate(sprite) if _on_road(cutout)]
    return Clip(
        "wrong_way", road_scene(), road_looks(draw, split), LOOKS_S,
        lambda frame, at_s: played(frame, sprite, at_s - begins_s, LOOKS_S, stays=False),
        {"wrong_way": begins_s + inside[0] * LOOKS_S},
    )  # fmt: skip


def accident(draw: Draw, split: Split) -> Clip:
    """One stands; another comes and stops dead behind it."""
    view = highway_view()
    while True:
        first, at = _vehicle(draw, split)
        second = _long_vehicle(draw, split)
        gaps = [_metres(view.ground, cutout.foot, first[at].foot) for cutout in second]
        fits = [
            n for n, gap in enumerate(gaps)
            if 3.5 <= gap <= 5.5 and second[n].foot[1] < first[at].foot[1] and n >= 6
        ]  # fmt: skip
        if fits:
            break
    begins_s, halts_s = _times(draw, at)
    comes_s = halts_s + float(draw.uniform(0.5, 2))
    crash_s = comes_s + fits[0] * LOOKS_S

    def change(frame: Picture, at_s: float) -> Picture:
        behind = played(frame, second[: fits[0] + 1], at_s - comes_s, LOOKS_S)
        return played(behind, first[: at + 1], at_s - begins_s, LOOKS_S)

    return Clip(
        "accident", road_scene(), road_looks(draw, split), LOOKS_S, change,
        {"accident": crash_s}, frozenset({"stopped_vehicle"}),
    )  # fmt: skip


def _vehicle(draw: Draw, split: Split) -> tuple[Sprite, int]:
    """One, and the look at which it shall stop: well inside the road."""
    while True:
        sprite = vehicles(split)[int(draw.integers(len(vehicles(split))))]
        places = [
            n for n, cutout in enumerate(sprite)
            if n >= 8 and 95 < cutout.foot[1] < 205 and _on_road(cutout)
        ]  # fmt: skip
        if places:
            return sprite, int(draw.choice(places))


def _long_vehicle(draw: Draw, split: Split) -> Sprite:
    long = [s for s in vehicles(split) if len(s) >= 20 and any(_on_road(cutout) for cutout in s)]
    return long[int(draw.integers(len(long)))]


def _on_road(cutout: Cutout) -> bool:
    return Zone("road", ROAD).contains((cutout.foot[0] / 320, cutout.foot[1] / 240))


def _times(draw: Draw, looks: int) -> tuple[float, float]:
    begins_s = BEGINS_S + float(draw.uniform(0, 2))
    return begins_s, begins_s + looks * LOOKS_S


def _metres(ground: Callable[[Floats], Floats], a: Point, b: Point) -> float:
    there = ground(np.array([a, b]) / (320, 240))
    return float(np.linalg.norm(there[0] - there[1]))
