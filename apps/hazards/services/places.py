"""Where a station's water would stand, as far as it is known."""

from collections.abc import Sequence
from typing import Any

from django.contrib.gis.db.models import Union
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from apps.hazards.models import InundationStep, Reach, Station, Underpass

AROUND_M = 200.0
# Phones are less exact than polygons.
MARGIN_M = 30.0


def place_of(station: Station, value: float) -> tuple[GEOSGeometry, float]:
    """The area of a station at a value, and how many metres to draw around it: 1. what staff drew,
    2. its underpasses, 3. what the river reaches, 4. the gauge's surroundings."""
    if station.area:
        return station.area, 0.0
    wells = list(Underpass.objects.filter(station=station).values_list("geom", flat=True))
    if wells:
        return joined(wells), MARGIN_M
    wet = wet_area(station, value)
    return (wet, MARGIN_M) if wet else (station.geom, AROUND_M)


def wet_area(station: Station, stage_m: float) -> MultiPolygon | None:
    """The union of its reaches' steps at a stage; None where nothing is computed or wet."""
    ids = [
        step.pk
        for reach in Reach.objects.filter(station=station)
        if (step := step_of(reach, stage_m + reach.offset_m))
    ]
    if not ids:
        return None
    whole = InundationStep.objects.filter(pk__in=ids).aggregate(whole=Union("geom"))["whole"]
    return joined([whole]) if whole else None


def step_of(reach: Reach, depth_m: float) -> InundationStep | None:
    """The step that a depth fills: the next one above, for water does not wait for a round number;
    the highest if the water is higher still."""
    steps = InundationStep.objects.filter(reach=reach).defer("geom")
    above = steps.filter(depth_m__gte=depth_m).order_by("depth_m").first()
    found = above or steps.order_by("-depth_m").first()
    return found if found and depth_m > 0 and found.area_m2 > 0 else None


def joined(areas: Sequence[GEOSGeometry]) -> MultiPolygon:
    parts: list[Any] = []
    for area in areas:
        parts += [*area] if isinstance(area, MultiPolygon) else [area]
    whole = MultiPolygon(parts, srid=4326)
    if whole.valid:
        return whole
    mended = whole.buffer(0)
    return mended if isinstance(mended, MultiPolygon) else MultiPolygon(mended, srid=4326)
