"""The real pictures: clips, their truth and their cameras, read where the samples lie."""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np

from benchmarks.report import NotMeasuredError
from benchmarks.samples import sample_path
from devices.vision.arrays import Box, Mask, Picture
from devices.vision.ground import TsaiCamera, View

HIGHWAY_FPS, PETS_FPS = 25.0, 7.0  # the PETS file says 10, its authors 7
PETS_SIZE = (768, 576)
# Around the paths people take in View_001, metres.
PETS_GROUND = ((-14.0, -14.0), (5.0, -14.0), (5.0, 2.0), (-14.0, 2.0), (-5.0, -5.0))


def frames(path: Path) -> Iterator[Picture]:
    clip = cv2.VideoCapture(str(path))
    while True:
        read, frame = clip.read()
        if not read:
            return
        yield np.asarray(frame, np.uint8)


@cache
def highway_frames() -> list[Picture]:
    """Frame n of the truth is number n − 1."""
    return list(frames(sample_path("devices/cdnet_highway/highway.avi")))


def highway_truth() -> Iterator[tuple[int, Mask]]:
    """Frames 470 to 1700: 255 moving, 50 shadow, 170 border, 85 outside."""
    with zipfile.ZipFile(sample_path("devices/cdnet_highway/groundtruth_470_1700.zip")) as archive:
        for name in sorted(name for name in archive.namelist() if name.endswith(".png")):
            stored = np.frombuffer(archive.read(name), np.uint8)
            yield int(Path(name).stem[2:]), np.asarray(cv2.imdecode(stored, 0), np.uint8)


def highway_region() -> Mask:
    return np.asarray(cv2.imread(str(sample_path("devices/cdnet_highway/ROI.bmp")), 0), np.uint8)


@dataclass(frozen=True, slots=True)
class Passage:
    lane: str
    first_frame: int
    last_frame: int


def highway_passages() -> list[Passage]:
    with sample_path("devices/cdnet_highway/line_crossings_y150.csv").open() as rows:
        return [
            Passage(row["lane"], int(row["gate_first_frame"]), int(row["gate_last_frame"]))
            for row in csv.DictReader(rows)
        ]


@cache
def highway_view() -> View:
    """From the road itself: lane marks 3.05 m long every 12.2 m, lanes 3.66 m wide (MUTCD 2009).

    Read off one frame by eye, so good for directions and metres by the half, not for speed fines.
    """
    pixels = np.array([(134, 216), (183, 128), (207, 84.5), (262, 216), (272, 84.5), (268, 128)])
    metres = [(0.0, 0.0), (0.0, 12.2), (0.0, 24.4), (3.66, 0.0), (3.66, 24.4), (3.66, 12.2)]
    return View.from_points([(x / 320, y / 240) for x, y in pixels], metres)


@cache
def pets_frames() -> list[Picture]:
    return list(frames(sample_path("devices/pets09_s2l1/vtest_480x360.avi")))


def pets_truth() -> dict[int, list[tuple[int, Box]]]:
    """By frame, who is where."""
    tree = ElementTree.parse(sample_path("devices/pets09_s2l1/PETS2009-S2L1.xml"))  # noqa: S314
    return {
        int(frame.attrib["number"]): [
            (int(each.attrib["id"]), _box(each)) for each in frame.iter("object")
        ]
        for frame in tree.getroot().iter("frame")
    }


def _box(element: ElementTree.Element) -> Box:
    found = element.find("box")
    assert found is not None
    x, y, w, h = (float(found.attrib[key]) for key in ("xc", "yc", "w", "h"))
    width, height = PETS_SIZE
    return Box((x - w / 2) / width, (y - h / 2) / height, (x + w / 2) / width, (y + h / 2) / height)


@cache
def pets_view() -> View:
    return pets_camera().view(PETS_GROUND)


def pets_camera() -> TsaiCamera:
    tree = ElementTree.parse(sample_path("devices/pets09_s2l1/View_001.xml"))  # noqa: S314
    parts = {part.tag: part.attrib for part in tree.getroot()}
    geometry, inside, outside = (parts[tag] for tag in ("Geometry", "Intrinsic", "Extrinsic"))
    return TsaiCamera(
        width=int(geometry["width"]),
        height=int(geometry["height"]),
        focal=float(inside["focal"]),
        kappa1=float(inside["kappa1"]),
        cx=float(inside["cx"]),
        cy=float(inside["cy"]),
        sx=float(inside["sx"]),
        dpx=float(geometry["dpx"]),
        dpy=float(geometry["dpy"]),
        translation=(float(outside["tx"]), float(outside["ty"]), float(outside["tz"])),
        rotation=(float(outside["rx"]), float(outside["ry"]), float(outside["rz"])),
    )


def picture(relative: str) -> Picture:
    found = cv2.imread(str(sample_path(relative)))
    if found is None:
        raise NotMeasuredError(f"{relative} can't be read")
    return np.asarray(found, np.uint8)
