"""What people bring and want: photos, their opinion of the answer, being told."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base.models import Media
from apps.complaints.models.requests import ServiceRequest


class Attachment(models.Model):
    """A photo of a report. Nobody but its reporter and staff see it before it was blurred."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    media = models.ForeignKey(Media, models.PROTECT, related_name="+", verbose_name=_("photo"))
    blurred = models.ForeignKey(
        Media, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("photo for the public"),
    )  # fmt: skip
    of_remedy = models.BooleanField(_("shows what was done"), default=False)
    created_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("photo of a report")
        verbose_name_plural = _("photos of reports")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(blurred=None) | ~Q(blurred=models.F("media")),
                name="public_photo_is_another_one",
            )
        ]
        indexes = [
            # Retention: photos that no report followed.
            models.Index(
                fields=["created_at"], condition=Q(request=None), name="attachment_unclaimed"
            )
        ]

    def __str__(self) -> str:
        return str(self.code)

    @property
    def is_public(self) -> bool:
        return self.blurred_id is not None


class Feedback(models.Model):
    """How somebody found the answer."""

    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, verbose_name=_("request"), related_name="feedback"
    )
    score = models.PositiveSmallIntegerField(_("score"))
    text = models.CharField(_("in their words"), max_length=2000, blank=True)
    reopened = models.BooleanField(_("opened again"), default=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="one_to_five")
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.score}"


class Subscription(models.Model):
    """Somebody who wants to be told what becomes of a report."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="subscriptions")
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="complaint_subscriptions", verbose_name=_("person")
    )
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="one_subscription_each")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.request_id}"
