"""Real vehicles and people cut out of the footage, to be shown again elsewhere and otherwise."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import cv2
import numpy as np

from benchmarks.vision.clips import Split
from benchmarks.vision.footage import (
    HIGHWAY_FPS,
    PETS_FPS,
    highway_frames,
    highway_view,
    pets_frames,
    pets_truth,
)
from devices.vision.arrays import Box, Mask, Picture
from devices.vision.background import Background
from devices.vision.detectors.blobs import BlobDetector
from devices.vision.ground import Point
from devices.vision.tracking import Tracker

LOOK_EVERY = 5  # frames of the highway: five looks a second


@dataclass(frozen=True, slots=True)
class Cutout:
    """One look at a thing: its pixels, which of them are its own, and where its foot stood."""

    picture: Picture
    mask: Mask
    foot: Point  # pixels of the frame it came from


Sprite = list[Cutout]


def pasted(frame: Picture, cutout: Cutout, foot: Point, scale: float = 1.0) -> Picture:
    """The frame with the cutout standing there, its rim softened."""
    picture, mask = cutout.picture, cutout.mask
    if scale != 1.0:
        size = (max(round(mask.shape[1] * scale), 2), max(round(mask.shape[0] * scale), 2))
        picture, mask = cv2.resize(picture, size), cv2.resize(mask, size)
    height, width = mask.shape
    left, top = round(foot[0] - width / 2), round(foot[1] - height)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, frame.shape[1]), min(top + height, frame.shape[0])
    if x1 <= x0 or y1 <= y0:
        return frame
    part = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    share = (cv2.GaussianBlur(mask, (3, 3), 0)[part] / 255.0)[:, :, None]
    out = frame.copy()
    out[y0:y1, x0:x1] = picture[part] * share + out[y0:y1, x0:x1] * (1 - share)
    return out


@cache
def vehicles(split: Split) -> list[Sprite]:
    """Each drives down the whole picture, seen five times a second, alone in its blob."""
    background, view = Background(), highway_view()
    tracker, blobs = Tracker(view), BlobDetector(view)
    found: dict[int, Sprite] = {}
    for n, frame in enumerate(split.of(highway_frames())[::LOOK_EVERY]):
        at_s = n * LOOK_EVERY / HIGHWAY_FPS
        moving = background.step(frame, at_s)
        if not background.is_warm:
            continue
        for track in tracker.step(blobs.detect(frame, moving), at_s):
            if track.kind == "vehicle" and track.seen_s == at_s and _is_whole(track.box):
                found.setdefault(track.number, []).append(cut(frame, moving, track.box))
    return [sprite for sprite in found.values() if _drives_down(sprite)]


def _is_whole(box: Box) -> bool:
    return box.left > 0.01 and box.right < 0.99 and box.bottom < 0.99 and box.top > 0.01


def _drives_down(sprite: Sprite) -> bool:
    steps = np.diff([cutout.foot[1] for cutout in sprite])
    sizes = [cutout.mask.size for cutout in sprite]
    smooth = all(b < 1.8 * a for a, b in pairwise(sizes))
    return len(sprite) >= 10 and bool((steps > 0).all()) and smooth


@cache
def walkers(split: Split) -> list[Sprite]:
    """People who walk alone for a second and a half or longer, seen seven times a second."""
    background = Background()
    truth, runs = pets_truth(), {}  # type: tuple[dict[int, list[tuple[int, Box]]], dict[int, Sprite]]
    done: list[Sprite] = []
    mine = split.of(range(len(pets_frames())))
    for n in mine:
        frame = pets_frames()[n]
        moving = background.step(frame, n / PETS_FPS)
        if n < mine[0] + 60:
            continue
        alone = {who: box for who, box in truth[n] if _is_alone(who, box, truth[n])}
        done += [runs.pop(who) for who in list(runs) if who not in alone]
        for who, box in alone.items():
            runs.setdefault(who, []).append(cut(frame, moving, box))
    return [sprite for sprite in [*done, *runs.values()] if _walks(sprite)]


def _is_alone(who: int, box: Box, others: list[tuple[int, Box]]) -> bool:
    wide = Box(box.left - 0.02, box.top - 0.02, box.right + 0.02, box.bottom + 0.02)
    apart = all(wide.shared_area(other) == 0 for number, other in others if number != who)
    return apart and _is_whole(box)


def _walks(sprite: Sprite) -> bool:
    filled = [float((cutout.mask > 0).mean()) for cutout in sprite]
    return len(sprite) >= 11 and min(filled) > 0.3 and max(filled) < 0.9


def cut(frame: Picture, moving: Mask, box: Box) -> Cutout:
    height, width = moving.shape
    left, top, right, bottom = box.pixels(width, height)
    part = np.s_[top:bottom, left:right]
    return Cutout(frame[part].copy(), moving[part].copy(), ((left + right) / 2, float(bottom)))


def played(
    look: Picture, sprite: Sprite, since_s: float, every_s: float, *, stays: bool = True
) -> Picture:
    """The sprite where it was seen, look by look; at its end it stays or is gone."""
    n = int(np.floor(since_s / every_s + 1e-6))
    if n < 0 or (n >= len(sprite) and not stays):
        return look
    cutout = sprite[min(n, len(sprite) - 1)]
    return pasted(look, cutout, cutout.foot)


def braking(sprite: Sprite) -> Sprite:
    """The last eight looks at half and then a quarter of the pace."""
    paces = [1] * (len(sprite) - 8) + [2] * 6 + [4, 1]
    return [cutout for cutout, looks in zip(sprite, paces, strict=True) for _ in range(looks)]
