"""Models that were learned, forecasts that were made, rain that others foresee."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.hazards.models.stations import Catchment, Station


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def active(self) -> Self:
        return self.filter(state=ModelVersion.State.ACTIVE)


class ModelVersion(models.Model):
    """One training of a station's model. None is thrown away: what was forecast can be explained
    by what it was forecast with."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TRAINING = "training", _("being trained")
        READY = "ready", _("ready")
        ACTIVE = "active", _("in use")
        RETIRED = "retired", _("no longer in use")
        FAILED = "failed", _("failed")

    station = models.ForeignKey(
        Station, models.CASCADE, related_name="model_versions", verbose_name=_("station")
    )
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    progress = models.FloatField(_("progress"), default=0.0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    from_at = models.DateTimeField(_("learned from"), null=True)
    to_at = models.DateTimeField(_("learned to"), null=True)
    parameters = models.JSONField(_("parameters"), default=dict)
    scores = models.JSONField(_("backtest"), default=dict)
    artefact = models.BinaryField(null=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    trained_at = models.DateTimeField(_("trained at"), null=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        ordering = ["station", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "number"], name="one_model_version_a_number"
            ),
            models.UniqueConstraint(
                fields=["station"], condition=Q(state="active"), name="one_active_model_a_station"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station} v{self.number}"


class RainForecast(models.Model):
    """What somebody foresees to fall on a catchment, hour by hour from `from_at`."""

    catchment = models.ForeignKey(
        Catchment, models.CASCADE, related_name="rain_forecasts", verbose_name=_("catchment")
    )
    source = models.CharField(_("source"), max_length=40)
    issued_at = models.DateTimeField(_("issued at"))
    from_at = models.DateTimeField(_("from"))
    mm_by_hour = models.JSONField(_("mm, hour by hour"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("rain forecast")
        verbose_name_plural = _("rain forecasts")
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["catchment", "source", "issued_at"], name="one_rain_forecast_an_issue"
            )
        ]

    def __str__(self) -> str:
        return f"{self.catchment_id} {self.source} {self.issued_at:%Y-%m-%dT%H}"

    def mm_at(self, instant: datetime) -> float:
        """Millimetres an hour at an instant; none where it says nothing."""
        hour = int((instant - self.from_at).total_seconds() // 3600)
        return float(self.mm_by_hour[hour]) if 0 <= hour < len(self.mm_by_hour) else 0.0


class Forecast(models.Model):
    """One run for one station: quantiles hour by hour, in the station's own unit."""

    class Rain(models.TextChoices):
        FORESEEN = "foreseen", _("with a rain forecast")
        NONE = "none", _("without a rain forecast: no more rain is assumed")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    station = models.ForeignKey(
        Station, models.CASCADE, related_name="forecasts", verbose_name=_("station")
    )
    version = models.ForeignKey(ModelVersion, models.PROTECT, verbose_name=_("model version"))
    rain = models.CharField(_("rain"), max_length=10, choices=Rain.choices)
    issued_at = models.DateTimeField(_("issued at"))
    from_at = models.DateTimeField(_("hour that is known"))
    hours = models.JSONField(_("hours"), help_text=_("at, p10, p50, p90, mean; in order"))
    level = models.CharField(_("level asked about"), max_length=10, blank=True)
    window_h = models.PositiveSmallIntegerField(_("hours asked about"), default=6)
    probability = models.FloatField(_("chance of it"), null=True)
    inputs = models.JSONField(_("inputs"), default=dict)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["-issued_at"]
        indexes = [
            # The newest of a station, and what was said before.
            models.Index(fields=["station", "-issued_at"], name="forecast_by_station"),
            # The retention rule.
            BrinIndex(fields=["issued_at"], name="forecast_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.issued_at:%Y-%m-%dT%H:%M}"
