"""What comes back: answers of those who were warned; and alerts of others."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person, ScopedQuerySet
from apps.alerts.models.alerts import Alert
from apps.hazards.models import Assessment
from apps.notify.models import Registration


class SafetyAnswerQuerySet(ScopedQuerySet["SafetyAnswer"]):
    department_lookup: ClassVar[str] = "alert__department_id"

    def waiting(self) -> "SafetyAnswerQuerySet":
        """Those who need help and whom nobody is helping yet."""
        return self.filter(answer=SafetyAnswer.Answer.NEED_HELP, helped_at=None)


class SafetyAnswer(models.Model):
    """ "I am safe" or "I need help". A later answer takes the place of an earlier one."""

    class Answer(models.TextChoices):
        SAFE = "safe", _("safe")
        NEED_HELP = "need_help", _("needs help")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(
        Alert, models.CASCADE, related_name="answers", verbose_name=_("alert")
    )
    registration = models.ForeignKey(
        Registration,
        models.SET_NULL,
        verbose_name=_("device"),
        null=True,
        blank=True,
        related_name="+",
    )
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="safety_answers",
        verbose_name=_("person"),
    )
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices)
    people = models.PositiveSmallIntegerField(_("people"), default=1)
    note = models.CharField(_("note"), max_length=300, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    answered_at = models.DateTimeField(_("answered at"))
    helped_at = models.DateTimeField(_("helped at"), null=True, blank=True)
    helped_by = models.CharField(_("helped by"), max_length=120, blank=True)

    objects = SafetyAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety answer")
        verbose_name_plural = _("safe / need help")
        ordering = ["helped_at", "-answer", "answered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "registration"],
                condition=Q(registration__isnull=False),
                name="one_answer_per_registration",
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer} {str(self.code)[:8]}"


class CapSource(models.Model):
    """A neighbour who may send us CAP: a key of theirs, and the sender they write as."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sender = models.CharField(_("CAP sender"), max_length=120)
    key_hash = models.CharField(max_length=64, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("CAP source")
        verbose_name_plural = _("CAP sources")

    def __str__(self) -> str:
        return self.name


class InboundCap(models.Model):
    """A CAP message somebody sent us: kept whole, once."""

    source = models.ForeignKey(
        CapSource, models.PROTECT, verbose_name=_("source"), related_name="messages"
    )
    identifier = models.CharField(_("identifier"), max_length=200)
    sender = models.CharField(_("sender"), max_length=120)
    sent_at = models.DateTimeField(_("sent at"))
    status = models.CharField(_("status"), max_length=10)
    message_type = models.CharField(_("type"), max_length=10)
    root = models.CharField(_("first identifier"), max_length=200)
    ended = models.BooleanField(_("ended"), default=False)
    xml = models.TextField(_("message (XML)"))
    assessment = models.ForeignKey(
        Assessment, models.SET_NULL, verbose_name=_("assessment"), null=True, related_name="+"
    )
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("inbound CAP message")
        verbose_name_plural = _("inbound CAP messages")
        constraints = [
            models.UniqueConstraint(fields=["sender", "identifier"], name="one_row_per_cap_message")
        ]

    def __str__(self) -> str:
        return self.identifier
