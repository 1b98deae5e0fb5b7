"""Which lights stand over which crossing of a build."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.navigation.models.builds import GraphBuild
from apps.traffic.models import SignalGroup


class BoundSignal(models.Model):
    """One segment of a crossing under one signal group."""

    build = models.ForeignKey(
        GraphBuild, models.CASCADE, verbose_name=_("graph build"), related_name="signals"
    )
    segment = models.PositiveIntegerField(_("segment"))
    group = models.ForeignKey(
        SignalGroup, models.CASCADE, verbose_name=_("signal group"), related_name="+"
    )

    class Meta:
        verbose_name = _("crossing with lights")
        verbose_name_plural = _("crossings with lights")
        constraints = [
            models.UniqueConstraint(fields=["build", "segment"], name="one_signal_per_segment")
        ]

    def __str__(self) -> str:
        return f"{self.segment}: {self.group_id}"
