"""A conversation: what is being talked about, what was said, and who took it over."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.assistant.models.channels import ChannelIdentity, InboundEvent
from apps.base.models import LiveRow


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def wanting_staff(self) -> Self:
        return self.open().filter(state=Conversation.State.WAITING_FOR_STAFF)


class Conversation(LiveRow):
    """One talk with one person, from the first message until it has been quiet for a while.

    `skill`, `slots`, `notes` and `asked` are what is being filled in; `paused` what was left in
    mid-way for something else. Engines come and go, this row stays: it goes on by another one
    where the last stopped. `session` is the engine's name for it, renewed now and then because the
    engine gets slower with everything it remembers.
    """

    class State(models.TextChoices):
        ASSISTANT = "assistant", _("with the assistant")
        WAITING_FOR_STAFF = "waiting", _("waiting for staff")
        STAFF = "staff", _("with staff")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identity = models.ForeignKey(
        ChannelIdentity, models.CASCADE, related_name="conversations", verbose_name=_("with")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.ASSISTANT
    )
    language = models.CharField(_("language"), max_length=10)
    skill = models.CharField(_("about"), max_length=40, blank=True)
    slots = models.JSONField(_("filled in"), default=dict)
    notes = models.JSONField(_("notes"), default=dict)
    asked = models.CharField(_("asked for"), max_length=40, blank=True)
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    paused = models.JSONField(_("set aside"), default=list)
    misses = models.PositiveSmallIntegerField(_("not understood in a row"), default=0)
    last_place = models.JSONField(_("last place"), null=True)
    by_menus = models.BooleanField(_("by menus"), default=False)
    turns_count = models.PositiveIntegerField(_("turns"), default=0)
    session = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session_turns = models.PositiveSmallIntegerField(_("turns of the session"), default=0)
    session_started_at = models.DateTimeField(_("session began at"))
    started_at = models.DateTimeField(_("started at"))
    heard_at = models.DateTimeField(_("last heard at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-heard_at"]
        permissions = [("answer_conversation", _("Can take conversations over and answer"))]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(ended_at__isnull=True), name="one_talk_at_a_time"
            )
        ]
        indexes = [
            # The staff's question: who waits, longest first.
            models.Index(
                fields=["state", "heard_at"],
                condition=Q(ended_at__isnull=True),
                name="conversation_waiting",
            ),
            models.Index(fields=["heard_at"], name="conversation_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.identity.channel} {str(self.code)[:8]}"

    def keep(self) -> None:
        """Save all of it as a change that live screens see, in one statement."""
        touched = self.touched()
        kept = [
            field.attname
            for field in self._meta.concrete_fields
            if not field.primary_key and field.attname not in touched
        ]
        values = {name: getattr(self, name) for name in kept}
        Conversation.objects.filter(pk=self.pk).update(**values, **touched)

    @property
    def is_with_staff(self) -> bool:
        return self.state == self.State.STAFF


class Turn(LiveRow):
    """One thing that one side said. Appended, never edited; the words are masked."""

    class Side(models.TextChoices):
        CITIZEN = "citizen", _("citizen")
        ASSISTANT = "assistant", _("assistant")
        STAFF = "staff", _("staff")

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, verbose_name=_("conversation"), related_name="turns"
    )
    number = models.PositiveIntegerField(_("number"))
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    kind = models.CharField(_("kind"), max_length=10, default="text")
    text = models.TextField(_("words"), blank=True)
    output = models.JSONField(_("output"), null=True)
    event = models.ForeignKey(
        InboundEvent, models.SET_NULL, verbose_name=_("event"), null=True, related_name="turns"
    )
    skill = models.CharField(_("skill"), max_length=40, blank=True)
    intent = models.CharField(_("intent"), max_length=40, blank=True)
    confidence = models.FloatField(_("confidence"), null=True)
    engine = models.CharField(_("engine"), max_length=20, blank=True)
    latency_ms = models.PositiveIntegerField(_("answered within (ms)"), null=True)
    actor = models.CharField(_("actor"), max_length=120, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ["conversation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="turns_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.number}"


class Handover(models.Model):
    """A conversation given to a person of the city, and given back."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="handovers")
    reason = models.CharField(_("reason"), max_length=40)
    asked_at = models.DateTimeField(_("asked at"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="handovers",
        verbose_name=_("taken by"),
    )
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("given back at"), null=True, blank=True)
    ended_because = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(ended_at__isnull=True),
                name="one_open_handover",
            )
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.reason}"
