"""What the vehicles are going to do, as versioned rows, and what has been done."""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.utils.translation import gettext_lazy as _

from apps.base.models import LiveRow
from apps.drt.models.area import Service, VirtualStop
from apps.drt.models.fleet import Shift


class TravelTable(models.Model):
    """Seconds between all places of a service, one version a row; the newest counts.

    `places` names rows and columns: `stop:CODE` and `depot:CODE`. `times` holds whole seconds as
    little-endian unsigned 32-bit integers, row by row, rounded up so that the triangle inequality
    stands. `factors` split the local day into equal slices. `overlay` is a digest of what was in
    the way of vehicles when the ways were asked for: whoever starts later knows what is new.
    """

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="travel_tables", verbose_name=_("service")
    )
    source = models.CharField(
        _("source"), max_length=120, help_text=_("The graph's version, or how it was estimated.")
    )
    places = ArrayField(models.CharField(max_length=80), verbose_name=_("places"))
    times = models.BinaryField(_("times"))
    factors = ArrayField(models.FloatField(), verbose_name=_("factors by time of day"))
    overlay = models.CharField(_("what was in the way"), max_length=32, blank=True)
    built_at = models.DateTimeField(_("built at"))

    class Meta:
        verbose_name = _("travel table")
        verbose_name_plural = _("travel tables")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.pk}"


class VehiclePlan(LiveRow):
    """The stops ahead of one shift. `version` is what confirmations and the optimiser compare.

    `stops` is the order, each as `{"id", "act", "place", "at", "latest_at"}`: the booking's code
    (or `break:PK`), pickup | dropoff | break, the place as the travel table names it, and the
    earliest and the latest moment at which service begins there.
    """

    shift = models.OneToOneField(
        Shift, on_delete=models.CASCADE, primary_key=True, related_name="plan",
        verbose_name=_("shift"),
    )  # fmt: skip
    stops = models.JSONField(_("stops"), default=list)
    locked = models.PositiveSmallIntegerField(
        _("locked stops"), default=0, help_text=_("The first ones keep order and vehicle.")
    )
    # Where a vehicle under way is free again, and since when it is on the road.
    standing_place = models.CharField(_("stands at"), max_length=80, blank=True)
    free_at = models.DateTimeField(_("free at"), null=True, blank=True)
    began_at = models.DateTimeField(_("on the road since"), null=True, blank=True)
    leave_at = models.DateTimeField(_("leave for the next stop at"), null=True, blank=True)
    # Where to wait while there is nothing to do (rebalancing).
    wait_at = models.ForeignKey(
        VirtualStop, on_delete=models.SET_NULL, related_name="+", verbose_name=_("wait at"),
        null=True, blank=True,
    )  # fmt: skip
    late_s = models.PositiveIntegerField(_("late by (s)"), default=0)
    acknowledged_version = models.BigIntegerField(_("version the driver has seen"), default=0)
    acknowledged_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    revised_at = models.DateTimeField(_("revised at"))
    reason = models.CharField(_("reason of the last change"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("vehicle plan")
        verbose_name_plural = _("vehicle plans")
        # "Which plans changed since this horizon?", asked before every quote.
        indexes = [models.Index(fields=["changed_in"], name="drt_plan_changes")]

    def __str__(self) -> str:
        return f"{self.shift} v{self.version}"


class StopVisit(models.Model):
    """A stop that was made; appended, never edited."""

    class Act(models.TextChoices):
        PICKUP = "pickup", _("boarded")
        DROPOFF = "dropoff", _("alighted")
        NO_SHOW = "no_show", _("did not come")
        BREAK = "break", _("break")

    shift = models.ForeignKey(
        Shift, on_delete=models.CASCADE, related_name="visits", verbose_name=_("shift")
    )
    booking = models.ForeignKey(
        "Booking", on_delete=models.CASCADE, related_name="visits", verbose_name=_("booking"),
        null=True, blank=True,
    )  # fmt: skip
    act = models.CharField(_("what"), max_length=10, choices=Act.choices)
    place = models.CharField(_("place"), max_length=80)
    planned_at = models.DateTimeField(_("planned at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("stop made")
        verbose_name_plural = _("stops made")
        ordering = ["done_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "act"], name="nobody_boards_twice")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.act}"


class DispatchEvent(models.Model):
    """What the dispatcher decided and why; appended, never edited (a trigger refuses it)."""

    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=40)
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="events", verbose_name=_("service")
    )
    shift = models.ForeignKey(
        Shift, on_delete=models.CASCADE, related_name="events", verbose_name=_("shift"),
        null=True, blank=True,
    )  # fmt: skip
    booking = models.ForeignKey(
        "Booking", on_delete=models.CASCADE, related_name="events", verbose_name=_("booking"),
        null=True, blank=True,
    )  # fmt: skip
    plan_version = models.BigIntegerField(_("plan version"), null=True, blank=True)
    actor = models.CharField(_("by"), max_length=120)
    detail: "models.JSONField[Any, Any]" = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("dispatch event")
        verbose_name_plural = _("dispatch log")
        ordering = ["-pk"]
        indexes = [
            # "Why this vehicle?", "What happened to this ride?"
            models.Index(fields=["booking", "id"], name="drt_events_of_booking"),
            models.Index(fields=["shift", "id"], name="drt_events_of_shift"),
            BrinIndex(fields=["at"], name="drt_events_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M:%S}"
