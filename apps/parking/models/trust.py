"""Whom to believe: devices that excluded themselves, what people report, what staff decide."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.parking.models.feeds import PoolFeed
from apps.parking.models.sites import CapacityPool


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def open(self) -> Self:
        return self.filter(back_at=None)


class Exclusion(models.Model):
    """A feed left out of the count, from when it gave itself away until it was itself again."""

    class Reason(models.TextChoices):
        SILENT = "silent", _("silent")
        STUCK = "stuck", _("stuck")
        FLAPPING = "flapping", _("flapping")
        CONTRADICTING = "contradicting", _("contradicts the others")
        FLIPPED = "flipped", _("says taken for free")
        DRIFTED = "drifted", _("counts another number of spaces")

    feed = models.ForeignKey(
        PoolFeed, on_delete=models.CASCADE, related_name="exclusions", verbose_name=_("feed")
    )
    reason = models.CharField(_("reason"), max_length=14, choices=Reason.choices)
    detail = models.JSONField(_("evidence"), default=dict)
    excluded_at = models.DateTimeField(_("excluded at"))
    back_at = models.DateTimeField(_("back at"), null=True, blank=True)
    # Judged well so many times in a row; after a few it is believed again.
    good_rounds = models.PositiveSmallIntegerField(_("rounds without fault"), default=0)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        verbose_name = _("excluded device")
        verbose_name_plural = _("excluded devices")
        ordering = ["-excluded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["feed"], condition=Q(back_at=None), name="a_feed_is_excluded_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.reason}"


class CitizenReport(models.Model):
    """Somebody stood there: it was full, or there was a space. Bends the count for half an hour and
    counts for or against the devices; who said it is kept as a hash that changes every day."""

    class Says(models.TextChoices):
        FULL = "full", _("it was full")
        FREE = "free", _("there was a space")

    pool = models.ForeignKey(
        CapacityPool, on_delete=models.CASCADE, related_name="reports", verbose_name=_("pool")
    )
    says = models.CharField(_("says"), max_length=4, choices=Says.choices)
    reporter = models.CharField(_("reporter"), max_length=32)
    reported_at = models.DateTimeField(_("reported at"))

    class Meta:
        verbose_name = _("report of a citizen")
        verbose_name_plural = _("reports of citizens")
        ordering = ["-reported_at"]
        indexes = [
            # The count's question: what was said of a pool of late.
            models.Index(fields=["pool", "-reported_at"], name="reports_of_pool")
        ]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.says}"


class OverrideQuerySet(models.QuerySet["Override"]):
    def in_force(self, at: datetime) -> Self:
        return self.filter(ended_at=None, starts_at__lte=at, expires_at__gt=at)


class Override(models.Model):
    """Staff know better for a while. It ends by itself."""

    class Kind(models.TextChoices):
        COUNT = "count", _("so many spaces are taken")
        EXCLUDE = "exclude", _("leave this device out")
        INCLUDE = "include", _("believe this device")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    pool = models.ForeignKey(
        CapacityPool, on_delete=models.CASCADE, related_name="overrides", verbose_name=_("pool"),
        null=True, blank=True,
    )  # fmt: skip
    feed = models.ForeignKey(
        PoolFeed, on_delete=models.CASCADE, related_name="overrides", verbose_name=_("device"),
        null=True, blank=True,
    )  # fmt: skip
    occupied = models.PositiveIntegerField(_("taken spaces"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.CharField(_("set by"), max_length=120)
    starts_at = models.DateTimeField(_("from"))
    expires_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="count", pool__isnull=False, occupied__isnull=False, feed=None)
                | Q(kind__in=("exclude", "include"), feed__isnull=False, pool=None, occupied=None),
                name="an_override_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=models.F("expires_at")), name="an_override_lasts"
            ),
        ]
        indexes = [
            # What holds at present, for the counts of some pools.
            models.Index(
                fields=["expires_at"], condition=Q(ended_at=None), name="overrides_not_ended"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pool_id or self.feed_id}"
