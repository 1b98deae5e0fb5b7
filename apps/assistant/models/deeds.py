"""What somebody did by a channel, so that "my complaint" means something without a login."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.assistant.models.channels import ChannelIdentity


class Deed(models.Model):
    """One thing done in a conversation: a complaint filed, a way found … `reference` is its code
    there. It belongs to the name on the channel, known or not."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("complaint")
        PARKING = "parking", _("parking space")
        RIDE = "ride", _("ride")
        ROUTE = "route", _("way")

    identity = models.ForeignKey(ChannelIdentity, models.CASCADE, related_name="deeds")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reference = models.UUIDField(_("reference"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["identity", "kind", "reference"], name="each_deed_once")
        ]
        indexes = [
            # Retention.
            models.Index(fields=["at"], name="deed_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.reference)[:8]}"
