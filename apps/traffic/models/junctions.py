"""Signalised junctions: what they look like to a controller, and what each of them shows now."""

from django.contrib.gis.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.base import names
from apps.base.models import LiveRow
from apps.city.models import metres_field
from devices.models import Gateway, SignalController


class Junction(models.Model):
    """`stages` are lists of group numbers that are green together, `conflicts` pairs that never
    may be (`core.layout` checks both)."""

    class Mode(models.TextChoices):
        LOCAL = "local", _("local: the controller's own programme")
        SHADOW = "shadow", _("shadow: decide and write down, command nothing")
        ADAPTIVE = "adaptive", _("adaptive: command the controller")

    code = models.SlugField(_("code"), max_length=80, unique=True)
    names = models.JSONField(_("names"), default=dict)
    geom = models.PointField(_("place"), srid=4326)
    geom_m = metres_field()
    controller = models.OneToOneField(
        SignalController,
        on_delete=models.SET_NULL,
        related_name="junction",
        verbose_name=_("controller"),
        null=True,
        blank=True,
    )
    told_by = models.ForeignKey(
        Gateway, on_delete=models.SET_NULL, related_name="+", verbose_name=_("told of by"),
        null=True, blank=True,
        help_text=_("Whose SPaT is believed, of a junction without a controller of ours."),
    )  # fmt: skip
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.LOCAL)
    spat_id = models.PositiveIntegerField(_("SPaT intersection"), unique=True)
    stages = models.JSONField(_("stages"), default=list)
    conflicts = models.JSONField(_("conflicts"), default=list)
    patterns = models.JSONField(
        _("patterns that may be ordered"), default=list, blank=True,
        help_text=_("Numbers of the controller's patterns; 254 is free, 255 flashing."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("junction")
        verbose_name_plural = _("junctions")
        ordering = ["code"]

    def __str__(self) -> str:
        return names.pick(self.names, translation.get_language() or "") or self.code


class SignalGroup(models.Model):
    """One head for one stream. `crossing` is the way walkers take under it."""

    class Stream(models.TextChoices):
        VEHICLES = "vehicles", _("vehicles")
        WALKERS = "walkers", _("walkers")

    junction = models.ForeignKey(
        Junction, on_delete=models.CASCADE, related_name="groups", verbose_name=_("junction")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    names = models.JSONField(_("names"), default=dict)
    stream = models.CharField(_("stream"), max_length=10, choices=Stream.choices)
    phase = models.PositiveSmallIntegerField(_("controller's phase"))
    min_green_s = models.FloatField(_("least green or walk (s)"))
    clearance_s = models.FloatField(_("yellow, or walkers' clearance (s)"))
    red_clear_s = models.FloatField(_("red clearance (s)"), default=1.0)
    max_wait_s = models.FloatField(_("longest wait (s)"), default=120.0)
    saturation_per_h = models.FloatField(_("saturation flow (vehicles/h)"), default=1800.0)
    detector = models.PositiveSmallIntegerField(_("controller's detector"), null=True, blank=True)
    detector_m = models.FloatField(_("detector before the line (m)"), default=100.0)
    approach_mps = models.FloatField(_("speed of approach (m/s)"), default=13.9)
    approach = models.ForeignKey(
        "traffic.Link", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("link of approach"),
    )  # fmt: skip
    crossing = models.LineStringField(_("crossing"), srid=4326, null=True, blank=True)

    class Meta:
        verbose_name = _("signal group")
        verbose_name_plural = _("signal groups")
        ordering = ["junction", "number"]
        constraints = [
            models.UniqueConstraint(fields=["junction", "number"], name="one_group_per_number")
        ]

    def __str__(self) -> str:
        return names.pick(self.names, translation.get_language() or "") or str(self.number)


class JunctionState(LiveRow):
    """What a junction shows. `groups` are `[{"group", "aspect", "since_at", "min_end_at",
    "max_end_at"}]`; `heard_at` is when its controller last answered with sense."""

    class Health(models.TextChoices):
        UNKNOWN = "unknown", _("not heard yet")
        WELL = "well", _("well")
        SILENT = "silent", _("silent")
        SENSELESS = "senseless", _("answers senselessly")
        FLASHING = "flashing", _("flashing")

    junction = models.OneToOneField(
        Junction,
        on_delete=models.CASCADE,
        related_name="state",
        primary_key=True,
        verbose_name=_("junction"),
    )
    groups = models.JSONField(_("groups"), default=list)
    stage = models.PositiveSmallIntegerField(_("stage"), null=True, blank=True)
    control = models.CharField(_("control status"), max_length=24, blank=True)
    pattern = models.PositiveSmallIntegerField(_("pattern"), null=True, blank=True)
    preempted = models.JSONField(
        _("preemptions that run"), default=list, blank=True,
        help_text=_("Numbers of the controller's preemptions; 0 is one without."),
    )  # fmt: skip
    health = models.CharField(
        _("health"), max_length=10, choices=Health.choices, default=Health.UNKNOWN
    )
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)
    heard_at = models.DateTimeField(_("heard at"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("state of a junction")
        verbose_name_plural = _("states of junctions")

    def __str__(self) -> str:
        return str(self.junction)
