"""Questions in metres about the stored projected twins `geom_m`, which carry no SRID."""

from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, Func, Value

from apps.city.models.geometry import METRES


def _asked(geom_m: GEOSGeometry) -> Func:
    return Func(
        Value(geom_m.wkt),
        function="ST_GeomFromText",
        output_field=models.GeometryField(srid=METRES),
    )


def within_m(geom_m: GEOSGeometry, metres: float) -> Func:
    """A condition: rows whose twin lies within so many metres of a projected geometry."""
    return Func(
        F("geom_m"), _asked(geom_m), Value(metres), function="ST_DWithin",
        output_field=models.BooleanField(),
    )  # fmt: skip


def distance_m(geom_m: GEOSGeometry) -> Func:
    """An expression: how far a row's twin is from a projected geometry."""
    return Func(
        F("geom_m"), _asked(geom_m), function="ST_Distance", output_field=models.FloatField()
    )
