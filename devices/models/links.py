"""Sources that are kept in touch with: a lasting connection, or registers read again and again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from devices.models.catalogue import Gateway, Named


class LinkedSource(Named):
    """`config` is the kind's own, checked by it. Secrets stand in `secret_sealed`."""

    kind = models.CharField(_("kind"), max_length=40)
    host = models.CharField(_("host"), max_length=120)
    port = models.PositiveIntegerField(_("port"))
    config = models.JSONField(_("settings"), default=dict)
    secret_sealed = models.TextField(_("secret (sealed)"), editable=False, blank=True)
    gateway = models.ForeignKey(
        Gateway, on_delete=models.PROTECT, related_name="linked", verbose_name=_("gateway"),
        help_text=_("In whose name its observations are stored."),
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    counts = models.JSONField(_("counts"), default=dict)

    class Meta:
        verbose_name = _("linked source")
        verbose_name_plural = _("linked sources")
        ordering = ["code"]
