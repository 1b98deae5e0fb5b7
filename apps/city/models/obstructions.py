"""What is in the way: one fact for a flooded street, a broken lift, road works, a reported barrier.

A row states facts, not verdicts: whether a way is passable for somebody is for navigation, drt and
parking to say.
"""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.base.models import LiveRow, Media
from apps.city.models.geometry import metres_field


class ObstructionQuerySet(models.QuerySet["Obstruction"]):
    def open(self) -> Self:
        return self.filter(state__in=Obstruction.OPEN)

    def active_at(self, instant: datetime) -> Self:
        """Open ones whose time has come and is not over."""
        return self.open().filter(
            Q(valid_to=None) | Q(valid_to__gt=instant), valid_from__lte=instant
        )

    def changed_since(self, horizon: int) -> Self:
        return self.filter(changed_in__gte=horizon)


class Obstruction(LiveRow):
    class Kind(models.TextChoices):
        FLOOD = "flood", _("flooding")
        ROAD_WORKS = "road_works", _("road works")
        CLOSURE = "closure", _("closure")
        BROKEN_LIFT = "broken_lift", _("lift out of order")
        BARRIER = "barrier", _("barrier")
        DEBRIS = "debris", _("debris")
        ICE = "ice", _("ice or snow")
        COLLAPSE = "collapse", _("damaged ground or structure")
        CROWD = "crowd", _("crowd or event")
        OTHER = "other", _("other")

    class Stops(models.TextChoices):
        """Whom the obstruction itself stops, as its source says."""

        FOOT = "foot", _("people on foot")
        WHEELS = "wheels", _("wheelchairs and pushchairs")
        BICYCLE = "bicycle", _("bicycles")
        CAR = "car", _("cars")
        BUS = "bus", _("buses and lorries")
        EMERGENCY = "emergency", _("emergency vehicles")

    class State(models.TextChoices):
        REPORTED = "reported", _("reported")
        CONFIRMED = "confirmed", _("confirmed")
        CLOSED = "closed", _("over")
        REFUSED = "refused", _("not true")

    OPEN = (State.REPORTED, State.CONFIRMED)
    MOVES: dict[str, frozenset[str]] = {
        State.REPORTED: frozenset({State.CONFIRMED, State.CLOSED, State.REFUSED}),
        State.CONFIRMED: frozenset({State.CLOSED, State.REFUSED}),
        # The same source saw the same thing again: a lift that breaks twice, a street that floods.
        State.CLOSED: frozenset({State.REPORTED, State.CONFIRMED}),
        # Staff took a true report for a false one.
        State.REFUSED: frozenset({State.CONFIRMED}),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    description = models.CharField(_("description"), max_length=500, blank=True)
    geom = models.GeometryField(_("where"))
    geom_m = metres_field()
    depth_m = models.FloatField(_("depth in metres"), null=True, blank=True)
    width_left_m = models.FloatField(_("width left in metres"), null=True, blank=True)
    stops = ArrayField(
        models.CharField(max_length=10, choices=Stops.choices),
        default=list,
        blank=True,
        verbose_name=_("what it stops"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REPORTED
    )
    certainty = models.FloatField(_("certainty"), default=0.5, help_text=_("0 to 1"))
    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=40)
    reference = models.CharField(_("reference at the source"), max_length=120)
    photo = models.ForeignKey(
        Media, models.SET_NULL, null=True, blank=True, verbose_name=_("photo"), related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), editable=False)

    objects = ObstructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("obstruction")
        verbose_name_plural = _("obstructions")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"], name="one_obstruction_per_reference"
            ),
            models.CheckConstraint(
                condition=Q(certainty__gte=0, certainty__lte=1), name="certainty_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(depth_m=None) | Q(depth_m__gte=0), name="depth_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(width_left_m=None) | Q(width_left_m__gte=0),
                name="width_left_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="obstruction_ends_after_it_begins",
            ),
        ]
        indexes = [
            # "What is in the way now?"
            models.Index(
                fields=["valid_from"],
                condition=Q(state__in=("reported", "confirmed")),
                name="obstruction_open",
            ),
            # "What changed since this horizon?", asked before every route.
            models.Index(fields=["changed_in"], name="obstruction_changes"),
            # The retention rule: what was over long ago.
            BrinIndex(fields=["created_at"], name="obstruction_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def may_become(self, state: str) -> bool:
        return state in self.MOVES[self.state]
