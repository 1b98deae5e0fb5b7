"""Shapes drawn on the vector tiles, in web Mercator, ready to be cut into tiles."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Q

WEB_MERCATOR = 3857


class MapShape(models.Model):
    """One shape of one layer; `properties` travels to the client as it is."""

    class Layer(models.TextChoices):
        LANDUSE = "landuse"
        WATER = "water"
        WATERWAYS = "waterways"
        BUILDINGS = "buildings"
        ROADS = "roads"
        PATHS = "paths"
        RAILS = "rails"
        BARRIERS = "barriers"
        POINTS = "points"

    layer = models.CharField(max_length=10, choices=Layer.choices)
    osm_id = models.BigIntegerField()
    min_zoom = models.PositiveSmallIntegerField()
    properties = models.JSONField()
    geom = models.GeometryField(srid=WEB_MERCATOR, spatial_index=False)

    class Meta:
        indexes = [
            # A tile's question, one partial index per zoom band: far fewer shapes are far visible.
            GistIndex(fields=["geom"], name="map_shape_near"),
            GistIndex(fields=["geom"], condition=Q(min_zoom__lte=12), name="map_shape_far"),
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.osm_id}"
