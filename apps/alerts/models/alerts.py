"""Alerts: one danger people are warned of, and the messages about it, each approved before it goes
out and never changed after."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, ScopedQuerySet
from apps.alerts.core.cap import RESPONSES
from apps.alerts.core.chains import Step
from apps.base.models import LiveRow
from apps.hazards.models import Assessment, Certainty, HazardKind, Severity, Urgency


class Drill(models.Model):
    """An exercise through the same doors. What is sent in it goes to its participants alone."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name=_("department"))
    started_at = models.DateTimeField(_("started at"), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    report = models.JSONField(_("after-action report"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("drill")
        verbose_name_plural = _("drills")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return self.name


class AlertQuerySet(ScopedQuerySet["Alert"]):
    department_lookup: ClassVar[str] = "department_id"

    def in_force(self) -> Self:
        return self.filter(state=Alert.State.IN_FORCE)

    def public(self) -> Self:
        """What citizens may see: never a test or an exercise."""
        return self.filter(status=Alert.Status.ACTUAL)


class Alert(LiveRow):
    """One danger, from the first draft to the all-clear. `status` is fixed when it is made: a test
    or an exercise can never become an actual alert."""

    class Status(models.TextChoices):
        ACTUAL = "Actual", _("actual")
        EXERCISE = "Exercise", _("exercise")
        TEST = "Test", _("test")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_FORCE = "in_force", _("in force")
        ENDED = "ended", _("over")
        CANCELLED = "cancelled", _("cancelled")
        DROPPED = "dropped", _("dropped")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=HazardKind.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ACTUAL
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    assessment = models.ForeignKey(
        Assessment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="alerts",
        verbose_name=_("assessment"),
    )
    drill = models.ForeignKey(
        Drill, models.PROTECT, null=True, blank=True, related_name="alerts", verbose_name=_("drill")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="alerts", verbose_name=_("department")
    )
    current = models.ForeignKey(
        "Notice", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(drill__isnull=True) | ~Q(status="Actual"),
                name="a_drill_is_never_actual",
            ),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(state__in=("draft", "in_force"), drill__isnull=True),
                name="one_alert_per_assessment",
            ),
        ]
        indexes = [
            # "What is in force?", asked by every app and feed.
            models.Index(fields=["id"], condition=Q(state="in_force"), name="alert_in_force"),
            models.Index(fields=["changed_in"], name="alert_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.code)[:8]}"

    @property
    def cause(self) -> str:
        """What tellings are looked up by."""
        return f"alert:{self.code}"


class Notice(models.Model):
    """One message of an alert: drafted, submitted, approved and issued, or refused."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for approval")
        ISSUED = "issued", _("issued")
        REFUSED = "refused", _("refused")

    STEPS: ClassVar[list[tuple[str, Any]]] = [
        (Step.ALERT.value, _("alert")),
        (Step.UPDATE.value, _("update")),
        (Step.ALL_CLEAR.value, _("all-clear")),
        (Step.CANCEL.value, _("cancel: it was a mistake")),
    ]

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(
        Alert, models.CASCADE, related_name="notices", verbose_name=_("alert")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    step = models.CharField(_("step"), max_length=10, choices=STEPS)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    geom = models.MultiPolygonField(_("area"))
    area_names = models.JSONField(_("names of the area"), default=dict, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty.choices)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices)
    responses = ArrayField(
        models.CharField(max_length=10, choices=[(one, one) for one in RESPONSES]),
        default=list,
        blank=True,
        verbose_name=_("what to do"),
    )
    texts = models.JSONField(_("texts"), default=dict)
    onset_at = models.DateTimeField(_("begins at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("ends at"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    proposed_by = models.CharField(_("proposed by"), max_length=120, blank=True)
    approved_by = models.CharField(_("approved by"), max_length=120, blank=True)
    policy = models.ForeignKey(
        "Policy", models.PROTECT, null=True, blank=True, verbose_name=_("policy")
    )
    alone = models.BooleanField(_("approved by one officer alone"), default=False)
    counts = models.JSONField(_("audience"), null=True, blank=True)
    identifier = models.CharField(_("CAP identifier"), max_length=120, blank=True)
    sender = models.CharField(_("CAP sender"), max_length=120, blank=True)
    references = models.JSONField(_("CAP references"), default=list, blank=True)
    cap_xml = models.TextField(blank=True)
    cap_hash = models.CharField(_("SHA-256 of the CAP message"), max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["alert", "number"]
        permissions = [("approve_notice", _("Can approve notices written by others"))]
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="one_notice_per_number"),
            models.UniqueConstraint(
                fields=["identifier"], condition=~Q(identifier=""), name="one_cap_identifier"
            ),
            models.UniqueConstraint(
                fields=["alert"],
                condition=Q(state__in=("draft", "submitted")),
                name="one_open_notice_per_alert",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(sent_at__isnull=False) & ~Q(cap_xml=""),
                name="what_is_issued_has_its_cap",
            ),
        ]
        indexes = [
            # The feeds: newest first.
            models.Index(fields=["-sent_at"], condition=Q(state="issued"), name="notice_feed")
        ]

    def __str__(self) -> str:
        return f"{self.alert} {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.SUBMITTED)


class Policy(models.Model):
    """What may go out without a second person: agreed on beforehand, for one kind of danger, from
    a severity and a certainty on, in an area and up to a size."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=HazardKind.choices)
    sources = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("sources"),
        help_text=_("Only from these; empty means from any."),
    )
    severity_from = models.CharField(
        _("from this severity"), max_length=10, choices=Severity.choices, default=Severity.SEVERE
    )
    certainty_from = models.CharField(
        _("from this certainty"),
        max_length=10,
        choices=Certainty.choices,
        default=Certainty.OBSERVED,
    )
    within = models.MultiPolygonField(_("only within"), null=True, blank=True)
    max_km2 = models.FloatField(_("at most km²"), default=5.0)
    is_active = models.BooleanField(_("active"), default=True)
    agreed_by = models.CharField(_("agreed by"), max_length=120)

    class Meta:
        verbose_name = _("pre-authorised policy")
        verbose_name_plural = _("pre-authorised policies")

    def __str__(self) -> str:
        return self.name


class Halt(models.Model):
    """The kill switch: while a row stands without an end, no alert goes out."""

    reason = models.CharField(_("reason"), max_length=200)
    pulled_by = models.CharField(_("pulled by"), max_length=120, editable=False)
    pulled_at = models.DateTimeField(_("pulled at"), editable=False)
    released_by = models.CharField(_("released by"), max_length=120, blank=True, editable=False)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("halt of all alerts")
        verbose_name_plural = _("kill switch")
        ordering = ["-pulled_at"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(released_at__isnull=True), name="one_standing_halt"
            )
        ]

    def __str__(self) -> str:
        return self.reason
