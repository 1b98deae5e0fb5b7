"""Where water would stand: reaches with their precomputed steps, underpasses with their curve."""

from typing import Any

from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.city.models import metres_field
from apps.hazards.core.hollows import read_curve
from apps.hazards.models.stations import Flag, Named, Station


class Reach(Named):
    """A stretch of river that rises and falls with one gauge."""

    station = models.ForeignKey(
        Station, models.CASCADE, related_name="reaches", verbose_name=_("station")
    )
    offset_m = models.FloatField(
        _("depth at the gauge's zero (m)"),
        default=0.0,
        help_text=_("Height of the gauge's zero above the bed: added to a stage."),
    )
    slope = models.FloatField(_("slope of the bed"), null=True, blank=True)
    roughness = models.FloatField(_("Manning's n"), default=0.05)
    geom = models.LineStringField(_("course"))
    geom_m = metres_field()
    built_at = models.DateTimeField(_("steps computed at"), null=True, editable=False)
    terrain = models.CharField(_("terrain"), max_length=200, blank=True, editable=False)
    holes = models.FloatField(_("share of the terrain without heights"), default=0, editable=False)
    # The water's depth for which streets were last said to be flooded; empty: for none.
    followed_m = models.FloatField(null=True, editable=False)

    class Meta:
        verbose_name = _("reach")
        verbose_name_plural = _("reaches")
        ordering = ["code"]

    @property
    def depth_now_m(self) -> float | None:
        """Water above the bed by its gauge; None while the gauge is not to be believed."""
        state = self.station.state
        if state.value is None or state.flag != Flag.GOOD:
            return None
        return state.value + self.offset_m


class InundationStep(models.Model):
    """What is wet along a reach at one water depth."""

    STEP_M = 0.25

    reach: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Reach, models.CASCADE, related_name="steps", verbose_name=_("reach")
    )
    depth_m = models.FloatField(_("water above the bed (m)"))
    discharge_m3_s = models.FloatField(_("discharge (m³/s)"), null=True)
    area_m2 = models.FloatField(_("wet area (m²)"))
    geom = models.MultiPolygonField(_("what is wet"))

    class Meta:
        verbose_name = _("inundation step")
        verbose_name_plural = _("inundation steps")
        ordering = ["reach", "depth_m"]
        constraints = [
            models.UniqueConstraint(fields=["reach", "depth_m"], name="one_step_a_depth"),
            models.CheckConstraint(condition=Q(depth_m__gte=0), name="step_is_not_below_the_bed"),
        ]

    def __str__(self) -> str:
        return f"{self.reach_id} {self.depth_m:g} m"


class Underpass(Named):
    """A place that fills: an underpass, a passage, a hollow. It knows how much water makes how much
    depth, and from which depth on it must be closed."""

    station = models.ForeignKey(
        Station, models.SET_NULL, null=True, blank=True, related_name="underpasses",
        verbose_name=_("depth gauge"),
    )  # fmt: skip
    geom = models.PolygonField(_("area"))
    geom_m = metres_field()
    curve = models.JSONField(
        _("depth curve"), default=list, blank=True,
        help_text=_("Pairs of depth (m) and volume (m³), in order"),
    )  # fmt: skip
    drains_km2 = models.FloatField(_("area that drains into it (km²)"), default=0.0)
    pumps_m3_s = models.FloatField(_("what the pumps take out (m³/s)"), default=0.0)
    runoff = models.FloatField(
        _("share of the rain that runs off"), default=0.9,
        help_text=_("Near 1 where the ground is sealed, near 0.2 on meadows."),
    )  # fmt: skip
    closed_from_m = models.FloatField(_("closed from this depth on (m)"), default=0.15)
    computed_m = models.FloatField(_("depth computed from rain (m)"), null=True, editable=False)
    foreseen_m = models.FloatField(_("deepest in three hours (m)"), null=True, editable=False)
    computed_at = models.DateTimeField(_("computed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("underpass")
        verbose_name_plural = _("underpasses")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(runoff__gt=0, runoff__lte=1), name="runoff_is_a_share"
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.curve and read_curve(self.curve) is None:
            text = _("Pairs of depth and volume that begin with 0, 0 and rise.")
            raise ValidationError({"curve": text})

    @property
    def depth_now_m(self) -> tuple[float, bool] | None:
        """How deep water stands and whether it was measured; None where nothing is known."""
        state = self.station.state if self.station else None
        if state is not None and state.flag == Flag.GOOD and state.value is not None:
            return state.value, True
        return None if self.computed_m is None else (self.computed_m, False)
