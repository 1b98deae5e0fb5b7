"""What happens on the roads, and what is not as usual at junctions."""

import uuid
from typing import Self

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.base.models import LiveRow
from apps.city.models import metres_field
from apps.traffic.models.junctions import Junction
from apps.traffic.models.links import Link


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> Self:
        return self.filter(cleared_at=None)

    def changed_since(self, horizon: int) -> Self:
        return self.filter(changed_in__gte=horizon)


class Incident(LiveRow):
    """`source` and `reference` name it where it was told of first."""

    class Kind(models.TextChoices):
        ACCIDENT = "accident", _("accident")
        BREAKDOWN = "breakdown", _("broken-down vehicle")
        ROAD_WORKS = "road_works", _("road works")
        CLOSURE = "closure", _("closed road")
        FLOOD = "flood", _("flooded road")
        ICE = "ice", _("ice or snow")
        DEBRIS = "debris", _("something on the road")
        EVENT = "event", _("event")
        SIGNALS = "signals", _("signals out of order")
        CONGESTION = "congestion", _("unusual congestion")
        OTHER = "other", _("other")

    class Severity(models.IntegerChoices):
        LOW = 1, _("low: take care")
        MEDIUM = 2, _("medium: expect delay")
        HIGH = 3, _("high: avoid")
        HIGHEST = 4, _("highest: closed")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    severity = models.PositiveSmallIntegerField(
        _("severity"), choices=Severity.choices, default=Severity.MEDIUM
    )
    description = models.CharField(_("description"), max_length=500, blank=True)
    geom = models.GeometryField(_("place"), srid=4326)
    geom_m = metres_field()
    link = models.ForeignKey(
        Link, models.SET_NULL, null=True, blank=True, related_name="incidents",
        verbose_name=_("link"),
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=40)
    reference = models.CharField(_("reference at the source"), max_length=120)
    started_at = models.DateTimeField(_("started at"))
    expected_until = models.DateTimeField(_("expected until"), null=True, blank=True)
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"))

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"], name="one_incident_per_reference"
            )
        ]
        indexes = [
            # "What is happening now?"
            models.Index(
                fields=["-started_at"], condition=Q(cleared_at=None), name="open_incidents"
            ),
            models.Index(fields=["changed_in"], name="incident_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"


class JunctionWatch(models.Model):
    """One detector of a junction, slot by slot, against its usual days. `usual` holds the mean and
    number of days by kind of day and quarter of an hour."""

    junction = models.ForeignKey(
        Junction, models.CASCADE, related_name="watches", verbose_name=_("junction")
    )
    detector = models.PositiveSmallIntegerField(_("controller's detector"))
    usual = models.JSONField(default=dict, editable=False)
    slot_at = models.DateTimeField(_("slot"), null=True)
    count = models.FloatField(_("vehicles in the slot"), default=0.0)
    occupancy = models.FloatField(_("occupancy"), null=True)
    sequence = models.IntegerField(null=True, editable=False)
    more = models.FloatField(default=0.0)
    less = models.FloatField(default=0.0)
    alarm = models.CharField(
        _("unusual"), max_length=6, blank=True,
        choices=[("busy", _("busier than usual")), ("quiet", _("quieter than usual")),
                 ("stuck", _("detector is stuck"))],
    )  # fmt: skip
    alarm_since = models.DateTimeField(_("unusual since"), null=True, blank=True)

    class Meta:
        verbose_name = _("detector of a junction")
        verbose_name_plural = _("detectors of junctions")
        constraints = [
            models.UniqueConstraint(fields=["junction", "detector"], name="one_watch_per_detector")
        ]

    def __str__(self) -> str:
        return f"{self.junction_id}/{self.detector}"
