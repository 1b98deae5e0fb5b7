"""Detectors of fire, smoke and gas."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from apps.city.models import metres_field
from apps.hazards.models.stations import Named
from devices.models import Datastream


class Detector(Named):
    """One detector. Below `threshold` it is quiet; a state detector says 0 or 1, so 0.5 serves."""

    class Kind(models.TextChoices):
        FIRE = "fire", _("fire (heat or flame)")
        SMOKE = "smoke", _("smoke")
        GAS = "gas", _("gas (share of the lower explosive limit)")

    PROPERTY = {Kind.FIRE: "fire_detected", Kind.SMOKE: "smoke_detected", Kind.GAS: "gas_lel"}

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    datastream = models.OneToOneField(
        Datastream, models.PROTECT, related_name="detector", verbose_name=_("datastream")
    )
    geom = models.PointField(_("place"))
    geom_m = metres_field()
    place = models.CharField(_("where in the building"), max_length=120, blank=True)
    threshold = models.FloatField(_("threshold"), default=0.5)
    sounding_since = models.DateTimeField(_("sounding since"), null=True, editable=False)

    class Meta:
        verbose_name = _("detector")
        verbose_name_plural = _("detectors")
        ordering = ["code"]
        indexes = [
            # "Who else is sounding?"
            models.Index(
                fields=["sounding_since"],
                condition=models.Q(sounding_since__isnull=False),
                name="detector_sounding",
            )
        ]
