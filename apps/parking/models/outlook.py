"""What was, what will be, and who is on the way."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.parking.models.sites import CapacityPool


class OccupancySample(models.Model):
    """How many spaces were taken, every quarter of an hour, as far as that was known well."""

    pk = models.CompositePrimaryKey("pool_id", "at")
    pool = models.ForeignKey(CapacityPool, on_delete=models.CASCADE, db_index=False)
    at = models.DateTimeField()
    occupied = models.PositiveIntegerField()
    total = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("occupancy of a quarter of an hour")
        verbose_name_plural = _("occupancy by quarters of an hour")

    def __str__(self) -> str:
        return f"{self.pool_id} {self.at:%Y-%m-%dT%H:%M} {self.occupied}"


class ForecastModel(models.Model):
    """One training: what was learned, and how well it did on days it had not seen."""

    trained_at = models.DateTimeField(_("trained at"))
    learned_from = models.DateTimeField(_("learned from"))
    learned_to = models.DateTimeField(_("learned to"))
    pools = models.PositiveIntegerField(_("pools"))
    # NumPy arrays (npz, nothing that runs code when it is read).
    learned = models.BinaryField(_("learned"))
    backtest = models.JSONField(_("backtest"), default=dict)
    in_use = models.BooleanField(_("in use"), default=False)

    class Meta:
        verbose_name = _("forecast model")
        verbose_name_plural = _("forecast models")
        ordering = ["-trained_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["in_use"], condition=models.Q(in_use=True), name="one_model_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d %H:%M}"


class PoolOutlook(models.Model):
    """The forecast of a pool: the share taken at some minutes from `made_at` on, with the bounds
    that hold it nine times out of ten, and what parking will cost. One narrow row per pool."""

    pool = models.OneToOneField(
        CapacityPool, on_delete=models.CASCADE, primary_key=True, related_name="outlook"
    )
    made_at = models.DateTimeField(_("made at"))
    model = models.ForeignKey(
        ForecastModel, on_delete=models.SET_NULL, null=True, verbose_name=_("model")
    )
    minutes = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("minutes ahead"))
    expected = ArrayField(models.FloatField(), verbose_name=_("expected share taken"))
    low = ArrayField(models.FloatField(), verbose_name=_("lower bound"))
    high = ArrayField(models.FloatField(), verbose_name=_("upper bound"))
    # minutes of stay → price in minor units, and the currency
    prices = models.JSONField(_("prices"), default=dict)

    class Meta:
        verbose_name = _("outlook of a pool")
        verbose_name_plural = _("outlooks of pools")

    def __str__(self) -> str:
        return f"{self.pool_id} {self.made_at:%H:%M}"


class GuidanceQuerySet(models.QuerySet["Guidance"]):
    def on_the_way(self, at: datetime, grace: timedelta) -> Self:
        return self.filter(ended_at=None, arrives_at__gt=at - grace)


class Guidance(models.Model):
    """A car that was sent to a pool and has not been seen there yet. Nobody is named."""

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey(
        CapacityPool, on_delete=models.CASCADE, related_name="guided", verbose_name=_("pool")
    )
    sent_at = models.DateTimeField(_("sent at"))
    arrives_at = models.DateTimeField(_("arrives at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("car on the way")
        verbose_name_plural = _("cars on the way")
        indexes = [
            # Who is still on the way to a pool.
            models.Index(
                fields=["pool", "arrives_at"],
                condition=models.Q(ended_at=None),
                name="guided_to_pool",
            )
        ]

    def __str__(self) -> str:
        return str(self.code)[:8]
