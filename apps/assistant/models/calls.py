"""Calls: who called, what was said turn by turn, the recordings, and who listened to them."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.assistant.models.channels import ChannelIdentity
from apps.assistant.models.conversations import Conversation
from apps.base import clock
from apps.complaints.models import ServiceRequest


class CallQuerySet(models.QuerySet["Call"]):
    def going_on(self) -> Self:
        return self.filter(ended_at=None)


class Call(models.Model):
    """One telephone call. `proof` is what the provider's stream must show, so that nobody can open
    one by guessing."""

    class Direction(models.TextChoices):
        IN = "in", _("from a caller")
        OUT = "out", _("made by us")

    class State(models.TextChoices):
        RINGING = "ringing", _("ringing")
        TALKING = "talking", _("talking")
        ENDED = "ended", _("ended")
        FAILED = "failed", _("failed")

    class Consent(models.TextChoices):
        NOT_YET = "", _("not asked yet")
        INFORMED = "informed", _("told that it is recorded")
        DECLINED = "declined", _("does not want it")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.CharField(_("by"), max_length=20)
    provider_call = models.CharField(_("the provider's name for it"), max_length=120)
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.IN
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RINGING)
    caller = models.CharField(_("number"), max_length=20, blank=True)
    dialled = models.CharField(_("number called"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10)
    consent = models.CharField(
        _("recording"), max_length=8, choices=Consent.choices, default=Consent.NOT_YET, blank=True
    )
    identity = models.ForeignKey(
        ChannelIdentity, models.CASCADE, null=True, related_name="calls", verbose_name=_("with")
    )
    conversation = models.ForeignKey(
        Conversation, models.SET_NULL, null=True, related_name="calls",
        verbose_name=_("conversation"),
    )  # fmt: skip
    # What is awaited between two requests of a provider that does the speech itself.
    waiting = models.JSONField(default=dict, editable=False)
    ended_because = models.CharField(_("ended because"), max_length=60, blank=True)
    began_at = models.DateTimeField(_("began at"), default=clock.now)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-began_at"]
        permissions = [("hear_recording", _("Can listen to what callers said (audited)"))]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_call"], name="each_call_once")
        ]
        indexes = [
            # "How often did this number call of late?", asked at every call.
            models.Index(fields=["caller", "-began_at"], name="calls_of_a_number"),
            # Retention, and the staff's list.
            models.Index(fields=["-began_at"], name="calls_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.masked_caller}"

    @property
    def masked_caller(self) -> str:
        if len(self.caller) < 8:
            return "-"
        return f"{self.caller[:3]}****{self.caller[-4:]}"


class CallTurn(models.Model):
    """One thing that the caller did: spoke, or pressed keys. Kept as it happens, a second of sound
    at a time, so that it is there however the call ends.

    `transcript` is masked. A draft was written by an engine that is not sure of it: nothing was
    done on it, somebody has to listen.
    """

    class Kind(models.TextChoices):
        VOICE = "voice", _("voice")
        KEYS = "keys", _("keys")

    class Understood(models.TextChoices):
        NOT_YET = "", _("not heard yet")
        SURE = "sure", _("understood")
        DRAFT = "draft", _("draft of a machine, please listen")
        NOT = "not", _("not understood, please listen")

    call = models.ForeignKey(Call, models.CASCADE, related_name="turns", verbose_name=_("call"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("by"), max_length=5, choices=Kind.choices)
    digits = models.CharField(_("keys"), max_length=80, blank=True)
    transcript = models.TextField(_("words"), blank=True)
    understood = models.CharField(
        _("understood"), max_length=5, choices=Understood.choices, default=Understood.NOT_YET,
        blank=True,
    )  # fmt: skip
    engine = models.CharField(_("engine"), max_length=30, blank=True)
    confidence = models.FloatField(_("confidence"), null=True)
    asked = models.CharField(_("answering"), max_length=20, blank=True)
    recorded_ms = models.PositiveIntegerField(_("recorded (ms)"), default=0)
    request = models.ForeignKey(
        ServiceRequest, models.SET_NULL, null=True, blank=True, related_name="call_turns",
        verbose_name=_("attached to"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("turn of a call")
        verbose_name_plural = _("turns of calls")
        ordering = ["call", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="call_turns_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.call_id}/{self.number}"


class RecordingChunk(models.Model):
    """About a second of what a caller said: mu-law at 8 kHz, sealed with the deployment's key."""

    turn = models.ForeignKey(CallTurn, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("piece of a recording")
        verbose_name_plural = _("pieces of recordings")
        ordering = ["turn", "number"]
        constraints = [
            models.UniqueConstraint(fields=["turn", "number"], name="recording_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.turn_id}/{self.number}"


class RecordingAccess(models.Model):
    """Who listened to which recording, and when. Kept longer than the recording."""

    call_code = models.UUIDField(_("call"))
    turn_number = models.PositiveIntegerField(_("turn"))
    actor = models.CharField(_("who"), max_length=120)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("listening")
        verbose_name_plural = _("who listened")
        ordering = ["-at"]
        indexes = [models.Index(fields=["call_code", "-at"], name="who_heard_a_call")]

    def __str__(self) -> str:
        return f"{self.call_code} {self.actor}"


class OutboundCall(models.Model):
    """A message that is read out on the telephone: committed before whoever asked is told so."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PLACED = "placed", _("placed")
        HEARD = "heard", _("heard")
        CONFIRMED = "confirmed", _("confirmed by a key")
        FAILED = "failed", _("not reached")

    key = models.CharField(_("key"), max_length=200, unique=True)
    call = models.OneToOneField(
        Call, models.CASCADE, related_name="message", verbose_name=_("call"), null=True
    )
    to_number = models.CharField(_("number"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    speech = models.TextField(_("words"))
    reference = models.TextField(blank=True, editable=False)
    repeat = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("asked at"), default=clock.now)

    class Meta:
        verbose_name = _("call made by us")
        verbose_name_plural = _("calls made by us")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.key
