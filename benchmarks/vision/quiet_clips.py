"""Nothing happens, in rain, in changing light, on a mast in the wind; or the camera is hurt."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from benchmarks.vision.clips import BEGINS_S, Clip, Draw, Split
from benchmarks.vision.footage import PETS_FPS
from benchmarks.vision.lawn_clips import ALL_DAY, lawn_footage, lawn_looks, lawn_scene
from benchmarks.vision.road_clips import LOOKS_S, road_footage, road_looks, road_scene
from devices.vision.arrays import Picture
from devices.vision.scene import Scene

Harm = Callable[[Picture, Draw], Picture]
Weather = Callable[[Picture, float, Draw], Picture]


@dataclass(frozen=True, slots=True)
class Place:
    """Real footage in which none of what its rules watch for happens."""

    scene: Callable[[Split], Scene]
    looks: Callable[[Draw, Split], Sequence[Picture]]
    whole: Callable[[Split], Sequence[Picture]]
    every_s: float


ROAD = Place(lambda _split: road_scene(), road_looks, road_footage, LOOKS_S)
LAWN = Place(lambda split: lawn_scene(split, *ALL_DAY), lawn_looks, lawn_footage, 1 / PETS_FPS)
PLACES = (ROAD, LAWN)


def quiet(draw: Draw, split: Split) -> Clip:
    place = PLACES[int(draw.integers(len(PLACES)))]
    return _under(
        WEATHERS[int(draw.integers(len(WEATHERS)))], place, split, place.looks(draw, split), draw
    )


def stretches(draw: Draw, split: Split) -> Iterator[Clip]:
    """All footage of each place from end to end, as it is and in every weather."""
    for place, weather in product(PLACES, WEATHERS):
        yield _under(weather, place, split, place.whole(split), draw)


def _under(
    weather: Weather, place: Place, split: Split, looks: Sequence[Picture], draw: Draw
) -> Clip:
    seed = int(draw.integers(1 << 30))

    def change(look: Picture, at_s: float) -> Picture:
        return weather(look, at_s, np.random.default_rng(seed + round(at_s * 100)))

    return Clip("quiet", place.scene(split), looks, place.every_s, change)


def _as_it_is(look: Picture, at_s: float, draw: Draw) -> Picture:
    return look


def _rain(look: Picture, at_s: float, draw: Draw) -> Picture:
    height, width = look.shape[:2]
    out = look.copy()
    for x, y in draw.integers((0, 0), (width, height), (120, 2)).tolist():
        cv2.line(out, (x, y), (x + 2, y + 9), (200, 200, 200), 1)
    return np.asarray(cv2.addWeighted(look, 0.7, out, 0.3, 0), np.uint8)


def _changing_light(look: Picture, at_s: float, draw: Draw) -> Picture:
    """A cloud passes: a fifth darker and back within a quarter of a minute."""
    return _lit(look, 1 - 0.1 * (1 - np.cos(at_s / 15 * 2 * np.pi)))


def _wind(look: Picture, at_s: float, draw: Draw) -> Picture:
    x, y = draw.uniform(-0.4, 0.4, 2)
    return _shifted(look, float(x), float(y))


def _noise(look: Picture, at_s: float, draw: Draw) -> Picture:
    return np.asarray(np.clip(look + draw.normal(0, 4, look.shape), 0, 255), np.uint8)


WEATHERS: tuple[Weather, ...] = (_as_it_is, _rain, _changing_light, _wind, _noise)


def _lit(look: Picture, light: float) -> Picture:
    return np.asarray(np.clip(look * light, 0, 255), np.uint8)


def _shifted(look: Picture, x: float, y: float) -> Picture:
    height, width = look.shape[:2]
    shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
    moved = cv2.warpAffine(look, shift, (width, height), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.uint8)


def covered(look: Picture, draw: Draw) -> Picture:
    """A hand, a bag, a nest before the lens: one soft colour."""
    colour = draw.uniform(30, 110, 3)
    soft = cv2.GaussianBlur(look, (0, 0), look.shape[1] / 8)
    return np.asarray(
        np.clip(0.08 * soft + colour + draw.normal(0, 2, look.shape), 0, 255), np.uint8
    )


def darkened(look: Picture, draw: Draw) -> Picture:
    return np.asarray(np.clip(look * 0.06 + draw.normal(0, 2, look.shape), 0, 255), np.uint8)


def turned(look: Picture, draw: Draw) -> Picture:
    """By a hand's breadth or more: 2 to 15 % of the picture."""
    away = draw.uniform(0.02, 0.15) * look.shape[1]
    angle = draw.uniform(0, 2 * np.pi)
    return _shifted(look, float(away * np.cos(angle)), float(away * np.sin(angle)))


def blurred(look: Picture, draw: Draw) -> Picture:
    return np.asarray(cv2.GaussianBlur(look, (0, 0), look.shape[1] / 110), np.uint8)


HARMS: dict[str, Harm] = {
    "covered": covered,
    "dark": darkened,
    "moved": turned,
    "blurred": blurred,
}


def harmed(draw: Draw, split: Split) -> Clip:
    """One of them, or the stream freezes; told by the view's health."""
    name = [*HARMS, "frozen"][int(draw.integers(len(HARMS) + 1))]
    hurt_s, seed = BEGINS_S + float(draw.uniform(0, 4)), int(draw.integers(1 << 30))
    place = PLACES[int(draw.integers(len(PLACES)))]
    looks = place.looks(draw, split)
    last = looks[int(hurt_s / place.every_s)]

    def change(look: Picture, at_s: float) -> Picture:
        if at_s < hurt_s:
            return look
        return HARMS[name](look, np.random.default_rng(seed)) if name in HARMS else last

    return Clip(
        name, place.scene(split), looks, place.every_s, change, {f"view {name}": hurt_s},
    )  # fmt: skip
