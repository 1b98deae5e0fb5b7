"""Who speaks by which channel, and every message that came in, once."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person


class ChannelIdentity(models.Model):
    """Somebody on one channel, by the name that channel gives them; a person once we know whom."""

    channel = models.SlugField(_("channel"), max_length=20)
    identity = models.CharField(_("name on the channel"), max_length=200)
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="channel_identities",
        verbose_name=_("person"),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    # Addressed by us without having asked: a friend of the city's account, not merely a visitor.
    reachable = models.BooleanField(_("may be written to"), default=False)
    abuse_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("created at"))
    seen_at = models.DateTimeField(_("last seen at"))

    class Meta:
        verbose_name = _("name on a channel")
        verbose_name_plural = _("names on channels")
        constraints = [
            models.UniqueConstraint(fields=["channel", "identity"], name="one_name_per_channel")
        ]
        indexes = [
            # Retention: names not heard of for long.
            models.Index(fields=["seen_at"], name="channel_identity_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class InboundEventQuerySet(models.QuerySet["InboundEvent"]):
    def waiting(self) -> Self:
        return self.filter(state=InboundEvent.State.WAITING)

    def unanswered_before(self, instant: Any) -> Self:
        return self.waiting().filter(received_at__lt=instant)


class InboundEvent(models.Model):
    """One message as it came, once per channel and the channel's own number for it.

    It is committed before the channel is told that we have it. `sealed` holds what was said until
    it is answered; `outputs` are the answer, so that a message delivered again gets the same.
    `answered_by` is set by whoever's answer counts: the first, under the row's lock.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ANSWERED = "answered", _("answered")
        FAILED = "failed", _("failed")

    channel = models.SlugField(max_length=20)
    event_id = models.CharField(max_length=200)
    identity = models.ForeignKey(ChannelIdentity, models.CASCADE, related_name="events")
    order = models.CharField(max_length=40, blank=True)
    sealed = models.TextField(editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    conversation = models.ForeignKey(
        "assistant.Conversation", models.SET_NULL, null=True, related_name="events"
    )
    answered_by = models.CharField(max_length=20, blank=True)
    outputs = models.JSONField(default=list)
    # How the channel wants to be answered (a reply token, a callback address), sealed; and when it
    # has been.
    reply_to = models.TextField(blank=True, editable=False)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = InboundEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("message that came in")
        verbose_name_plural = _("messages that came in")
        constraints = [
            models.UniqueConstraint(fields=["channel", "event_id"], name="each_event_once")
        ]
        indexes = [
            # "What waits of this one, oldest first?"
            models.Index(
                fields=["identity", "order", "id"],
                condition=models.Q(state="waiting"),
                name="event_waiting",
            ),
            models.Index(fields=["received_at"], name="event_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
