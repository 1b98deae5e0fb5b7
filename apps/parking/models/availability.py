"""How much is free now. Narrow rows without indexes on what changes, so that updates stay HOT."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.base.models import LiveRow
from apps.parking.models.sites import CapacityPool, ParkingSite


class Quality(models.TextChoices):
    LIVE = "live", _("live")
    STALE = "stale", _("stale")
    UNKNOWN = "unknown", _("unknown")


class PoolState(models.Model):
    """A pool's count and where it comes from. After `fresh_until` it must not be shown as live."""

    pool = models.OneToOneField(
        CapacityPool, on_delete=models.CASCADE, primary_key=True, related_name="state"
    )
    occupied = models.PositiveIntegerField(_("occupied"), null=True)
    quality = models.CharField(
        _("quality"), max_length=8, choices=Quality.choices, default=Quality.UNKNOWN
    )
    flaw = models.CharField(_("flaw"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=20, blank=True)
    # How sure we were when it was observed; it halves until `fresh_until`.
    confidence = models.FloatField(_("confidence"), default=0.0)
    observed_at = models.DateTimeField(_("observed at"), null=True)
    fresh_until = models.DateTimeField(_("live until"), null=True)
    anchor_occupied = models.PositiveIntegerField(_("occupied when last counted"), default=0)
    # Cars that gates miscount per car that passes; learned whenever they are set right.
    gate_error = models.FloatField(_("error of the gates"), default=0.002)
    anchored_at = models.DateTimeField(_("last counted at"), null=True)

    class Meta:
        verbose_name = _("state of a pool")
        verbose_name_plural = _("states of pools")

    def __str__(self) -> str:
        return f"{self.pool_id} {self.occupied} {self.quality}"


class SiteLive(LiveRow):
    """What screens follow: the version of a site with all its pools."""

    site = models.OneToOneField(
        ParkingSite, on_delete=models.CASCADE, primary_key=True, related_name="live"
    )

    class Meta:
        verbose_name = _("live row of a site")
        verbose_name_plural = _("live rows of sites")

    def __str__(self) -> str:
        return f"{self.site_id} v{self.version}"
