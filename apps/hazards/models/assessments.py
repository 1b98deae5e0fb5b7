"""Assessments: what somebody or something holds to be dangerous, in the terms of CAP 1.2."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, Person, ScopedQuerySet
from apps.city.models import metres_field


class Severity(models.TextChoices):
    EXTREME = "Extreme", _("extreme")
    SEVERE = "Severe", _("severe")
    MODERATE = "Moderate", _("moderate")
    MINOR = "Minor", _("minor")
    UNKNOWN = "Unknown", _("unknown")


class Certainty(models.TextChoices):
    OBSERVED = "Observed", _("observed")
    LIKELY = "Likely", _("likely (more than half)")
    POSSIBLE = "Possible", _("possible (up to half)")
    UNLIKELY = "Unlikely", _("unlikely")
    UNKNOWN = "Unknown", _("unknown")


class Urgency(models.TextChoices):
    IMMEDIATE = "Immediate", _("immediate: act now")
    EXPECTED = "Expected", _("expected: within the hour")
    FUTURE = "Future", _("future")
    PAST = "Past", _("past")
    UNKNOWN = "Unknown", _("unknown")


class HazardKind(models.TextChoices):
    FLOOD = "flood", _("flood")
    SURFACE_WATER = "surface_water", _("flooded street or underpass")
    STRUCTURE = "structure", _("structure in danger")
    LANDSLIDE = "landslide", _("landslide")
    FIRE = "fire", _("fire")
    SMOKE = "smoke", _("smoke or gas")
    STORM = "storm", _("storm")
    HEAT = "heat", _("heat")
    COLD = "cold", _("cold, ice or snow")
    CROWD = "crowd", _("crowd")
    CLOSURE = "closure", _("closure")
    WATER_SUPPLY = "water_supply", _("water supply")
    OTHER = "other", _("other danger")


class AssessmentQuerySet(ScopedQuerySet["Assessment"]):
    department_lookup: ClassVar[str] = "department_id"

    def open(self) -> "AssessmentQuerySet":
        return self.filter(state__in=Assessment.OPEN)


class Assessment(models.Model):
    """One danger, as its source sees it. The same source and reference again brings it up to date
    (`revision` grows); a new one may supersede another. Words and audience are for alerts."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        TAKEN = "taken", _("an officer is on it")
        ALERTED = "alerted", _("people were warned")
        DISMISSED = "dismissed", _("no danger")
        OVER = "over", _("over")
        SUPERSEDED = "superseded", _("superseded")

    OPEN = (State.NEW, State.TAKEN, State.ALERTED)
    # What cameras see goes to the safety desk, never straight to citizens.
    CAMERA = "camera"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=HazardKind.choices)
    summary = models.CharField(_("summary"), max_length=200)
    geom = models.MultiPolygonField(_("area"))
    geom_m = metres_field()
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty.choices)
    urgency = models.CharField(
        _("urgency"), max_length=10, choices=Urgency.choices, default=Urgency.EXPECTED
    )
    probability = models.FloatField(_("probability"), null=True, blank=True)
    depth_m = models.FloatField(_("depth in metres"), null=True, blank=True)
    evidence = models.JSONField(
        _("evidence"),
        default=list,
        blank=True,
        help_text=_("A list of objects: title, value, unit, at, link"),
    )
    onset_at = models.DateTimeField(_("begins at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=40)
    reference = models.CharField(_("reference at the source"), max_length=120)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    superseded_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="supersedes"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="assessments", verbose_name=_("department")
    )
    taken_by = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assessments_taken",
        verbose_name=_("taken by"),
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    updated_at = models.DateTimeField(_("updated at"), editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"], name="one_assessment_per_reference"
            ),
            models.CheckConstraint(
                condition=Q(probability=None) | Q(probability__gte=0, probability__lte=1),
                name="probability_is_a_share",
            ),
        ]
        indexes = [
            # The inbox: what is open, newest first.
            models.Index(
                fields=["-updated_at"],
                condition=Q(state__in=("new", "taken", "alerted")),
                name="assessment_inbox",
            )
        ]

    def __str__(self) -> str:
        return self.summary or f"{self.kind} {self.reference}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def for_the_desk_alone(self) -> bool:
        """Whether only a person may make an alert of it, whatever was agreed beforehand."""
        return self.source == self.CAMERA
