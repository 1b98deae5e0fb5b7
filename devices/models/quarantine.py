"""Rows that could not be believed, kept as they came so that they can be judged and replayed."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from devices.models.catalogue import Datastream, Gateway


class QuarantineQuerySet(models.QuerySet["Quarantine"]):
    def waiting(self) -> Self:
        return self.filter(state=Quarantine.State.WAITING)


class Quarantine(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        REPLAYED = "replayed", _("replayed")
        DISCARDED = "discarded", _("discarded")

    gateway = models.ForeignKey(Gateway, on_delete=models.CASCADE, verbose_name=_("gateway"))
    datastream = models.ForeignKey(
        Datastream, on_delete=models.CASCADE, verbose_name=_("datastream"), null=True, blank=True
    )
    code = models.CharField(_("reason"), max_length=40)
    detail = models.CharField(_("detail"), max_length=300)
    raw = models.JSONField(_("as it came"))
    fingerprint = models.CharField(max_length=32, editable=False)
    received_at = models.DateTimeField(_("received at"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarantined row")
        verbose_name_plural = _("quarantine")
        constraints = [
            # A batch sent again leaves no second trace of its bad rows.
            models.UniqueConstraint(
                fields=["gateway", "fingerprint"], name="one_trace_per_quarantined_row"
            )
        ]
        indexes = [
            # The staff page's question: what waits, newest first.
            models.Index(
                fields=["-received_at"],
                condition=models.Q(state="waiting"),
                name="quarantine_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.gateway_id}"
