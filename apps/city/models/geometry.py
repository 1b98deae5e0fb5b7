"""Metres beside degrees: the stored projected twin of a WGS84 geometry.

`geom_m` columns carry no SRID of their own (0), because a city chooses its SRID when it is founded
and columns are made before. The SQL function `city_metres` projects to the City row's SRID.
"""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import FloatField, Func

from apps.base.geo import WGS84

METRES = 0


class Metres(Func):
    """The projected twin of a WGS84 geometry expression: `geom_m=Metres("geom")`."""

    function = "city_metres"
    output_field = models.GeometryField(srid=METRES)


class MetresApart(Func):
    """Metres between two projected geometries, nearest first by their index."""

    template = "%(expressions)s"
    arg_joiner = " <-> "
    output_field = FloatField()


def metres_of(geom: GEOSGeometry, *, srid: int) -> GEOSGeometry:
    """The projected twin of a WGS84 geometry at hand, in the metres of the city's SRID."""
    twin = geom.clone()
    twin.srid = WGS84
    twin.transform(srid)
    twin.srid = METRES
    return twin


def metres_field(**options: Any) -> "models.GeometryField[Any, Any]":
    return models.GeometryField(srid=METRES, editable=False, spatial_index=True, **options)
