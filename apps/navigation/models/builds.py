"""Graph builds and the height models they read; the arrays themselves lie on disk, by code."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.city.models import ImportRun


class HeightModel(models.Model):
    """A digital elevation model kept as arrays on disk. The newest one that covers counts."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(_("source"), max_length=200)
    noise_m = models.FloatField(
        _("noise in metres"),
        help_text=_("Relative error over tens of metres: laser scans about 0.15, SRTM about 4."),
    )
    west = models.FloatField(_("west"))
    south = models.FloatField(_("south"))
    east = models.FloatField(_("east"))
    north = models.FloatField(_("north"))
    created_at = models.DateTimeField(_("created at"), editable=False)

    class Meta:
        verbose_name = _("height model")
        verbose_name_plural = _("height models")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(noise_m__gt=0), name="no_model_is_exact"),
        ]

    def __str__(self) -> str:
        return self.source


class GraphBuildQuerySet(models.QuerySet["GraphBuild"]):
    def ready(self) -> Self:
        """Builds whose arrays may be served, newest first."""
        return self.filter(state=GraphBuild.State.READY).order_by("-pk")


class GraphBuild(models.Model):
    """One build of the walking and driving graphs from one state of the map."""

    class State(models.TextChoices):
        BUILDING = "building", _("building")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        REMOVED = "removed", _("removed from disk")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.BUILDING
    )
    map_import = models.ForeignKey(
        ImportRun, models.SET_NULL, null=True, blank=True, verbose_name=_("map import"),
        related_name="+",
    )  # fmt: skip
    heights = models.ForeignKey(
        HeightModel, models.SET_NULL, null=True, blank=True, verbose_name=_("height model"),
        related_name="+",
    )  # fmt: skip
    dated_on = models.DateField(_("date of the data"), null=True, blank=True)
    report = models.JSONField(_("report"), default=dict)
    size_bytes = models.BigIntegerField(_("bytes on disk"), default=0)
    error = models.TextField(_("error"), blank=True)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = GraphBuildQuerySet.as_manager()

    class Meta:
        verbose_name = _("graph build")
        verbose_name_plural = _("graph builds")
        ordering = ["-pk"]
        indexes = [
            # "Which build is served?", asked before every route.
            models.Index(
                fields=["-id"], condition=models.Q(state="ready"), name="graph_build_ready"
            ),
        ]

    def __str__(self) -> str:
        return str(self.code)[:8]
