"""What is wrong with devices at present, and what was."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from devices.models.catalogue import Datastream, Gateway


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Alarm(models.Model):
    """A fault from when it was noticed to when it was over. A gateway that is silent as a whole
    is one alarm, not one for each of its datastreams; so is a camera that cannot see, whose alarm
    stands at the datastream of its health."""

    class Kind(models.TextChoices):
        SILENT = "silent", _("silent")
        STUCK = "stuck", _("stuck")
        FLAPPING = "flapping", _("flapping")
        CLOCK = "clock", _("clock is wrong")
        BLIND = "blind", _("camera cannot see")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    gateway = models.ForeignKey(Gateway, on_delete=models.CASCADE, verbose_name=_("gateway"))
    datastream = models.ForeignKey(
        Datastream,
        on_delete=models.CASCADE,
        related_name="alarms",
        verbose_name=_("datastream"),
        null=True,
        blank=True,
        help_text=_("Empty: the gateway as a whole."),
    )
    opened_at = models.DateTimeField(_("noticed at"))
    closed_at = models.DateTimeField(_("over at"), null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "datastream"],
                condition=Q(closed_at=None),
                name="one_open_alarm_per_datastream",
            ),
            models.UniqueConstraint(
                fields=["kind", "gateway"],
                condition=Q(closed_at=None, datastream=None),
                name="one_open_alarm_per_gateway",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.gateway_id}"
