"""From a terrain model to the steps of a reach, once; from a stage to what is wet, at any time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.utils.translation import gettext as _
from pyproj import Transformer
from rasterio.features import rasterize
from scipy.ndimage import distance_transform_edt, map_coordinates

from apps.base import audit, clock
from apps.base.geo import unproject
from apps.base.problems import Invalid
from apps.city.models import the_city
from apps.city.services.founding import change_map
from apps.hazards.core.hollows import Hollow, hollow_of
from apps.hazards.core.inundation import Grid, RatingRow, polygons, synthetic_rating, wet_cells
from apps.hazards.core.terrain import Drainage, drain
from apps.hazards.models import InundationStep, Reach, Underpass

STEP_M = InundationStep.STEP_M
HIGHEST_M = 8.0
# A stream begins where this much land drains together, and is looked for so near its course.
STREAM_KM2 = 0.05
NEAR_M = 40.0
# So far from its course a reach can wet land that does not drain into it.
PLAIN_M = 1_500.0
# More holes than this and the terrain is not believed.
MOST_HOLES = 0.3
# A hollow of less is the raster's own roughness.
SHALLOWEST_M = 0.2

Progress = Callable[[float], None]
Floats = Any


@dataclass(frozen=True, eq=False)
class Terrain:
    """Heights in metres on a raster in the city's own metres; NaN where nothing is known."""

    height_m: Floats
    transform: tuple[float, float, float, float, float, float]
    name: str

    @property
    def cell_m2(self) -> float:
        return abs(self.transform[0] * self.transform[4])


def read_terrain(path: Path, *, srid: int) -> Terrain:
    """A GeoTIFF in any projection, brought to the city's metres.

    Raises:
        Invalid: no raster, or one that does not say where it lies.
    """
    try:
        with rasterio.open(path) as file:
            if file.crs is None:
                raise Invalid(errors={"terrain": _("The raster does not say where it lies.")})
            told = file.read(1, masked=True).astype(np.float32).filled(np.nan)
            return project_terrain(
                told, transform=tuple(file.transform)[:6], crs=file.crs, name=path.name, srid=srid
            )
    except rasterio.errors.RasterioError as error:
        raise Invalid(errors={"terrain": str(error)[:200]}) from error


def project_terrain(
    height_m: Floats, *, transform: tuple[float, ...], crs: Any, name: str, srid: int
) -> Terrain:
    """Heights on any north-up raster onto one in the city's metres, with cells about as large."""
    rows, cols = height_m.shape
    a, _b, west, _d, e, north = transform
    there = Transformer.from_crs(crs, f"EPSG:{srid}", always_xy=True)
    left, bottom, right, top = there.transform_bounds(
        west, north + e * rows, west + a * cols, north, densify_pts=21
    )
    cell_m = float(np.sqrt((right - left) * (top - bottom) / (rows * cols)))
    wide, high = int((right - left) / cell_m), int((top - bottom) / cell_m)
    east_m = left + cell_m * (np.arange(wide) + 0.5)
    north_m = top - cell_m * (np.arange(high) + 0.5)
    east, north_ = np.meshgrid(east_m, north_m)
    x, y = there.transform(east, north_, direction="INVERSE")
    at = np.stack([(y - north) / e - 0.5, (x - west) / a - 0.5])
    told = map_coordinates(height_m.astype(np.float32), at, order=1, cval=np.nan)
    return Terrain(told.astype(np.float32), (cell_m, 0.0, left, 0.0, -cell_m, top), name)


@transaction.atomic
def build_steps(
    *,
    reach: Reach,
    terrain: Terrain,
    actor: str,
    highest_m: float = HIGHEST_M,
    progress: Progress = lambda _share: None,
) -> int:
    """Compute a reach's steps anew: 1. drainage · 2. the reach's cells · 3. a polygon and a rating
    for each step. Returns how many were written.

    Raises:
        Invalid: too many holes, or no stream of the terrain lies along the reach.
    """
    area_cells = max(int(STREAM_KM2 * 1e6 / terrain.cell_m2), 50)
    drainage = _drained(terrain, area_cells)
    progress(0.3)
    source = _source(reach, terrain, drainage, area_cells)
    grid = reach_grid(terrain, drainage, source)
    depths = np.arange(STEP_M, highest_m + STEP_M / 2, STEP_M)
    ratings = _ratings(reach, grid, terrain, source, depths)
    reach.steps.all().delete()
    for number, rating in enumerate(ratings):
        _write_step(reach, grid, rating)
        progress(0.3 + 0.7 * (number + 1) / len(ratings))
    Reach.objects.filter(pk=reach.pk).update(
        built_at=clock.now(), terrain=terrain.name[:200], holes=round(drainage.holes, 4)
    )
    change_map()
    audit.record(
        actor=actor,
        action="hazards.reach.build",
        subject=f"reach:{reach.code}",
        detail={"terrain": terrain.name, "steps": len(ratings)},
    )
    return len(ratings)


@transaction.atomic
def build_curve(*, underpass: Underpass, terrain: Terrain, actor: str) -> Hollow:
    """An underpass's depth curve and the land that drains into it, from the terrain around.

    Raises:
        Invalid: too many holes, or the terrain knows no hollow there.
    """
    drainage = _drained(terrain, max(int(STREAM_KM2 * 1e6 / terrain.cell_m2), 50))
    area = shapely.from_wkb(bytes(underpass.geom_m.wkb))
    inside = rasterize(
        [area], out_shape=terrain.height_m.shape, transform=rasterio.Affine(*terrain.transform),
        all_touched=True,
    ).astype(bool)  # fmt: skip
    sunk = np.where(inside, np.nan_to_num(drainage.sink_depth_m), 0.0).astype(np.float32)
    if sunk.max(initial=0.0) < SHALLOWEST_M:
        raise Invalid(errors={"geom": _("This terrain knows no hollow here.")})
    hollow = hollow_of(sunk, terrain.cell_m2)
    underpass.curve = [
        [round(depth, 2), round(volume, 1)]
        for depth, volume in zip(hollow.depth_m, hollow.volume_m3, strict=True)
    ]
    underpass.drains_km2 = round(drainage.gathered[inside].max() * terrain.cell_m2 / 1e6, 4)
    underpass.save(update_fields=["curve", "drains_km2"])
    audit.record(
        actor=actor, action="hazards.underpass.build", subject=f"underpass:{underpass.code}",
        detail={"terrain": terrain.name, "deepest_m": hollow.depth_m[-1]},
    )  # fmt: skip
    return hollow


def reach_grid(terrain: Terrain, drainage: Drainage, source: Any) -> Grid:
    """Land that drains into the reach counts from the drainage it reaches first; land behind a
    levee, which drains elsewhere, from the nearest of the reach's cells: it gets wet when the
    levee is topped, and not before, because water must connect."""
    own = np.isin(drainage.drains_to, np.flatnonzero(source))
    away, nearest = distance_transform_edt(~source, return_indices=True)
    above = terrain.height_m - terrain.height_m[nearest[0], nearest[1]]
    near = away * terrain.cell_m2**0.5 <= PLAIN_M
    height = np.where(own, drainage.hand_m, np.where(near, np.maximum(above, 0.0), np.inf))
    return Grid(height.astype(np.float32), source, terrain.transform)


def _drained(terrain: Terrain, area_cells: int) -> Drainage:
    """Borders that reprojection left empty are no holes."""
    known = np.isfinite(terrain.height_m)
    rows, cols = np.flatnonzero(known.any(axis=1)), np.flatnonzero(known.any(axis=0))
    if not len(rows):
        raise Invalid(errors={"terrain": _("The raster holds no heights.")})
    inside = known[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    if 1 - inside.mean() > MOST_HOLES:
        raise Invalid(errors={"terrain": _("Too much of the terrain is missing (%d %%).")
                              % round(100 * (1 - inside.mean()))})  # fmt: skip
    return drain(terrain.height_m, drainage_cells=area_cells)


def _source(reach: Reach, terrain: Terrain, drainage: Drainage, area_cells: int) -> Any:
    """Cells of streams near the reach's course; where the raster is flatter than its river, the
    course itself."""
    line = shapely.from_wkb(bytes(reach.geom_m.wkb)).buffer(NEAR_M)
    near = rasterize(
        [line], out_shape=terrain.height_m.shape, transform=rasterio.Affine(*terrain.transform)
    ).astype(bool)
    source = near & (drainage.gathered >= area_cells)
    if not source.any():
        raise Invalid(errors={"geom": _("No stream of this terrain lies along the reach.")})
    return source


def _ratings(
    reach: Reach, grid: Grid, terrain: Terrain, source: Any, depths: Floats
) -> list[RatingRow]:
    length_m = max(float(reach.geom_m.length), terrain.cell_m2**0.5)
    slope = reach.slope
    if slope is None:
        beds = terrain.height_m[source]
        slope = max(float(np.nanmax(beds) - np.nanmin(beds)) / length_m, 1e-4)
    hand = grid.hand_m[np.isfinite(grid.hand_m)]
    return synthetic_rating(
        hand, depths.tolist(), cell_m2=terrain.cell_m2, length_m=length_m, slope=slope,
        roughness=reach.roughness,
    )  # fmt: skip


def _write_step(reach: Reach, grid: Grid, rating: RatingRow) -> None:
    shape = polygons(grid, wet_cells(grid, rating.stage_m))
    InundationStep.objects.create(
        reach=reach,
        depth_m=rating.stage_m,
        discharge_m3_s=rating.discharge_m3_s,
        area_m2=float(shape.area),
        geom=_in_degrees(shape),
    )


def _in_degrees(shape: shapely.Geometry) -> MultiPolygon:
    srid = the_city().srid

    def degrees(points: Floats) -> Floats:
        return np.column_stack(unproject(points[:, 0], points[:, 1], srid=srid))

    mended = shapely.make_valid(shapely.transform(shape, degrees))
    geom = GEOSGeometry(memoryview(shapely.to_wkb(mended)), srid=4326)
    if isinstance(geom, MultiPolygon):
        return geom
    parts = [part for part in _parts(geom) if part.geom_type == "Polygon"]
    return MultiPolygon(parts, srid=4326)


def _parts(geom: Any) -> list[Any]:
    return list(geom) if hasattr(geom, "__iter__") and geom.geom_type != "Polygon" else [geom]
