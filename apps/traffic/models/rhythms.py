"""When walkers' green men come, as watched."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.traffic.models.junctions import SignalGroup


class SignalRhythm(models.Model):
    """The time from one green man to the next, its spread, and when the last one came."""

    group = models.OneToOneField(
        SignalGroup,
        on_delete=models.CASCADE,
        related_name="rhythm",
        primary_key=True,
        verbose_name=_("signal group"),
    )
    green_at = models.DateTimeField(_("last green at"))
    cycle_s = models.FloatField(_("cycle (s)"), null=True)
    sd_s = models.FloatField(_("spread of the cycle (s)"), default=0.0)
    greens_n = models.PositiveIntegerField(_("greens watched"), default=1)

    class Meta:
        verbose_name = _("rhythm of a signal group")
        verbose_name_plural = _("rhythms of signal groups")

    def __str__(self) -> str:
        return str(self.group)
