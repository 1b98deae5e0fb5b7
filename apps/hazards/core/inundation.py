"""What would be wet: from the stage in a reach to polygons.

Water only lies where it connects to its source: a hollow behind a levee that is lower than the
river stays dry until the water gets there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine
from scipy.ndimage import generate_binary_structure, label

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

SPECK_CELLS = 20
MOST_VERTICES = 4_000
_EIGHT = generate_binary_structure(2, 2)


@dataclass(frozen=True, eq=False)
class Grid:
    """A raster in metres: HAND, and which cells belong to the source (river or lake)."""

    hand_m: Floats
    source: Flags
    transform: tuple[float, float, float, float, float, float]

    @property
    def cell_m2(self) -> float:
        a, _b, _c, _d, e, _f = self.transform
        return abs(a * e)


def wet_cells(grid: Grid, stage_m: float) -> Flags:
    """Cells no higher above their drainage than the stage, and connected to the source."""
    low = grid.hand_m <= stage_m
    return connected(low | grid.source, grid.source)


def connected(low: Flags, source: Flags) -> Flags:
    """Those of the low cells that hang together with the source, over edges or corners."""
    patches, _count = label(low, structure=_EIGHT)
    reached = np.zeros(_count + 1, dtype=np.bool_)
    reached[np.unique(patches[source & low])] = True
    reached[0] = False
    wet: Flags = reached[patches]
    return wet


def polygons(grid: Grid, wet: Flags, *, most_vertices: int = MOST_VERTICES) -> shapely.Geometry:
    """A valid multipolygon in the grid's metres, specks left out, no more vertices than asked."""
    affine = Affine(*grid.transform)
    found = [
        shapely.geometry.shape(ring)
        for ring, value in shapes(wet.astype(np.uint8), mask=wet, transform=affine, connectivity=4)
        if value
    ]
    least_m2 = SPECK_CELLS * grid.cell_m2
    kept = [polygon for polygon in found if polygon.area >= least_m2]
    return simplified(shapely.MultiPolygon(kept), grid.cell_m2**0.5, most_vertices)


def simplified(geometry: shapely.Geometry, cell_m: float, most_vertices: int) -> shapely.Geometry:
    """Coarser until it is small enough; always valid."""
    tolerance_m, simple = 0.75 * cell_m, geometry
    while True:
        simple = shapely.make_valid(shapely.simplify(simple, tolerance_m))
        vertices = shapely.get_num_coordinates(simple)
        if vertices <= most_vertices or tolerance_m > 100 * cell_m:
            return _areas(simple)
        tolerance_m *= max(1.5, vertices / most_vertices)


def _areas(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    areas = [part for part in parts if part.geom_type == "Polygon"]
    return shapely.multipolygons(areas) if areas else shapely.MultiPolygon()


@dataclass(frozen=True, slots=True)
class RatingRow:
    stage_m: float
    discharge_m3_s: float
    area_m2: float


def synthetic_rating(
    hand_m: Floats,
    stages_m: Sequence[float],
    *,
    cell_m2: float,
    length_m: float,
    slope: float,
    roughness: float = 0.05,
) -> list[RatingRow]:
    """A rating curve of a reach nobody has gauged, from its HAND and Manning's equation
    (Zheng et al. 2018, JAWRA 54): volume over length is the wetted section, bed area over length
    its perimeter."""
    heights = np.sort(hand_m[np.isfinite(hand_m)].ravel().astype(np.float64))
    sums = np.concatenate([[0.0], np.cumsum(heights)])
    rows = []
    for stage in stages_m:
        wet = int(np.searchsorted(heights, stage, side="right"))
        volume = (stage * wet - sums[wet]) * cell_m2
        section, perimeter = volume / length_m, wet * cell_m2 / length_m
        radius = section / perimeter if perimeter else 0.0
        flow = section * radius ** (2 / 3) * max(slope, 1e-5) ** 0.5 / roughness
        rows.append(RatingRow(float(stage), float(flow), float(wet * cell_m2)))
    return rows
