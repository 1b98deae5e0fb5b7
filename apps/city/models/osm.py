"""OpenStreetMap's elements as imported, whole, for builders that ask what we cannot foresee."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex


class OsmNode(models.Model):
    """A node; coordinates in 1e-7 degrees, OpenStreetMap's own precision. No tags = NULL."""

    id = models.BigIntegerField(primary_key=True)
    lon_e7 = models.IntegerField()
    lat_e7 = models.IntegerField()
    tags = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"node/{self.pk}"


class OsmWay(models.Model):
    """A way. `geom` is missing where the extract holds fewer than two of its nodes."""

    id = models.BigIntegerField(primary_key=True)
    node_ids = ArrayField(models.BigIntegerField())
    tags = models.JSONField(null=True)
    geom = models.LineStringField(null=True, spatial_index=False)

    class Meta:
        indexes = [
            # "Ways in this box", for builders that work piece by piece.
            GistIndex(fields=["geom"], name="osm_way_by_position")
        ]

    def __str__(self) -> str:
        return f"way/{self.pk}"


class OsmRelation(models.Model):
    """A relation; members in order as three parallel arrays."""

    id = models.BigIntegerField(primary_key=True)
    member_types = models.TextField()  # one letter each: n, w, r
    member_refs = ArrayField(models.BigIntegerField())
    member_roles = ArrayField(models.TextField())
    tags = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"relation/{self.pk}"
