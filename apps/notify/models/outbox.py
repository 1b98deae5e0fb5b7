"""The outbox: what was told, to whom, by which way; and the ledger of what became of it."""

import uuid
from collections.abc import Mapping
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base.models import LiveRow
from apps.notify.core.messages import Content, Lane, pick_language
from apps.notify.models.registrations import Registration


class Telling(models.Model):
    """One message to one person or to an audience. The same key again is the same telling."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(_("key"), max_length=200, unique=True)
    cause = models.CharField(_("cause"), max_length=120)
    lane = models.PositiveSmallIntegerField(
        _("lane"), choices=[(lane.value, lane.name.lower()) for lane in Lane]
    )
    category = models.CharField(_("kind"), max_length=40)
    tag = models.CharField(_("tag"), max_length=64)
    version = models.PositiveIntegerField(_("version"), default=1)
    contents = models.JSONField(_("contents"))
    data = models.JSONField(_("data"), default=dict)
    link = models.CharField(_("link"), max_length=300, blank=True)
    critical = models.BooleanField(_("life safety"), default=False)
    escalates = models.BooleanField(_("escalates"), default=False)
    rings = models.BooleanField(_("rings"), default=False)
    planned = models.PositiveIntegerField(_("recipients"), default=0)
    expires_at = models.DateTimeField(_("expires at"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    request_id = models.CharField(_("request id"), max_length=64, default="-")
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("telling")
        verbose_name_plural = _("tellings")
        ordering = ["-pk"]
        indexes = [
            # "What was told because of this?"
            models.Index(fields=["cause"], name="telling_by_cause"),
            models.Index(fields=["created_at"], name="telling_retention"),
        ]

    def __str__(self) -> str:
        return self.key

    def content(self, locale: str) -> Content:
        return content_in(self.contents, locale)


def content_in(contents: Mapping[str, Any], locale: str) -> Content:
    return Content(**contents[pick_language(contents, locale)])


class ChunkQuerySet(models.QuerySet["Chunk"]):
    def waiting(self) -> Self:
        return self.filter(settled_at=None)


class Chunk(models.Model):
    """Up to 500 recipients of one telling by one transport in one language.

    A sender leases it, notes in `settled` which offsets are answered for, and puts it back with a
    later `due_at` while some are open. Leases run by the database's clock, not the city's.
    """

    SIZE = 500

    telling = models.ForeignKey(
        Telling, models.CASCADE, verbose_name=_("message"), related_name="chunks"
    )
    transport = models.CharField(_("transport"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    number = models.PositiveIntegerField(_("number"))
    lane = models.PositiveSmallIntegerField(_("lane"))
    recipients = ArrayField(models.BigIntegerField())
    settled = models.BinaryField(default=bytes)
    accepted = models.PositiveIntegerField(_("accepted"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"))
    lease = models.UUIDField(_("lease"), null=True)
    lease_until = models.DateTimeField(_("leased until"), null=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = ChunkQuerySet.as_manager()

    class Meta:
        verbose_name = _("chunk")
        verbose_name_plural = _("chunks")
        constraints = [
            models.UniqueConstraint(
                fields=["telling", "transport", "number"], name="one_chunk_per_number"
            )
        ]
        indexes = [
            # The sender's question: the first in the first lane that is due.
            models.Index(
                fields=["lane", "due_at", "id"],
                condition=Q(settled_at__isnull=True),
                name="chunk_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.telling_id}/{self.transport}/{self.number}"


class Failure(models.Model):
    """One recipient whom a transport will not reach, and why."""

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="failures")
    transport = models.CharField(max_length=20)
    recipient = models.BigIntegerField()
    reason = models.CharField(_("reason"), max_length=40)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("failure")
        verbose_name_plural = _("failures")

    def __str__(self) -> str:
        return f"{self.transport} {self.reason}"


class Receipt(models.Model):
    """What a device or a person said of a telling: it came, it was shown, it was understood.

    Stages only advance. One row per recipient; the earlier stages are filled with the later.
    """

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="receipts")
    transport = models.CharField(max_length=20)
    registration = models.ForeignKey(Registration, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="receipts")
    received_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(
                fields=["telling", "registration"],
                condition=Q(registration__isnull=False),
                name="one_receipt_per_registration",
            ),
            models.UniqueConstraint(
                fields=["telling", "transport", "person"],
                condition=Q(person__isnull=False),
                name="one_receipt_per_person",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(registration__isnull=True),
                name="receipt_of_one_recipient",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.telling_id} {self.transport}"


class InboxItem(LiveRow):
    """A message in a person's inbox in the app: kept for them, shown live while it is open."""

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="inbox_items")
    person = models.ForeignKey(Person, models.CASCADE, related_name="inbox_items")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        constraints = [
            models.UniqueConstraint(fields=["telling", "person"], name="once_in_each_inbox")
        ]
        indexes = [models.Index(fields=["person", "-id"], name="inbox_newest_first")]

    def __str__(self) -> str:
        return f"inbox {self.pk}"


class Budget(models.Model):
    """How fast one transport may be used, by all senders together: a leaky bucket as one instant.

    `spent_until` is the instant up to which the allowance is spent (the virtual scheduling form of
    the generic cell rate algorithm, ITU-T I.371); `paused_until` is what the provider asked for.
    Both by the database's clock.
    """

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    spent_until = models.DateTimeField(_("spent until"))
    paused_until = models.DateTimeField(_("paused until"), null=True)
    trouble = models.CharField(_("trouble"), max_length=80, blank=True, default="")
    trouble_at = models.DateTimeField(_("trouble since"), null=True)

    class Meta:
        verbose_name = _("sending budget")
        verbose_name_plural = _("sending budgets")

    def __str__(self) -> str:
        return self.name
