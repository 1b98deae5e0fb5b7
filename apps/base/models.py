"""The rows behind the habits: command keys, work, the audit chain, media, what lives on screens."""

import uuid
from typing import Any, Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(Func):
    """The running transaction's full id (xid8) as bigint; sorts by start, never wraps."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class LiveRow(models.Model):
    """A row that live screens follow.

    `version` grows with each change of this row: a client keeps the greater one, so deltas may
    arrive in any order. `changed_in` is the writing transaction: "everything since horizon h" is
    `changed_in >= h`, where h was `pg_snapshot_xmin` of an earlier snapshot.
    """

    version = models.BigIntegerField(default=1, editable=False)
    changed_in = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def touched() -> dict[str, Any]:
        """The columns every `update()` of a live row must carry: `update(**touched(), …)`."""
        return {"version": F("version") + 1, "changed_in": CurrentTransaction()}


class CommandKey(models.Model):
    """One carried-out command: its key, what was asked, what came of it."""

    actor = models.CharField(max_length=80)
    command = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    outcome = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("command key")
        verbose_name_plural = _("command keys")
        constraints = [
            models.UniqueConstraint(fields=["actor", "command", "key"], name="one_row_per_command")
        ]
        indexes = [BrinIndex(fields=["created_at"], name="command_key_retention")]

    def __str__(self) -> str:
        return f"{self.command} {self.key}"


class WorkQuerySet(models.QuerySet["Work"]):
    def due(self, at: Any) -> Self:
        return self.filter(state=Work.State.WAITING, due_at__lte=at)

    def failed(self) -> Self:
        return self.filter(state=Work.State.FAILED)


class Work(models.Model):
    """Something that must happen, committed with its cause; a sweeper finds and does it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=80)
    key = models.CharField(_("key"), max_length=200, null=True, blank=True)  # noqa: DJ001 - null repeats
    payload = models.JSONField(_("payload"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    request_id = models.CharField(_("request id"), max_length=64, default="-")
    created_at = models.DateTimeField(_("created at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("work row")
        verbose_name_plural = _("work rows")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_work_row_per_key")]
        indexes = [
            # The sweeper's question: what waits and is due, oldest first.
            models.Index(
                fields=["due_at"], condition=models.Q(state="waiting"), name="work_waiting"
            ),
            # The staff page's question: what failed.
            models.Index(fields=["kind"], condition=models.Q(state="failed"), name="work_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key or self.pk}"


class AuditEntry(models.Model):
    """One staff action, chained to the one before by its hash; appended, never edited."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("actor"), max_length=120)
    action = models.CharField(_("action"), max_length=120)
    subject = models.CharField(_("subject"), max_length=200)
    detail = models.JSONField(_("detail"), default=dict)
    request_id = models.CharField(_("request id"), max_length=64, default="-")
    previous_hash = models.CharField(_("hash before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-number"]
        indexes = [
            # "What happened to this thing?", newest first.
            models.Index(fields=["subject", "-number"], name="audit_by_subject")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"


class Media(models.Model):
    """A photo taken in, stripped of its metadata, which is kept apart and not published."""

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to="media/%Y/%m/")
    content_type = models.CharField(_("media type"), max_length=40)
    size_bytes = models.PositiveIntegerField(_("size (bytes)"))
    width_px = models.PositiveIntegerField(_("width (px)"))
    height_px = models.PositiveIntegerField(_("height (px)"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    perceptual_hash = models.BigIntegerField(
        _("perceptual hash"), help_text=_("64-bit difference hash, signed")
    )
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    taken_lon = models.FloatField(_("longitude where taken"), null=True, blank=True)
    taken_lat = models.FloatField(_("latitude where taken"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return str(self.code)
