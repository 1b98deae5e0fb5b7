"""What goes wrong on the lawn: somebody enters at night, lingers, falls, leaves a bag."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import cv2
import numpy as np

from benchmarks.vision.clips import BEGINS_S, Clip, Draw, Split
from benchmarks.vision.footage import PETS_FPS, pets_frames, pets_truth, pets_view
from benchmarks.vision.sprites import Cutout, Sprite, pasted, walkers
from devices.vision.arrays import Floats, Mask, Picture
from devices.vision.ground import Point
from devices.vision.heights import person_boxes
from devices.vision.rules.registry import rule_of
from devices.vision.scene import Scene, Subject, Zone

LOOKS = 182  # 26 seconds
WIDTH, HEIGHT = 480, 360
PACE_MPS = 1.2
NIGHT = datetime(2026, 3, 7, 23, 30)  # noqa: DTZ001 (a wall clock)
NOON = datetime(2026, 3, 7, 12, 0)  # noqa: DTZ001
PARAMETERS: dict[str, dict[str, Any]] = {
    "intrusion": {"hours": [[day, 22 * 60, 6 * 60] for day in range(1, 8)]},
    "loitering": {"after_s": 10, "within_m": 4},
    "crowd": {"people": 7},
    "fall": {},
    "abandoned_object": {"after_s": 5},
}
ALL_DAY = ("loitering", "crowd", "fall", "abandoned_object")


@dataclass(frozen=True, slots=True)
class Place:
    """Where nobody real steps, and how the others are led there; picture fractions."""

    outline: tuple[Point, ...]
    from_x: tuple[float, float]
    to_x: tuple[float, float]
    to_y: tuple[float, float]
    stroll: float  # how far who lingers goes aside
    crowd: tuple[float, float]  # the first's place from the left, and how far apart


LAWN = Place(
    ((0.0, 0.5), (0.27, 0.55), (0.5, 0.64), (0.72, 0.82), (0.9, 1.0), (0.0, 1.0)),
    (0.1, 0.5), (0.18, 0.5), (0.72, 0.78), 0.1, (0.12, 0.075),
)  # fmt: skip
# In the second half people walk over the lawn; its left corner stays empty.
CORNER = Place(
    ((0.0, 0.5), (0.25, 0.56), (0.25, 1.0), (0.0, 1.0)),
    (0.03, 0.25), (0.06, 0.2), (0.66, 0.78), 0.07, (0.03, 0.045),
)  # fmt: skip
PLACES = {Split.DEVELOPMENT: LAWN, Split.TEST: CORNER}


def lawn_scene(split: Split, *kinds: str) -> Scene:
    rules = tuple(rule_of(kind, PARAMETERS[kind]) for kind in kinds)
    zones = (Zone("lawn", PLACES[split].outline, rules),)
    return Scene(view=pets_view(), subject=Subject.PEOPLE, zones=zones, working_width=320)


def lawn_looks(draw: Draw, split: Split) -> Sequence[Picture]:
    """A stretch in which nobody real steps on the lawn."""
    empty = _empty_stretches(split)
    first = empty[int(draw.integers(len(empty)))]
    return pets_frames()[first : first + LOOKS]


def lawn_footage(split: Split) -> Sequence[Picture]:
    """The longest time that nobody real steps there."""
    empty = _empty_stretches(split)
    return pets_frames()[empty[0] : empty[-1] + LOOKS]


@cache
def _empty_stretches(split: Split) -> list[int]:
    zone, mine = Zone("lawn", PLACES[split].outline), split.of(range(len(pets_frames())))
    trodden = {
        n for n, people in pets_truth().items() if any(zone.contains(box.foot) for _, box in people)
    }
    firsts = range(mine[0], mine[-1] + 2 - LOOKS)
    return [first for first in firsts if trodden.isdisjoint(range(first, first + LOOKS))]


@dataclass(frozen=True, slots=True)
class Walk:
    """A person cut out elsewhere, led along places on the ground, one a look."""

    sprite: Sprite
    places: Floats  # picture fractions
    begins_s: float

    def shown(self, look: Picture, at_s: float, *, stays: bool = False) -> Picture:
        n = self.look(at_s)
        if n < 0 or (n >= len(self.places) and not stays):
            return look
        n = min(n, len(self.places) - 1)
        return pasted(look, self.cutout(n), self.foot(n), self.scale(n))

    def look(self, at_s: float) -> int:
        return int(np.floor((at_s - self.begins_s) * PETS_FPS + 1e-6))

    def cutout(self, n: int) -> Cutout:
        there_and_back = [*self.sprite, *self.sprite[-2:0:-1]]
        return there_and_back[n % len(there_and_back)]

    def foot(self, n: int) -> Point:
        x, y = self.places[n] * (WIDTH, HEIGHT)
        return float(x), float(y)

    def scale(self, n: int) -> float:
        feet = np.array([self.foot(n), self.cutout(n).foot]) / (WIDTH, HEIGHT)
        here, there = person_boxes(pets_view(), feet, (HEIGHT, WIDTH))
        return float((here[3] - here[1]) / (there[3] - there[1]))

    @property
    def ends_s(self) -> float:
        return self.begins_s + len(self.places) / PETS_FPS


def led(corners: Sequence[Point], pace_mps: float = PACE_MPS) -> Floats:
    """Places along the corners (picture fractions) at that pace on the ground, one a look."""
    view = pets_view()
    ground = view.ground(np.array(corners))
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(ground, axis=0), axis=1))])
    along = np.arange(0, lengths[-1], pace_mps / PETS_FPS)
    axes = [np.interp(along, lengths, ground[:, axis]) for axis in (0, 1)]
    return view.picture(np.column_stack(axes))


def _person(draw: Draw, split: Split) -> Sprite:
    return walkers(split)[int(draw.integers(len(walkers(split))))]


def _begin(draw: Draw) -> float:
    return BEGINS_S + float(draw.uniform(0, 2))


def _outside(draw: Draw, split: Split) -> Point:
    return float(draw.uniform(*PLACES[split].from_x)), 0.44


def _inside(draw: Draw, split: Split) -> Point:
    """Clear of what lies and stands there."""
    place = PLACES[split]
    return float(draw.uniform(*place.to_x)), float(draw.uniform(*place.to_y))


def _walk(draw: Draw, split: Split, *corners: Point) -> Walk:
    """In from the road and along the corners."""
    way = led([_outside(draw, split), *corners])
    return Walk(_person(draw, split), way, _begin(draw))


def intrusion(draw: Draw, split: Split, *, armed: bool = True) -> Clip:
    walk = _walk(draw, split, _inside(draw, split), (-0.05, 0.8))
    zone = Zone("lawn", PLACES[split].outline)
    entered = next(n for n, place in enumerate(walk.places) if zone.contains(tuple(place)))
    enters_s = walk.begins_s + entered / PETS_FPS
    return Clip(
        "intrusion" if armed else "by day",
        lawn_scene(split, "intrusion"),
        lawn_looks(draw, split),
        1 / PETS_FPS,
        walk.shown,
        {"intrusion": enters_s} if armed else {},
        local=NIGHT if armed else NOON,
    )


def by_day(draw: Draw, split: Split) -> Clip:
    return intrusion(draw, split, armed=False)


def passing(draw: Draw, split: Split) -> Clip:
    """Somebody crosses the lawn, and that is all."""
    walk = _walk(draw, split, _inside(draw, split), (-0.05, 0.8))
    return Clip(
        "passing", lawn_scene(split, *ALL_DAY), lawn_looks(draw, split), 1 / PETS_FPS, walk.shown
    )


def loitering(draw: Draw, split: Split) -> Clip:
    here = _inside(draw, split)
    aside = PLACES[split].stroll * float(draw.choice([-1, 1]))
    there = (here[0] + aside, here[1])
    walk = _walk(draw, split, *[here, there] * 12)
    ground = pets_view().ground(np.array([here, *walk.places]))
    near = np.linalg.norm(ground[1:] - ground[0], axis=1) <= PARAMETERS["loitering"]["within_m"]
    arrives_s = walk.begins_s + int(np.argmax(near)) / PETS_FPS
    return Clip(
        "loitering",
        lawn_scene(split, *ALL_DAY),
        lawn_looks(draw, split),
        1 / PETS_FPS,
        walk.shown,
        {"loitering": arrives_s},
    )


def crowd(draw: Draw, split: Split) -> Clip:
    """Nine come one after the other and stay about."""
    walks, zone = [], Zone("lawn", PLACES[split].outline)
    left, apart = PLACES[split].crowd
    for n in range(9):
        here = (left + apart * (n % 5), 0.66 + 0.12 * (n // 5) + float(draw.uniform(0, 0.02)))
        way = led([(here[0], 0.44), here, (here[0] + 0.02, here[1]), here], 2.0)
        walks.append(Walk(_person(draw, split), way, BEGINS_S + float(draw.uniform(0, 3))))
    entered = sorted(
        walk.begins_s
        + next(n for n, place in enumerate(walk.places) if zone.contains(tuple(place))) / PETS_FPS
        for walk in walks
    )

    def change(look: Picture, at_s: float) -> Picture:
        for walk in sorted(walks, key=lambda walk: float(walk.places[-1][1])):
            look = walk.shown(look, at_s, stays=True)
        return look

    return Clip(
        "crowd",
        lawn_scene(split, *ALL_DAY),
        lawn_looks(draw, split),
        1 / PETS_FPS,
        change,
        {"crowd": entered[6]},
        frozenset({"loitering"}),
    )


def fall(draw: Draw, split: Split) -> Clip:
    walk = _walk(draw, split, _inside(draw, split))
    last = len(walk.places) - 1
    lying = [turned(walk.cutout(last), angle) for angle in (30, 60, 90)]

    def change(look: Picture, at_s: float) -> Picture:
        n = walk.look(at_s) - last
        if n < 1:
            return walk.shown(look, at_s)
        return pasted(look, lying[min(n, 3) - 1], walk.foot(last), walk.scale(last))

    return Clip(
        "fall",
        lawn_scene(split, *ALL_DAY),
        lawn_looks(draw, split),
        1 / PETS_FPS,
        change,
        {"fall": walk.ends_s + 2 / PETS_FPS},
        frozenset({"loitering"}),
    )


def turned(cutout: Cutout, degrees: float) -> Cutout:
    """Tipped over to the side."""
    height, width = cutout.mask.shape
    side = int(np.hypot(height, width)) + 2
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turn[:, 2] += ((side - width) / 2, (side - height) / 2)
    picture = cv2.warpAffine(cutout.picture, turn, (side, side))
    mask = cv2.warpAffine(cutout.mask, turn, (side, side))
    left, top, w, h = cv2.boundingRect(mask)
    part = np.s_[top : top + h, left : left + w]
    return Cutout(picture[part], mask[part], cutout.foot)


def abandoned(draw: Draw, split: Split) -> Clip:
    """Somebody comes, sets a bag down and walks off."""
    there = _inside(draw, split)
    walk = _walk(draw, split, there, (-0.1, 0.8))
    arrives = int(np.argmin(np.linalg.norm(walk.places - there, axis=1)))
    bag, foot = _bag(draw), walk.foot(arrives)

    def change(look: Picture, at_s: float) -> Picture:
        if walk.look(at_s) >= arrives:
            look = pasted(look, bag, foot)
        return walk.shown(look, at_s)

    return Clip(
        "abandoned_object",
        lawn_scene(split, *ALL_DAY),
        lawn_looks(draw, split),
        1 / PETS_FPS,
        change,
        {"abandoned_object": walk.begins_s + arrives / PETS_FPS},
    )


def _bag(draw: Draw) -> Cutout:
    """A rounded piece of something real: of the van, the sign, a car, a coat."""
    x, y = ((412, 35), (262, 133), (462, 42), (70, 320))[int(draw.integers(4))]
    width, height = int(draw.integers(20, 28)), int(draw.integers(16, 22))
    picture = pets_frames()[0][y - height // 2 :, x - width // 2 :][:height, :width]
    mask: Mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(
        mask,
        (mask.shape[1] // 2, mask.shape[0] // 2),
        (width // 2, height // 2),
        0,
        0,
        360,
        255,
        -1,
    )
    return Cutout(picture, mask, (0.0, 0.0))
