"""Which edition of the demo town is in this database, and what was made to happen in it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SeedRun(models.Model):
    edition = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.edition


class HappeningQuerySet(models.QuerySet["Happening"]):
    def at(self, instant: datetime) -> Self:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=instant), starts_at__lte=instant)


class Happening(models.Model):
    """Something that somebody ordered for the demo town. The town's devices feel it; Citizen is
    told of it by them alone."""

    class Kind(models.TextChoices):
        STORM = "storm", _("a storm over the hills: the river floods")
        WEAK_WALL = "weak_wall", _("the old school's walls grow weaker")
        FIRE = "fire", _("a fire at the market")
        CAMERA_TURNED = "camera_turned", _("somebody turns the car park's camera")
        PERSON_DOWN = "person_down", _("somebody falls on the crossing")

    kind = models.CharField(_("what happens"), max_length=14, choices=Kind.choices)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"), null=True, blank=True)
    hours = models.FloatField(_("hours of rain"), default=3.0)
    mm = models.FloatField(_("rain (mm)"), default=150.0)

    objects = HappeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("happening in the demo town")
        verbose_name_plural = _("happenings in the demo town")
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.get_kind_display()
