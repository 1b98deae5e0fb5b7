"""What others may ask of junctions: green for buses and emergencies, a pattern from staff; and the
minutes by which a strategy is judged."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.traffic.core.priority import Kind
from apps.traffic.models.junctions import Junction
from devices.models import Gateway


class VehicleKind(models.TextChoices):
    BUS = Kind.BUS.value, _("bus")
    TRAM = Kind.TRAM.value, _("tram")
    EMERGENCY = Kind.EMERGENCY.value, _("vehicle on an emergency")


class PriorityGrant(models.Model):
    """A gateway whose vehicles may ask for green, and of which kinds."""

    gateway = models.OneToOneField(
        Gateway, models.CASCADE, primary_key=True, verbose_name=_("gateway"), related_name="+"
    )
    kinds = ArrayField(
        models.CharField(max_length=10, choices=VehicleKind.choices), verbose_name=_("kinds")
    )

    class Meta:
        verbose_name = _("right to ask for green")
        verbose_name_plural = _("rights to ask for green")

    def __str__(self) -> str:
        return f"{self.gateway}: {', '.join(self.kinds)}"


class PriorityRequest(models.Model):
    """One vehicle at one junction. Asked again with the same reference, its time is corrected."""

    junction = models.ForeignKey(
        Junction, models.CASCADE, related_name="requests", verbose_name=_("junction")
    )
    number = models.PositiveSmallIntegerField(_("signal group"))
    kind = models.CharField(_("kind"), max_length=10, choices=VehicleKind.choices)
    gateway = models.ForeignKey(
        Gateway, models.CASCADE, related_name="+", verbose_name=_("gateway")
    )
    reference = models.CharField(_("reference of the vehicle"), max_length=80)
    arrives_at = models.DateTimeField(_("arrives at"))
    asked_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for green")
        verbose_name_plural = _("requests for green")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["junction", "gateway", "reference"],
                condition=models.Q(ended_at=None),
                name="one_open_request_per_vehicle",
            )
        ]
        indexes = [
            # "Who is coming to this junction?", asked every second.
            models.Index(
                fields=["junction", "arrives_at"], condition=models.Q(ended_at=None),
                name="open_priority_requests",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.reference} → {self.junction_id}/{self.number}"


class PatternOrder(models.Model):
    """Staff's word that a junction runs one of its patterns until an instant."""

    junction = models.OneToOneField(
        Junction, models.CASCADE, primary_key=True, related_name="pattern_order",
        verbose_name=_("junction"),
    )  # fmt: skip
    pattern = models.PositiveSmallIntegerField(_("pattern"))
    until = models.DateTimeField(_("until"))
    ordered_by = models.CharField(_("ordered by"), max_length=80)

    class Meta:
        verbose_name = _("ordered pattern")
        verbose_name_plural = _("ordered patterns")

    def __str__(self) -> str:
        return f"{self.junction_id}: {self.pattern}"


class JunctionMinuteQuerySet(models.QuerySet["JunctionMinute"]):
    def of(self, junction: Junction) -> Self:
        return self.filter(junction=junction)


class JunctionMinute(models.Model):
    """A minute at a junction as its detectors saw it: who waited how long, under which mode."""

    MODES: ClassVar = Junction.Mode.choices

    junction = models.ForeignKey(Junction, models.CASCADE, related_name="minutes")
    at = models.DateTimeField(_("at"))
    mode = models.CharField(_("mode"), max_length=10, choices=MODES)
    vehicles = models.FloatField(_("vehicles that came"))
    waited_s = models.FloatField(_("vehicle-seconds waited"))
    walks = models.PositiveSmallIntegerField(_("green men after a call"), default=0)
    walker_waited_s = models.FloatField(_("seconds walkers waited"), default=0.0)
    walker_longest_s = models.FloatField(_("longest a walker waited (s)"), default=0.0)

    objects = JunctionMinuteQuerySet.as_manager()

    class Meta:
        verbose_name = _("minute at a junction")
        verbose_name_plural = _("minutes at junctions")
        constraints = [
            models.UniqueConstraint(fields=["junction", "at"], name="one_minute_per_junction")
        ]
        indexes = [BrinIndex(fields=["at"], name="junction_minute_retention")]

    def __str__(self) -> str:
        return f"{self.junction_id} {self.at:%H:%M}"
