"""Dalbit's land as a height model, and the graphs that routes are found on."""

import numpy as np

from apps.navigation.core.heights import Raster
from apps.navigation.models import HeightModel
from apps.navigation.services.builds import build_if_stale
from apps.navigation.services.heights import keep_heights
from citizen.demo.world.terrain import Heights
from citizen.demo.world.town import Town

SURVEY_NOISE_M = 0.15  # a laser scan's; the raster is rounded to centimetres


def seed_graph(town: Town) -> None:
    source = f"dalbit {town.fingerprint[:16]}"
    if not HeightModel.objects.filter(source=source).exists():
        keep_heights(raster=raster_of(town.heights), noise_m=SURVEY_NOISE_M, source=source)
    build_if_stale()


def raster_of(heights: Heights) -> Raster:
    """The town's transform names pixel corners, a raster its cells' middles."""
    step_lon, _, west, _, step_lat, north = heights.transform
    rows = heights.values.astype(np.float64)
    return Raster(west + step_lon / 2, north + step_lat / 2, step_lon, -step_lat, rows)
