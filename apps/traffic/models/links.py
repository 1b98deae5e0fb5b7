"""Streets as directed links, what was seen on them, and how they flow."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.core.validators import RegexValidator
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.base import names
from apps.base.models import LiveRow
from apps.city.models import metres_field
from apps.traffic.core.fusion import Level, Source
from devices.models import Datastream

TEN_DIGITS = RegexValidator(r"^\d{10}$", _("Ten digits, as of the national standard."))


class LinkNode(models.Model):
    """A junction of links. `code` has ten digits."""

    osm_id = models.BigIntegerField(unique=True)
    code = models.CharField(_("node id"), max_length=10, unique=True, validators=[TEN_DIGITS])
    geom = models.PointField(_("place"), srid=4326)

    class Meta:
        verbose_name = _("traffic node")
        verbose_name_plural = _("traffic nodes")

    def __str__(self) -> str:
        return self.code


class Link(models.Model):
    """One way from junction to junction. `key` names its way and ends on the map; one that is on
    the map no more is kept, out of use."""

    code = models.CharField(_("link id"), max_length=10, unique=True, validators=[TEN_DIGITS])
    key = models.CharField(max_length=80, unique=True, editable=False)
    start = models.ForeignKey(
        LinkNode, models.PROTECT, related_name="leaving", verbose_name=_("from node")
    )
    end = models.ForeignKey(
        LinkNode, models.PROTECT, related_name="arriving", verbose_name=_("to node")
    )
    names = models.JSONField(_("names"), default=dict)
    highway = models.CharField(_("class of road"), max_length=30)
    free_mps = models.FloatField(_("free speed (m/s)"))
    length_m = models.FloatField(_("length (m)"))
    osm_nodes = ArrayField(models.BigIntegerField(), editable=False)
    geom = models.LineStringField(_("line"), srid=4326)
    geom_m = metres_field()
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{names.pick(self.names, translation.get_language() or '')} {self.code}".strip()


class LinkSensor(models.Model):
    """What a datastream tells of a link. Those of one thing are read together."""

    class Role(models.TextChoices):
        SPEED = "speed", _("speed")
        COUNT = "count", _("vehicles counted")
        OCCUPANCY = "occupancy", _("occupancy")

    SOURCES: ClassVar = [(Source.DETECTOR.value, _("detector")), (Source.CAMERA.value, _("camera"))]

    datastream = models.OneToOneField(
        Datastream, models.CASCADE, related_name="+", primary_key=True, verbose_name=_("datastream")
    )
    link = models.ForeignKey(Link, models.CASCADE, related_name="sensors", verbose_name=_("link"))
    role = models.CharField(_("tells"), max_length=10, choices=Role.choices)
    source = models.CharField(_("kind of source"), max_length=10, choices=SOURCES)
    period_s = models.FloatField(_("counts over (s)"), default=60.0)

    class Meta:
        verbose_name = _("sensor on a link")
        verbose_name_plural = _("sensors on links")

    def __str__(self) -> str:
        return f"{self.link_id}: {self.role}"


class LinkSample(models.Model):
    """One look at a link's speed; kept for hours."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="samples")
    at = models.DateTimeField(_("at"))
    source = models.CharField(_("source"), max_length=10)
    speed_mps = models.FloatField(_("speed (m/s)"))
    vehicles_n = models.FloatField(_("vehicles"), default=1.0)

    class Meta:
        verbose_name = _("look at a link")
        verbose_name_plural = _("looks at links")
        indexes = [
            # "What was seen on this link of late?"
            models.Index(fields=["link", "-at"], name="samples_of_a_link"),
            BrinIndex(fields=["at"], name="link_sample_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.speed_mps:.1f}"


class LinkState(LiveRow):
    """How a link flows. `ahead_mps` are speeds in 15, 30 and 60 minutes."""

    class Level(models.TextChoices):
        FREE = Level.FREE.value, _("free")
        SLOW = Level.SLOW.value, _("slow")
        CONGESTED = Level.CONGESTED.value, _("congested")
        JAMMED = Level.JAMMED.value, _("jammed")
        UNKNOWN = Level.UNKNOWN.value, _("not known")

    link = models.OneToOneField(
        Link, models.CASCADE, related_name="state", primary_key=True, verbose_name=_("link")
    )
    speed_mps = models.FloatField(_("speed (m/s)"), null=True)
    sd_mps = models.FloatField(_("give or take (m/s)"), null=True)
    level = models.CharField(
        _("level"), max_length=10, choices=Level.choices, default=Level.UNKNOWN
    )
    sources = ArrayField(models.CharField(max_length=10), default=list, verbose_name=_("sources"))
    samples_n = models.PositiveIntegerField(_("looks"), default=0)
    seen_at = models.DateTimeField(_("seen at"), null=True)
    ahead_mps = ArrayField(models.FloatField(), default=list, verbose_name=_("speeds ahead"))
    ahead_at = models.DateTimeField(_("forecast at"), null=True)

    class Meta:
        verbose_name = _("state of a link")
        verbose_name_plural = _("states of links")
        indexes = [models.Index(fields=["changed_in"], name="link_state_changes")]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.level}"


class LinkSlot(models.Model):
    """Mean speed of five minutes: what forecasts learn from."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="slots")
    at = models.DateTimeField(_("at"))
    speed_mps = models.FloatField(_("speed (m/s)"))

    class Meta:
        verbose_name = _("slot of a link")
        verbose_name_plural = _("slots of links")
        constraints = [models.UniqueConstraint(fields=["link", "at"], name="one_slot_per_link")]
        indexes = [BrinIndex(fields=["at"], name="link_slot_retention")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at:%H:%M}"


class SpeedModel(models.Model):
    """A trained forecast: `links` in order, the coefficients, the usual days, and its skill on a
    day it had not seen."""

    trained_at = models.DateTimeField(_("trained at"))
    links = ArrayField(models.BigIntegerField(), editable=False)
    weights = models.JSONField(_("coefficients"))
    usual = models.BinaryField(editable=False)
    skill = models.JSONField(_("skill over persistence"), default=dict)
    days_n = models.PositiveIntegerField(_("days"))

    class Meta:
        verbose_name = _("speed forecast")
        verbose_name_plural = _("speed forecasts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d %H:%M}"
