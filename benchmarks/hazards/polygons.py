"""From a stage to polygons on four million cells of a real terrain."""

import time
from collections.abc import Iterator

import numpy as np
import rasterio
from scipy.ndimage import zoom

from apps.hazards.core.inundation import Grid, polygons, wet_cells
from apps.hazards.core.terrain import drain
from benchmarks.report import Metric
from benchmarks.samples import sample_path

TERRAIN = "alerts/dem_3arcsec_pysheds.tif"
SIDE = 2_000
STREAM_CELLS = 15_000
STAGES_M = (1.0, 3.0, 6.0)


def measure() -> Iterator[Metric]:
    with rasterio.open(sample_path(TERRAIN)) as file:
        told = file.read(1).astype(np.float32)
    drain(told, drainage_cells=500)  # compiled once
    height = zoom(told, (SIDE / told.shape[0], SIDE / told.shape[1]), order=1)
    began = time.perf_counter()
    drainage = drain(height, drainage_cells=STREAM_CELLS)
    yield Metric("drainage_4m_cells_s", "once for a terrain", time.perf_counter() - began, "s")
    source = drainage.gathered >= STREAM_CELLS
    grid = Grid(drainage.hand_m, source, (5.0, 0.0, 0.0, 0.0, -5.0, 0.0))
    for stage_m in STAGES_M:
        seconds = min(_once(grid, stage_m) for _ in range(3))
        yield Metric("polygons_4m_cells_s", f"stage {stage_m:g} m", seconds, "s", "limit", 1.0)


def _once(grid: Grid, stage_m: float) -> float:
    began = time.perf_counter()
    shape = polygons(grid, wet_cells(grid, stage_m))
    seconds = time.perf_counter() - began
    assert shape.is_valid
    assert not shape.is_empty
    return seconds
