"""A person being led along a route: where they stand, and what they were told last."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.navigation.models.routes import Route


class GuidanceSession(models.Model):
    """Small and plain, so that a dropped connection resumes without a lost or repeated cue.

    No track is kept: `progress` holds how far along, `sent` the latest messages by number.
    """

    class State(models.TextChoices):
        LEADING = "leading", _("leading")
        ARRIVED = "arrived", _("arrived")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    route = models.ForeignKey(Route, models.CASCADE, verbose_name=_("route"), related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.LEADING
    )
    progress = models.JSONField(_("progress"), default=dict)
    sent = models.JSONField(_("sent"), default=list)
    sent_number = models.PositiveIntegerField(default=0)
    heard_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created at"))
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("guidance session")
        verbose_name_plural = _("guidance sessions")

    def __str__(self) -> str:
        return str(self.code)[:8]
