"""Arrays ⇄ disk: one folder a build, one file an array, mapped into memory when read.

A folder is written beside its final name and renamed when whole, so that no process ever maps half
a build. Files are never changed afterwards; processes that still map a removed folder keep reading
what they have mapped.
"""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from apps.navigation.core.graph import SEGMENT_ROW
from apps.navigation.core.heights import Raster

WALK, CAR, HEIGHTS = "walk", "car", "heights"


def folder_of(code: object, part: str) -> Path:
    """Where the arrays of one part of a build, or of a height model, lie."""
    return Path(settings.GRAPHS_DIR) / str(code) / part


def write_arrays(folder: Path, arrays: Mapping[str, Any]) -> int:
    """Write all arrays as one folder; the bytes it takes."""
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(draft / f"{name}.npy", array, allow_pickle=False)
    size = sum(path.stat().st_size for path in draft.iterdir())
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return size


def read_arrays(folder: Path) -> dict[str, Any]:
    """Map every array of a folder. Raises FileNotFoundError where there is none."""
    paths = sorted(folder.glob("*.npy"))
    if not paths:
        raise FileNotFoundError(folder)
    return {path.stem: _mapped(path) for path in paths}


def _mapped(path: Path) -> Any:
    """A plain read-only array over the file: machine code knows no subclass of arrays."""
    array = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    return array.view(SEGMENT_ROW) if array.dtype.names else array


def remove_folder(code: object) -> None:
    shutil.rmtree(Path(settings.GRAPHS_DIR) / str(code), ignore_errors=True)


def folders() -> Iterable[Path]:
    root = Path(settings.GRAPHS_DIR)
    return root.iterdir() if root.is_dir() else ()


# ---------------------------------------------------------------- height models


def write_raster(code: object, raster: Raster) -> None:
    frame = (raster.west_lon, raster.north_lat, raster.step_lon, raster.step_lat)
    write_arrays(folder_of(code, HEIGHTS), {"frame": np.array(frame), "rows": raster.rows})


def read_raster(code: object) -> Raster:
    arrays = read_arrays(folder_of(code, HEIGHTS))
    west, north, step_lon, step_lat = arrays["frame"].tolist()
    return Raster(west, north, step_lon, step_lat, arrays["rows"])
