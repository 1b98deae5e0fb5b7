"""Old walls: buildings that are listened to, what was heard, and what people were sent to look."""

from typing import Self

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import BrinIndex
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.city.models import metres_field
from apps.hazards.models.stations import Named
from devices.models import Datastream


class Structure(Named):
    """A building under watch. `line` is its row in DIN 4150-3."""

    class Line(models.TextChoices):
        COMMERCIAL = "commercial", _("commercial or industrial")
        RESIDENTIAL = "residential", _("residential")
        SENSITIVE = "sensitive", _("sensitive or listed")

    class Concern(models.TextChoices):
        """The ladder. There is no rung that says a building is safe."""

        NONE = "", _("nothing noticed")
        NOTE = "note", _("note for staff")
        INSPECT = "inspect", _("to be inspected")
        CITIZENS = "citizens", _("keep people away, inspect at once")

    footprint = models.PolygonField(_("footprint"))
    geom_m = metres_field()
    height_m = models.FloatField(_("height (m)"))
    line = models.CharField(_("kind of building"), max_length=12, choices=Line.choices)
    built_year = models.PositiveSmallIntegerField(_("built in"), null=True, blank=True)
    rate_hz = models.FloatField(_("agreed rate (samples a second)"), default=100.0)
    window_s = models.PositiveIntegerField(_("length of a window (s)"), default=240)
    tilt_limit_deg = models.FloatField(_("change of tilt that calls for a look (°)"), default=0.1)
    known_hz = models.JSONField(_("known frequencies (Hz)"), default=list, blank=True)
    baseline = models.JSONField(_("baseline"), null=True, blank=True, editable=False)
    learned_at = models.DateTimeField(_("baseline learned at"), null=True, editable=False)
    concern = models.CharField(
        _("concern"), max_length=10, choices=Concern.choices, blank=True, editable=False
    )
    analysed_to = models.DateTimeField(_("analysed to"), null=True, editable=False)

    class Meta:
        verbose_name = _("building under watch")
        verbose_name_plural = _("buildings under watch")
        ordering = ["code"]


class StructureSensor(models.Model):
    """Which datastream hears what on a building."""

    class Role(models.TextChoices):
        VELOCITY = "velocity", _("velocity")
        ACCELERATION = "acceleration", _("acceleration")
        TILT = "tilt", _("tilt")
        TEMPERATURE = "temperature", _("temperature")

    class Spot(models.TextChoices):
        FOUNDATION = "foundation", _("foundation")
        TOP_FLOOR = "top_floor", _("top floor, horizontal")
        SLAB = "slab", _("floor slab, vertical")
        TOP_FLOOR_LONG_TERM = "top_floor_long_term", _("top floor, lasting vibration")

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="sensors", verbose_name=_("building")
    )
    datastream = models.OneToOneField(
        Datastream, models.PROTECT, related_name="structure_sensor", verbose_name=_("datastream")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    spot = models.CharField(
        _("where"), max_length=20, choices=Spot.choices, default=Spot.FOUNDATION
    )

    class Meta:
        verbose_name = _("sensor on a building")
        verbose_name_plural = _("sensors on buildings")

    def __str__(self) -> str:
        return f"{self.structure_id} {self.role}"


class StructureWindow(models.Model):
    """What one window of listening told."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="windows", verbose_name=_("building")
    )
    at = models.DateTimeField(_("end of the window"))
    velocity_mm_s = models.FloatField(_("peak particle velocity (mm/s)"), null=True)
    frequency_hz = models.FloatField(_("its frequency (Hz)"), null=True)
    guide_mm_s = models.FloatField(_("guide value (mm/s)"), null=True)
    frequencies_hz = models.JSONField(_("natural frequencies (Hz)"), default=list)
    temperature_c = models.FloatField(_("temperature (°C)"), null=True)
    tilt_change_deg = models.FloatField(_("change of tilt (°)"), null=True)
    distance = models.FloatField(_("distance from what is usual"), null=True)
    novel = models.BooleanField(_("unusual"), default=False)
    flaw = models.CharField(_("flaw"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("window of a building")
        verbose_name_plural = _("windows of buildings")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "at"], name="one_window_at_a_time")
        ]
        indexes = [BrinIndex(fields=["at"], name="structure_window_retention")]

    def __str__(self) -> str:
        return f"{self.structure_id} {self.at:%Y-%m-%dT%H:%M}"


class InspectionOrderQuerySet(models.QuerySet["InspectionOrder"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class InspectionOrder(models.Model):
    """Somebody must go and look. It ends with what they found, never by itself."""

    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="orders", verbose_name=_("building")
    )
    reason = models.CharField(_("reason"), max_length=300)
    evidence = models.JSONField(_("evidence"), default=list)
    opened_at = models.DateTimeField(_("ordered at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    found = models.TextField(_("what was found"), blank=True)

    objects = InspectionOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection order")
        verbose_name_plural = _("inspection orders")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure"], condition=Q(closed_at=None), name="one_open_order_a_building"
            )
        ]

    def __str__(self) -> str:
        return f"{self.structure} {self.opened_at:%Y-%m-%d}"
