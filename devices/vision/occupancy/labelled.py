"""Labelled patches as they lie in a folder or tar file: pictures and a labels.csv beside them.

Columns: file, occupied (0 or 1), and date (optional: splits by day).
"""

import csv
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from devices.vision.arrays import Picture
from devices.vision.occupancy.patches import HEIGHT, WIDTH


@dataclass(frozen=True, slots=True)
class Labelled:
    patches: list[Picture]
    occupied: np.ndarray[tuple[int], np.dtype[np.bool_]]
    days: list[str]

    def chosen(self, which: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> "Labelled":
        numbers = np.flatnonzero(which)
        return Labelled(
            [self.patches[n] for n in numbers],
            self.occupied[numbers],
            [self.days[n] for n in numbers],
        )

    def first_days(self, count: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which patches belong to the first so many days."""
        early = set(sorted(set(self.days))[:count])
        return np.array([day in early for day in self.days])


def read_labelled(path: Path) -> Labelled:
    """Raises ValueError for a picture that can't be read or a label that isn't 0 or 1."""
    files = _files(path)
    if "labels.csv" not in files:
        raise ValueError(f"{path}: no labels.csv")
    rows = list(csv.DictReader(io.StringIO(files["labels.csv"].decode())))
    if not rows or not {"file", "occupied"} <= set(rows[0]):
        raise ValueError(f"{path}: labels.csv needs the columns file and occupied")
    return Labelled(
        [_picture(files, row["file"]) for row in rows],
        np.array([_is_occupied(row) for row in rows]),
        [row.get("date") or "" for row in rows],
    )


def _files(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir() if file.is_file()}
    with tarfile.open(path) as tar:
        members = [(member, tar.extractfile(member)) for member in tar if member.isfile()]
        return {Path(member.name).name: file.read() for member, file in members if file}


def _picture(files: dict[str, bytes], name: str) -> Picture:
    stored = files.get(name)
    picture = None
    if stored:
        picture = cv2.imdecode(np.frombuffer(stored, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{name}: this picture is missing or can't be read")
    return np.asarray(cv2.resize(picture, (WIDTH, HEIGHT)), np.uint8)


def _is_occupied(row: dict[str, str]) -> bool:
    if row["occupied"] not in {"0", "1"}:
        raise ValueError(f"{row['file']}: occupied is 0 or 1, not {row['occupied']!r}")
    return row["occupied"] == "1"
