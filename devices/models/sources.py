"""Sources that must be asked: where, how often, and how it went last time."""

from typing import Self

from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from devices.models.catalogue import Gateway, Named


class PullSourceQuerySet(models.QuerySet["PullSource"]):
    def due(self, now: object) -> Self:
        return self.filter(active=True, gateway__active=True, due_at__lte=now)


class PullSource(Named):
    kind = models.CharField(_("kind"), max_length=40, help_text=_("How its answers are read."))
    url = models.CharField(
        _("address"), max_length=500, validators=[URLValidator(schemes=["http", "https"])]
    )
    headers_sealed = models.TextField(blank=True, editable=False)
    gateway = models.ForeignKey(
        Gateway, on_delete=models.PROTECT, related_name="sources", verbose_name=_("gateway"),
        help_text=_("In whose name its observations are stored."),
    )  # fmt: skip
    every_s = models.PositiveIntegerField(
        _("ask every (s)"), default=60, validators=[MinValueValidator(5)]
    )
    active = models.BooleanField(_("active"), default=True)
    due_at = models.DateTimeField(_("due at"))
    etag = models.CharField(max_length=200, blank=True, editable=False)
    known = models.CharField(max_length=64, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    counts = models.JSONField(_("counts"), default=dict)
    errors = models.JSONField(_("errors"), default=list)

    objects = PullSourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("pull source")
        verbose_name_plural = _("pull sources")
        ordering = ["code"]
