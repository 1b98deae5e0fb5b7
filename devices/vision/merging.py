"""Blobs of two: vehicles that melt in the picture long before they touch on the road.

Each edge of the blob belongs to whoever is expected farthest that way; the opposite edge lies its
own size away. So both go on being followed, each by the edges that can be seen of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from devices.vision.arrays import Box
from devices.vision.ground import Point, View

if TYPE_CHECKING:
    from devices.vision.tracking import Detection, Track

INSIDE = 0.6  # of who is expected there lies in the blob
ALONE = 0.8  # overlap with one that is expected: the blob is that one
RIM = 0.02  # of the picture: between two that touch
FITS = 0.5  # overlap with another blob: that is where it is


def parted(
    detections: Sequence["Detection"], tracks: Sequence["Track"], view: View
) -> list["Detection"]:
    """The same detections, those of several tracks taken apart."""
    expected = [expected_box(track, view) for track in tracks]
    found: list[Detection] = []
    for detection in detections:
        others = [other.box for other in detections if other is not detection]
        inside = [box for box in expected if _belongs(box, detection.box, others)]
        if not detection.alone:
            found.append(_completed(detection, expected))
        elif len(inside) < 2 or max(box.overlap(detection.box) for box in inside) >= ALONE:
            found.append(detection)
        else:
            shares = _shares(detection.box, inside)
            found += [replace(detection, box=box, alone=False) for box in shares]
    return found


def is_hidden(box: Box, standing: Box) -> bool:
    """Its foot is behind who stands there: they touch in the picture, the other nearer."""
    wide = Box(box.left, box.top, box.right, box.bottom + RIM)
    return wide.shared_area(standing) > 0 and box.bottom < standing.bottom


def _completed(part: "Detection", expected: Sequence[Box]) -> "Detection":
    """Whose foot is hidden stands where its height below its top says."""
    box = part.box
    whose = [whole for whole in expected if box.shared_area(whole) >= INSIDE * box.area]
    if not whose:
        return part
    height = max(whose, key=box.overlap).height
    bottom = max(box.bottom, box.top + height)
    return replace(part, box=Box(box.left, box.top, box.right, bottom))


def expected_box(track: "Track", view: View) -> Box:
    """Where it must be now if it goes on; as large as it was by itself, nearer ones larger."""
    foot = view.picture(np.array([track.at_m]))[0]
    x, y = float(foot[0]), float(foot[1])
    larger = _unit_m(track.alone.foot, view) / max(_unit_m((x, y), view), 1e-9)
    width, height = track.alone.width * larger, track.alone.height * larger
    return Box(x - width / 2, y - height, x + width / 2, y)


def _unit_m(foot: Point, view: View) -> float:
    """What a hundredth of the picture's width is worth there."""
    return view.width_m(Box(foot[0] - 0.005, foot[1], foot[0] + 0.005, foot[1]))


def _belongs(box: Box, blob: Box, others: Sequence[Box]) -> bool:
    inside = box.shared_area(blob) >= INSIDE * box.area
    return inside and all(box.overlap(other) < FITS for other in others)


def _shares(blob: Box, boxes: Sequence[Box]) -> list[Box]:
    across = _spans((blob.left, blob.right), [(box.left, box.right) for box in boxes])
    down = _spans((blob.top, blob.bottom), [(box.top, box.bottom) for box in boxes])
    return [Box(x0, y0, x1, y1) for (x0, x1), (y0, y1) in zip(across, down, strict=True)]


def _spans(whole: Point, spans: Sequence[Point]) -> list[Point]:
    """Along one axis: who lies farthest to a side has the blob's edge there."""
    first, last = min(low for low, _ in spans), max(high for _, high in spans)
    found = []
    for low, high in spans:
        size = high - low
        if low == first and high == last:
            found.append(whole)
        elif low == first:
            found.append((whole[0], min(whole[0] + size, whole[1])))
        elif high == last:
            found.append((max(whole[1] - size, whole[0]), whole[1]))
        else:
            found.append((max(low, whole[0]), min(high, whole[1])))
    return found
