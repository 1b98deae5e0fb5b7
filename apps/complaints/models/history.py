"""What happened to a request, appended and never edited: moves, hand-overs, notes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, Person
from apps.complaints.core.states import ALLOWED
from apps.complaints.models.requests import ServiceRequest


class StatusChange(models.Model):
    """One move of the table. A trigger lets nobody change or remove a row; retention may only empty
    its words."""

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="changes")
    move = models.CharField(_("move"), max_length=60)
    state = models.CharField(_("state"), max_length=24, choices=ServiceRequest.State.choices)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("by"), max_length=120)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    public_note = models.CharField(_("said to the reporter"), max_length=1000, blank=True)
    media_url = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(move__in=ALLOWED), name="move_is_in_the_table")
        ]
        indexes = [
            # Open311's update exchange: what was said since.
            models.Index(fields=["at"], name="status_changes_since")
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.move}"


class Assignment(models.Model):
    """Who had it from when on."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="assignments")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department")
    )
    assignee = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="complaint_assignments",
        verbose_name=_("assigned to"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("by"), max_length=120)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.department_id}"


class Note(models.Model):
    """What staff write for one another."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("by"), max_length=120)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Link(models.Model):
    """Two reports held to speak of the same thing; `undone_at` takes it back, the row stays."""

    class How(models.TextChoices):
        CITIZEN = "citizen", _("the reporter said so")
        STAFF = "staff", _("staff said so")
        SYSTEM = "system", _("nearly certain, same reporter")

    repeat = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="links")
    original = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="linked_repeats")
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    score = models.FloatField(_("likeness"), null=True)
    state_before = models.CharField(max_length=24)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("by"), max_length=120)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    undone_by = models.CharField(_("taken back by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["repeat"], condition=Q(undone_at=None), name="one_standing_link"
            )
        ]

    def __str__(self) -> str:
        return f"{self.repeat_id} = {self.original_id}"
