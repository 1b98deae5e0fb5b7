"""What goes wrong on the highway: one stops, one comes the wrong way, two meet.

Who is shown drives a lane that was cleared of its real traffic; the other lane goes on as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.vision.clips import BEGINS_S, Clip, Draw, Split, Step
from benchmarks.vision.drives import (
    Phase,
    Way,
    arrives_s,
    halting,
    slowing,
    striking,
    struck,
)
from benchmarks.vision.footage import HIGHWAY_FPS, highway_frames, highway_view
from benchmarks.vision.lanes import cleared
from benchmarks.vision.sprites import LOOK_EVERY, Cutout, Sprite, braking, played, vehicles
from devices.vision.arrays import Picture
from devices.vision.rules.registry import rule_of
from devices.vision.scene import Scene, Zone

LOOKS_S = LOOK_EVERY / HIGHWAY_FPS
LOOKS = 110  # 22 seconds
CAR_M, GAP_M, BRAKES_MPS2 = 4.6, (2.0, 4.0), (2.0, 4.0)
NEAR_M = 25.0  # who comes from farther away comes earlier
PUSHED_M, APPROACH_M = 3.5, 20.0  # room that is needed after and before the place of an impact
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
    left_lane = _is_left(sprite[at])
    sprite = braking(sprite[: at + 1])
    begins_s, halts_s = _times(draw, len(sprite) - 1)

    def change(frame: Picture, at_s: float) -> Picture:
        look = cleared(frame, split, left_lane=left_lane)
        return played(look, sprite, at_s - begins_s, LOOKS_S)

    return _clip("stopped_vehicle", draw, split, change, {"stopped_vehicle": halts_s})


def wrong_way(draw: Draw, split: Split) -> Clip:
    sprite = _long_vehicle(draw, split)[::-1]
    left_lane = _is_left(sprite[0])
    begins_s = BEGINS_S + float(draw.uniform(0, 5))
    inside = [n for n, cutout in enumerate(sprite) if _on_road(cutout)]

    def change(frame: Picture, at_s: float) -> Picture:
        look = cleared(frame, split, left_lane=left_lane)
        return played(look, sprite, at_s - begins_s, LOOKS_S, stays=False)

    return _clip("wrong_way", draw, split, change, {"wrong_way": begins_s + inside[0] * LOOKS_S})


def queue(draw: Draw, split: Split) -> Clip:
    """One breaks down in its lane; the next sees it, brakes and waits. Nobody is hurt."""
    pair = _pair(draw, split)
    first = pair.breaks_down(draw)
    halts_s = arrives_s(first, pair.stops_m, 0.0)
    waits_m = pair.hits_m - float(draw.uniform(*GAP_M))
    comes_s = halts_s + float(draw.uniform(0.5, 5)) - waits_m / pair.pace_mps
    second = halting(comes_s, pair.pace_mps, waits_m, float(draw.uniform(*BRAKES_MPS2)))
    return _clip(
        "queue", draw, split, pair.played(split, second, first),
        {"stopped_vehicle": halts_s}, frozenset({"stopped_vehicle"}),
    )  # fmt: skip


def accident(draw: Draw, split: Split) -> Clip:
    """One breaks down in its lane; the next brakes too late and runs into it; a third waits."""
    pair = _pair(draw, split)
    first = pair.breaks_down(draw)
    impact_mps = float(draw.uniform(0.5, 0.9)) * pair.pace_mps
    comes_s = arrives_s(first, pair.stops_m, 0.0) + float(draw.uniform(0.5, 5))
    comes_s -= pair.hits_m / pair.pace_mps
    second = slowing(comes_s, pair.pace_mps, pair.hits_m, float(draw.uniform(4, 7)), impact_mps)
    crash_s = arrives_s(second, pair.hits_m, impact_mps)
    first.append(struck(crash_s, pair.stops_m, impact_mps))
    second.append(striking(crash_s, pair.hits_m, impact_mps))
    waits_m = pair.hits_m - CAR_M - float(draw.uniform(*GAP_M))
    third = halting(
        crash_s + float(draw.uniform(-2, 2)), pair.pace_mps, waits_m,
        float(draw.uniform(*BRAKES_MPS2)),
    )  # fmt: skip
    return _clip(
        "accident", draw, split, pair.played(split, third, second, first),
        {"accident": crash_s}, frozenset({"stopped_vehicle"}),
    )  # fmt: skip


def _clip(
    kind: str, draw: Draw, split: Split, change: Step, expected: dict[str, float],
    allowed: frozenset[str] = frozenset(),
) -> Clip:  # fmt: skip
    looks = road_looks(draw, split)
    return Clip(kind, road_scene(), looks, LOOKS_S, change, expected, allowed)


@dataclass(frozen=True, slots=True)
class Pair:
    """Who stands and where, who comes in the same lane and where its front meets the rear."""

    standing: Way
    stops_m: float
    runner: Way
    hits_m: float

    @property
    def pace_mps(self) -> float:
        return self.runner.speed_mps(LOOKS_S)

    def breaks_down(self, draw: Draw) -> list[Phase]:
        """Comes into the picture a second or three before it stands."""
        pace_mps, brakes_mps2 = self.standing.speed_mps(LOOKS_S), float(draw.uniform(3, 6))
        near_s = BEGINS_S + float(draw.uniform(0, 2))
        begins_s = near_s - max(self.stops_m - NEAR_M, 0.0) / pace_mps
        return halting(begins_s, pace_mps, self.stops_m, brakes_mps2)

    def played(self, split: Split, *runs: list[Phase]) -> Step:
        """The last run is the standing one's, the others are shown behind it."""
        left_lane = bool(self.standing.foot_m(self.stops_m)[0] < 0)

        def change(frame: Picture, at_s: float) -> Picture:
            look = cleared(frame, split, left_lane=left_lane)
            for run in runs[:-1]:
                look = self.runner.shown(look, run, at_s)
            return self.standing.shown(look, runs[-1], at_s)

        return change


def _pair(draw: Draw, split: Split) -> Pair:
    while True:
        sprite, at = _vehicle(draw, split)
        standing, runner = Way.of(sprite), Way.of(_long_vehicle(draw, split))
        hits_m = runner.beside(standing.feet_m[at], CAR_M)
        aside_m = abs(runner.foot_m(hits_m)[0] - standing.feet_m[at][0])
        pair = Pair(standing, float(standing.along_m[at]), runner, hits_m)
        room_m = min(standing.along_m[-1] - pair.stops_m, runner.along_m[-1] - hits_m)
        if room_m > PUSHED_M and aside_m < 1 and hits_m > APPROACH_M:
            return pair


def _is_left(cutout: Cutout) -> bool:
    return bool(highway_view().ground(np.array([cutout.foot]) / (320, 240))[0, 0] < 0)


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
