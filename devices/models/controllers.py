"""Signal controllers: where they answer, and whether they may be commanded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from devices.models.catalogue import Thing


class SignalController(models.Model):
    """A controller that the `signals` process asks. Its community is a secret, sealed."""

    class Kind(models.TextChoices):
        NTCIP_1202 = "ntcip1202", _("NTCIP 1202 over SNMP")
        UG405 = "ug405", _("UTMC UG405 over SNMP")

    class Version(models.IntegerChoices):
        V1 = 0, "SNMP v1"
        V2C = 1, "SNMP v2c"
        V3 = 3, "SNMP v3"

    thing = models.OneToOneField(
        Thing, on_delete=models.CASCADE, related_name="signal_controller", verbose_name=_("thing")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.NTCIP_1202)
    host = models.CharField(_("host"), max_length=120)
    port = models.PositiveIntegerField(_("port"), default=161)
    version = models.PositiveSmallIntegerField(
        _("SNMP version"), choices=Version.choices, default=Version.V2C
    )
    community_sealed = models.TextField(_("community (sealed)"), editable=False)
    phases = models.PositiveSmallIntegerField(_("phases"), default=8)
    detectors = models.PositiveSmallIntegerField(_("detectors"), default=0)
    preempts = models.PositiveSmallIntegerField(_("preemptions"), default=0)
    scn = models.CharField(
        _("SCN"), max_length=32, blank=True, help_text=_("UG405: the outstation's name.")
    )
    poll_s = models.FloatField(_("asked every (s)"), default=0.5)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("signal controller")
        verbose_name_plural = _("signal controllers")
        ordering = ["thing"]

    def __str__(self) -> str:
        return str(self.thing)
