"""Service requests: what somebody reported, where it stands, and by when it shall be answered."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, Person, ScopedQuerySet
from apps.city.models import metres_field
from apps.complaints.core.states import CLOSED, OPEN, PAUSED
from apps.complaints.core.states import State as Life
from apps.complaints.models.catalogue import Service

REOPEN_WITHIN = timedelta(days=30)


class NextSerial(Func):
    """The next number of the city's one series; gaps are no harm, waiting for one another is."""

    template = "nextval('complaints_serial')"
    output_field = models.BigIntegerField()


class ServiceRequestQuerySet(ScopedQuerySet["ServiceRequest"]):
    department_lookup: ClassVar[str] = "department_id"
    area_lookup: ClassVar[str] = "district_code"

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def public(self) -> Self:
        """What anybody may see: not withdrawn by its reporter, and of a service that is shown."""
        return self.filter(is_public=True).exclude(
            state__in=(Life.WITHDRAWN, Life.ANONYMISED, Life.REJECTION_PROPOSED)
        )

    def within_m(self, east_m: float, north_m: float, metres: float) -> Self:
        """At most `metres` from a point of the city's metres."""
        here = Func(
            Value(east_m), Value(north_m), function="ST_MakePoint", output_field=metres_field()
        )
        return self.filter(
            Func(
                F("geom_m"), here, Value(metres), function="ST_DWithin",
                output_field=models.BooleanField(),
            )
        )  # fmt: skip


class ServiceRequest(models.Model):
    """One report. `description` is masked; the words as they came are sealed in `Original`."""

    class State(models.TextChoices):
        RECEIVED = Life.RECEIVED, _("received")
        NEEDS_LOCATION = Life.NEEDS_LOCATION, _("place wanted")
        WAITING_CITIZEN = Life.WAITING_CITIZEN, _("waiting for your answer")
        TRIAGED = Life.TRIAGED, _("sorted")
        ASSIGNED = Life.ASSIGNED, _("with the department")
        IN_PROGRESS = Life.IN_PROGRESS, _("being worked on")
        SCHEDULED = Life.SCHEDULED, _("planned")
        TRANSFERRED_EXTERNAL = Life.TRANSFERRED_EXTERNAL, _("passed on to another authority")
        REJECTION_PROPOSED = Life.REJECTION_PROPOSED, _("refusal under review")
        RESOLVED = Life.RESOLVED, _("done")
        REJECTED = Life.REJECTED, _("refused")
        DUPLICATE = Life.DUPLICATE, _("reported before")
        WITHDRAWN = Life.WITHDRAWN, _("withdrawn")
        REOPENED = Life.REOPENED, _("reopened")
        ANONYMISED = Life.ANONYMISED, _("made anonymous")

    class Channel(models.TextChoices):
        WEB = "web", _("app")
        OPEN311 = "open311", _("Open311")
        CHAT = "chat", _("chat")
        PHONE = "phone", _("phone")
        COUNTER = "counter", _("counter")

    class Priority(models.IntegerChoices):
        LOW = 1, _("low")
        NORMAL = 2, _("normal")
        HIGH = 3, _("high")

    class RoutedBy(models.TextChoices):
        NOBODY = "", _("nobody yet")
        CITIZEN = "citizen", _("the reporter's choice")
        RULE = "rule", _("a rule")
        MODEL = "model", _("the model")
        STAFF = "staff", _("staff")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True)
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="requests", verbose_name=_("service")
    )
    state = models.CharField(
        _("state"), max_length=24, choices=State.choices, default=State.RECEIVED
    )
    status_notes = models.CharField(_("what was said last"), max_length=1000, blank=True)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(_("language"), max_length=8)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    geom = models.PointField(_("where"), null=True, blank=True)
    geom_m = metres_field(null=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    address_id = models.CharField(_("address id"), max_length=80, blank=True)
    zipcode = models.CharField(_("postcode"), max_length=12, blank=True)
    district_code = models.CharField(_("district"), max_length=40, blank=True)
    channel = models.CharField(
        _("came by"), max_length=10, choices=Channel.choices, default=Channel.WEB
    )
    reporter = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="complaints",
        verbose_name=_("reporter"),
    )  # fmt: skip
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department")
    )
    assignee = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="assigned_complaints",
        verbose_name=_("assigned to"),
    )  # fmt: skip
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    danger = models.CharField(_("danger"), max_length=20, blank=True)
    is_public = models.BooleanField(_("public"), default=True)
    routed_by = models.CharField(
        _("routed by"), max_length=10, choices=RoutedBy.choices, default=RoutedBy.NOBODY, blank=True
    )
    # [{"service": code, "p": 0..1}], the likeliest first, by the model version beside it.
    suggestions = models.JSONField(_("suggestions"), default=list, blank=True)
    model_version = models.PositiveIntegerField(_("model version"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts",
        verbose_name=_("split off from"),
    )  # fmt: skip
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeats",
        verbose_name=_("repeats"),
    )  # fmt: skip
    media_urls = ArrayField(
        models.CharField(max_length=500), default=list, blank=True, editable=False
    )
    requested_at = models.DateTimeField(_("reported at"))
    updated_at = models.DateTimeField(_("changed at"))
    expected_at = models.DateTimeField(_("answer expected by"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-requested_at", "-pk"]
        permissions = [
            ("reveal_original", _("Can read the words as they came (audited)")),
            ("confirm_rejection", _("Can confirm a refusal that a colleague proposed")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in Life]), name="request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="duplicate", duplicate_of__isnull=False)
                | Q(state="anonymised")
                | ~Q(state="duplicate") & Q(duplicate_of=None),
                name="duplicate_names_its_original",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("id")),
                name="no_duplicate_of_itself",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, state__in=sorted(OPEN))
                | Q(closed_at__isnull=False, state__in=sorted(CLOSED)),
                name="closed_has_its_time",
            ),
        ]
        indexes = [
            # Open311's list and the public one: the newest first.
            models.Index(fields=["-requested_at", "-id"], name="request_newest"),
            # A department's inbox: what is open, the most pressing first.
            models.Index(
                fields=["department", "expected_at"],
                condition=Q(closed_at=None),
                name="request_inbox",
            ),
            # What changed since an exchange partner last asked.
            models.Index(fields=["updated_at"], name="request_updates"),
            # One's own.
            models.Index(fields=["reporter", "-requested_at"], name="request_own"),
            # Retention: what was closed long ago.
            models.Index(fields=["closed_at"], name="request_retention"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return Life(self.state) in OPEN

    @property
    def is_paused(self) -> bool:
        return Life(self.state) in PAUSED

    @property
    def open311_status(self) -> str:
        return "open" if self.is_open else "closed"

    def may_be_reopened(self, at: datetime) -> bool:
        """Done or refused, and not longer ago than people may come back to it."""
        return (
            self.state in (Life.RESOLVED, Life.REJECTED)
            and self.closed_at is not None
            and at <= self.closed_at + REOPEN_WITHIN
        )

    def visible(self) -> bool:
        hidden = (Life.WITHDRAWN, Life.ANONYMISED, Life.REJECTION_PROPOSED)
        return self.is_public and self.state not in hidden


class SlaClock(models.Model):
    """A request's time: how long an answer may take, and how much of it is gone."""

    request = models.OneToOneField(
        ServiceRequest, models.CASCADE, primary_key=True, related_name="clock"
    )
    amount = models.PositiveIntegerField(_("period"))
    unit = models.CharField(_("counted in"), max_length=16)
    started_at = models.DateTimeField(_("started at"))
    due_at = models.DateTimeField(_("due at"))
    pauses = models.JSONField(_("stood still"), default=list)  # [[from, to | null], …]
    extensions = models.PositiveSmallIntegerField(_("extensions"), default=0)
    warned_percent = models.PositiveSmallIntegerField(_("warned at (%)"), default=0)
    next_warning_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    MAX_EXTENSIONS = 2

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.CheckConstraint(condition=Q(extensions__lte=2), name="at_most_two_extensions")
        ]
        indexes = [
            # The sweeper's question: whose next warning has come?
            models.Index(
                fields=["next_warning_at"],
                condition=Q(stopped_at=None, next_warning_at__isnull=False),
                name="clock_warnings",
            ),
            # The breach list.
            models.Index(fields=["due_at"], condition=Q(stopped_at=None), name="clock_breaches"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and not self.is_paused

    def is_breached(self, at: datetime) -> bool:
        return (self.stopped_at or at) > self.due_at and not self.is_paused


def as_dict(request: ServiceRequest) -> dict[str, Any]:
    """What a command's outcome keeps of a request."""
    return {"code": str(request.code), "number": request.number}
