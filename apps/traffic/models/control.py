"""Who may command a junction just now, and every command that was given or would have been."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.traffic.models.junctions import Junction


class SignalLease(models.Model):
    """One process commands a junction, until `until`; nobody else may meanwhile."""

    junction = models.OneToOneField(
        Junction,
        on_delete=models.CASCADE,
        related_name="lease",
        primary_key=True,
        verbose_name=_("junction"),
    )
    holder = models.UUIDField(_("holder"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.junction_id}: {self.holder}"


class SignalCommandQuerySet(models.QuerySet["SignalCommand"]):
    def update(self, **_kwargs: Any) -> int:
        raise TypeError("Commands are appended, never changed.")

    def of(self, junction: Junction) -> Self:
        return self.filter(junction=junction)


class SignalCommand(models.Model):
    """One decision: from which stage to which, why, and whether the controller took it."""

    class Outcome(models.TextChoices):
        OBEYED = "obeyed", _("taken by the controller")
        SHADOW = "shadow", _("shadow: not sent")
        REFUSED = "refused", _("refused by the controller")
        UNHEARD = "unheard", _("no answer")
        ASIDE = "aside", _("stood aside")

    junction = models.ForeignKey(
        Junction, on_delete=models.CASCADE, related_name="commands", verbose_name=_("junction")
    )
    at = models.DateTimeField(_("at"))
    stage = models.PositiveSmallIntegerField(_("from stage"))
    wanted = models.PositiveSmallIntegerField(_("to stage"))
    why = models.CharField(_("why"), max_length=200)
    cost = models.FloatField(_("waiting of the choice (vehicle-seconds)"), null=True)
    cost_of_staying = models.FloatField(_("waiting of staying (vehicle-seconds)"), null=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)

    objects = SignalCommandQuerySet.as_manager()

    class Meta:
        verbose_name = _("signal command")
        verbose_name_plural = _("signal commands")
        ordering = ["-at"]
        indexes = [models.Index(fields=["junction", "-at"], name="commands_of_a_junction")]

    def __str__(self) -> str:
        return f"{self.junction_id} {self.stage}→{self.wanted}"
