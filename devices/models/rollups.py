"""Observations summed up by hour and by day: what stays when the single observations go.

Hours are UTC; a day is the city's. Written by set-based SQL (devices.services.rollups).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from devices.models.catalogue import Datastream


class Rollup(models.Model):
    """`changes` counts how often a result differed from the one before it in the same span."""

    datastream = models.ForeignKey(
        Datastream, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    n = models.IntegerField(_("observations"))
    low = models.FloatField(_("least"))
    high = models.FloatField(_("greatest"))
    total = models.FloatField(_("sum"))
    first = models.FloatField(_("first"))
    last = models.FloatField(_("last"))
    changes = models.IntegerField(_("changes"))

    class Meta:
        abstract = True

    @property
    def mean(self) -> float:
        return self.total / self.n


class HourlyRollup(Rollup):
    """The table is partitioned by month of `hour_at` (UTC)."""

    pk = models.CompositePrimaryKey("datastream_id", "hour_at")
    hour_at = models.DateTimeField(_("hour"))

    class Meta:
        verbose_name = _("sum of an hour")
        verbose_name_plural = _("sums of hours")

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.hour_at:%Y-%m-%dT%H}"


class DailyRollup(Rollup):
    pk = models.CompositePrimaryKey("datastream_id", "day_on")
    day_on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("sum of a day")
        verbose_name_plural = _("sums of days")

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.day_on}"


class HourToSum(models.Model):
    """New observations of an hour that no roll-up holds yet, noted with the batch that brought
    them: so late data find their hour again, however late they are."""

    hour_at = models.DateTimeField(db_index=True)
    datastream_ids = ArrayField(models.IntegerField())

    class Meta:
        verbose_name = _("hour to sum up")
        verbose_name_plural = _("hours to sum up")

    def __str__(self) -> str:
        return f"{self.hour_at:%Y-%m-%dT%H} ×{len(self.datastream_ids)}"
