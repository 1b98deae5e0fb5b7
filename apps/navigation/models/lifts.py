"""Lifts and escalators that people depend on, with their state now."""

from django.contrib.gis.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.base import names
from apps.base.models import LiveRow
from devices.models import Datastream


class Lift(LiveRow):
    """A lift or escalator of the map. Out of order, it is a `city.Obstruction` of source `lift`."""

    class Kind(models.TextChoices):
        LIFT = "lift", _("lift")
        ESCALATOR = "escalator", _("escalator")

    class State(models.TextChoices):
        WORKING = "working", _("working")
        OUT = "out", _("out of order")
        UNKNOWN = "unknown", _("unknown")

    class OsmType(models.TextChoices):
        NODE = "node", _("node")
        WAY = "way", _("way")

    code = models.SlugField(_("code"), max_length=80, unique=True)
    names = models.JSONField(_("names"), default=dict)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.LIFT)
    geom = models.PointField(_("where"))
    osm_type = models.CharField(_("map element"), max_length=4, choices=OsmType.choices)
    osm_id = models.BigIntegerField(_("number of the map element"))
    datastream = models.OneToOneField(
        Datastream, models.SET_NULL, null=True, blank=True, verbose_name=_("datastream"),
        related_name="+", help_text=_("What tells its state: 1 works, 0 is out of order."),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UNKNOWN
    )
    state_since = models.DateTimeField(_("since"), null=True, blank=True)
    state_from = models.CharField(_("said by"), max_length=10, blank=True)
    expected_until = models.DateTimeField(_("expected until"), null=True, blank=True)

    class Meta:
        verbose_name = _("lift or escalator")
        verbose_name_plural = _("lifts and escalators")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["osm_type", "osm_id"], name="one_lift_per_element")
        ]
        indexes = [
            # "What changed since this horizon?", for screens that come back.
            models.Index(fields=["changed_in"], name="lift_changes"),
        ]

    def __str__(self) -> str:
        return names.pick(self.names, translation.get_language() or "") or self.code

    @property
    def reference(self) -> str:
        """Its obstruction's reference, which names the feature that is closed."""
        return f"osm:{self.osm_type}/{self.osm_id} {self.code}"
