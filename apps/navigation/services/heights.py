"""Height models come in: from a file that GDAL reads, or from a raster already in memory."""

import uuid
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.problems import Invalid
from apps.navigation.core.heights import Elevation, Raster
from apps.navigation.models import HeightModel
from apps.navigation.snapshot.disk import read_raster, write_raster


def import_heights(*, path: Path, noise_m: float, source: str = "") -> HeightModel:
    """Keep a north-up elevation file in WGS84 degrees (GeoTIFF, SRTM .hgt, either zipped).

    Raises:
        Invalid: the file cannot be read, or is not north-up in degrees.
    """
    return keep_heights(raster=_read(path), noise_m=noise_m, source=source or path.name)


def keep_heights(*, raster: Raster, noise_m: float, source: str) -> HeightModel:
    """Keep a raster; the next build over its area reads it."""
    if not noise_m > 0:
        raise Invalid(errors={"noise_m": _("No height model is exact: more than 0 metres.")})
    rows_n, columns_n = raster.rows.shape
    code = uuid.uuid4()
    write_raster(code, raster)
    return HeightModel.objects.create(
        code=code,
        source=source[:200],
        noise_m=noise_m,
        west=raster.west_lon,
        north=raster.north_lat,
        east=raster.west_lon + (columns_n - 1) * raster.step_lon,
        south=raster.north_lat - (rows_n - 1) * raster.step_lat,
        created_at=clock.now(),
    )


def heights_over(lon: float, lat: float) -> HeightModel | None:
    """The newest model that covers a place."""
    return HeightModel.objects.filter(
        west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat
    ).first()


def elevation_of(model: HeightModel) -> Elevation:
    return Elevation(read_raster(model.code), noise_m=model.noise_m)


def _read(path: Path) -> Raster:
    import rasterio  # its GDAL is needed by this command alone

    name = f"zip://{path}" if path.suffix == ".zip" else str(path)
    try:
        with rasterio.open(name) as file:
            transform, is_degrees = file.transform, bool(file.crs and file.crs.is_geographic)
            band = file.read(1, masked=True)
    except rasterio.errors.RasterioError as error:
        raise Invalid(errors={"path": str(error)}) from error
    if not is_degrees or transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise Invalid(errors={"path": _("Heights must be north-up in WGS84 degrees.")})
    rows = np.ma.filled(band.astype(np.float64), np.nan)
    middle_lon, middle_lat = transform.c + transform.a / 2, transform.f + transform.e / 2
    return Raster(middle_lon, middle_lat, transform.a, -transform.e, rows)
