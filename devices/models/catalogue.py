"""What measures what: the entities of OGC SensorThings 1.1, and the gateways that speak for them.

The catalogue is small and read with every batch, so processes keep it in memory. Its one-row table
`Catalogue` grows a version with each change (a trigger sees to it, whoever writes), which tells
them that theirs is old.
"""

from datetime import datetime
from typing import Any, Self

from django.contrib.gis.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.base import names
from apps.base.models import LiveRow
from apps.city.models import metres_field


class Named(models.Model):
    """Something with a public code and names in several languages."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    names = models.JSONField(_("names"), default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return names.pick(self.names, translation.get_language() or "") or self.code


class Gateway(Named):
    """Who speaks: a machine with a key of its own, answering for its things and no others."""

    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("gateway")
        verbose_name_plural = _("gateways")
        ordering = ["code"]


class GatewayKeyQuerySet(models.QuerySet["GatewayKey"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)


class GatewayKey(models.Model):
    """A key's SHA-256; the key itself was shown once. Two may live at a time, for rotation."""

    gateway = models.ForeignKey(
        Gateway, on_delete=models.CASCADE, related_name="keys", verbose_name=_("gateway")
    )
    hash = models.CharField(_("hash"), max_length=64, unique=True)
    hint = models.CharField(_("begins with"), max_length=12)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = GatewayKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("gateway key")
        verbose_name_plural = _("gateway keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.hint}…"


class Thing(Named):
    """A device in the street, at a place."""

    description = models.TextField(_("description"), blank=True)
    gateway = models.ForeignKey(
        Gateway, on_delete=models.PROTECT, related_name="things", verbose_name=_("gateway")
    )
    geom = models.PointField(_("place"), srid=4326, null=True, blank=True)
    geom_m = metres_field(null=True)
    height_m = models.FloatField(_("height above ground (m)"), null=True, blank=True)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("thing")
        verbose_name_plural = _("things")
        ordering = ["code"]


class Sensor(Named):
    """The kind of instrument behind a datastream."""

    description = models.TextField(_("description"), blank=True)
    encoding = models.CharField(_("encoding of the metadata"), max_length=80, default="text/html")
    metadata = models.TextField(_("metadata"), blank=True)

    class Meta:
        verbose_name = _("sensor")
        verbose_name_plural = _("sensors")
        ordering = ["code"]


class ObservedProperty(Named):
    """What is observed. Receivers are registered by its code and get values in its unit."""

    class Kind(models.TextChoices):
        GAUGE = "gauge", _("gauge: a level")
        COUNTER = "counter", _("counter: only grows, until it starts again from nothing")
        STATE = "state", _("state: a number that stands for one")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.GAUGE)
    unit = models.CharField(_("unit (UCUM)"), max_length=20)
    definition = models.CharField(_("definition"), max_length=200, blank=True)
    low = models.FloatField(_("least possible value"), null=True, blank=True)
    high = models.FloatField(_("greatest possible value"), null=True, blank=True)

    class Meta:
        verbose_name = _("observed property")
        verbose_name_plural = _("observed properties")
        ordering = ["code"]


class DatastreamQuerySet(models.QuerySet["Datastream"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)


class Datastream(models.Model):
    """One property of one thing over time. `code` is what its gateway calls it."""

    # Four bytes, because each observation repeats it.
    id = models.AutoField(primary_key=True)
    code = models.CharField(_("code"), max_length=80)
    names = models.JSONField(_("names"), default=dict, blank=True)
    gateway = models.ForeignKey(
        Gateway, on_delete=models.PROTECT, related_name="datastreams", verbose_name=_("gateway")
    )
    thing = models.ForeignKey(
        Thing, on_delete=models.PROTECT, related_name="datastreams", verbose_name=_("thing")
    )
    sensor = models.ForeignKey(
        Sensor,
        on_delete=models.PROTECT,
        related_name="datastreams",
        verbose_name=_("sensor"),
        null=True,
        blank=True,
    )
    observed_property = models.ForeignKey(
        ObservedProperty,
        on_delete=models.PROTECT,
        related_name="datastreams",
        verbose_name=_("observed property"),
    )
    unit = models.CharField(_("unit (UCUM)"), max_length=20)
    expected_interval_s = models.PositiveIntegerField(
        _("expected interval (s)"), null=True, blank=True
    )
    low = models.FloatField(_("least possible value"), null=True, blank=True)
    high = models.FloatField(_("greatest possible value"), null=True, blank=True)
    stuck_after_s = models.PositiveIntegerField(
        _("stuck after (s)"),
        null=True,
        blank=True,
        help_text=_("Longer without any change is not believable. Empty: it may stand still."),
    )
    created_at = models.DateTimeField(_("created at"))
    retired_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        _("retired at"), null=True, blank=True
    )

    objects = DatastreamQuerySet.as_manager()

    class Meta:
        verbose_name = _("datastream")
        verbose_name_plural = _("datastreams")
        ordering = ["gateway", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "code"], name="one_datastream_per_gateway_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gateway.code}/{self.code}"


class Catalogue(LiveRow):
    """One row: how often the catalogue changed, and in which transaction last."""

    class Meta:
        verbose_name = _("catalogue version")
        verbose_name_plural = _("catalogue version")

    def stamp(self) -> tuple[Any, ...]:
        return (self.version, self.changed_in)
