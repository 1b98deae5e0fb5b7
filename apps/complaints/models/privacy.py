"""Words as they came, sealed; and who read them, why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.complaints.models.requests import ServiceRequest


class Original(models.Model):
    """A text before masking, encrypted. Only `services.privacy` opens it, and notes who asked."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="originals")
    field = models.CharField(_("field"), max_length=40)
    sealed = models.TextField(editable=False)
    kinds = models.JSONField(_("what was masked"), default=list)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sealed text")
        verbose_name_plural = _("sealed texts")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.field}"


class OriginalAccess(models.Model):
    """Appended: who opened which sealed text, and what for."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="accesses")
    actor = models.CharField(_("by"), max_length=120)
    reason = models.CharField(_("what for"), max_length=300)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("look at sealed text")
        verbose_name_plural = _("looks at sealed text")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.actor} {self.request_id}"
