"""A promised ride: who, from where to where, what was said, and how it went."""

import uuid
from typing import Self

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base.models import LiveRow
from apps.drt.core.capacity import Capacity
from apps.drt.core.lifecycle import OPEN, WAITING
from apps.drt.core.lifecycle import State as Life
from apps.drt.models.area import OperatingRule, Service, VirtualStop
from apps.drt.models.fleet import Shift


class BookingQuerySet(models.QuerySet["Booking"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def seeking(self) -> Self:
        """Promised, and without a vehicle since theirs broke down."""
        return self.filter(state=Life.SEEKING)


class Booking(LiveRow):
    class State(models.TextChoices):
        CONFIRMED = Life.CONFIRMED.value, _("confirmed")
        SEEKING = Life.SEEKING.value, _("looking for another vehicle")
        APPROACHING = Life.APPROACHING.value, _("on its way")
        ARRIVED = Life.ARRIVED.value, _("vehicle is there")
        ONBOARD = Life.ONBOARD.value, _("on board")
        COMPLETED = Life.COMPLETED.value, _("completed")
        NO_SHOW = Life.NO_SHOW.value, _("did not come")
        CANCELLED_BY_RIDER = Life.CANCELLED_BY_RIDER.value, _("cancelled")
        CANCELLED_BY_OPERATOR = Life.CANCELLED_BY_OPERATOR.value, _("called off")

    class Channel(models.TextChoices):
        APP = "app", _("app")
        CHAT = "chat", _("chat")
        PHONE = "phone", _("telephone")
        STAFF = "staff", _("staff")

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    offer = models.UUIDField(_("offer"), unique=True, editable=False)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("service")
    )
    rule = models.ForeignKey(
        OperatingRule, on_delete=models.SET_NULL, related_name="bookings",
        verbose_name=_("operating rule"), null=True, blank=True,
    )  # fmt: skip
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="drt_bookings", verbose_name=_("person")
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.APP
    )
    state = models.CharField(
        _("state"), max_length=24, choices=State.choices, default=State.CONFIRMED
    )
    shift = models.ForeignKey(
        Shift, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("vehicle"),
        null=True, blank=True,
    )  # fmt: skip
    pinned = models.BooleanField(
        _("stays on its vehicle"), default=False, help_text=_("The optimiser does not move it.")
    )

    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    wheelchair_bays = models.PositiveSmallIntegerField(_("wheelchairs"), default=0)
    pushchairs = models.PositiveSmallIntegerField(_("pushchairs"), default=0)
    luggage = models.PositiveSmallIntegerField(_("luggage"), default=0)
    step_free = models.BooleanField(_("step-free"), default=False)

    # Where they really start and go; forgotten soon after the ride.
    origin_geom = models.PointField(_("origin"), srid=4326, null=True, blank=True)
    destination_geom = models.PointField(_("destination"), srid=4326, null=True, blank=True)
    origin_name = models.CharField(_("from"), max_length=200, blank=True)
    destination_name = models.CharField(_("to"), max_length=200, blank=True)
    pickup_stop = models.ForeignKey(
        VirtualStop, on_delete=models.PROTECT, related_name="+", verbose_name=_("pick-up")
    )
    dropoff_stop = models.ForeignKey(
        VirtualStop, on_delete=models.PROTECT, related_name="+", verbose_name=_("drop-off")
    )
    walk_to_m = models.PositiveIntegerField(_("walk to the stop (m)"), default=0)
    walk_from_m = models.PositiveIntegerField(_("walk from the stop (m)"), default=0)

    # The promise.
    depart_after_at = models.DateTimeField(_("depart after"), null=True, blank=True)
    arrive_by_at = models.DateTimeField(_("arrive by"), null=True, blank=True)
    pickup_earliest_at = models.DateTimeField(_("pick-up from"))
    pickup_latest_at = models.DateTimeField(_("pick-up until"))
    dropoff_earliest_at = models.DateTimeField(_("drop-off from"), null=True, blank=True)
    dropoff_latest_at = models.DateTimeField(_("drop-off until"))
    max_ride_s = models.PositiveIntegerField(_("longest ride (s)"))
    direct_s = models.PositiveIntegerField(_("direct way (s)"))
    board_s = models.PositiveSmallIntegerField(_("boarding takes (s)"))
    alight_s = models.PositiveSmallIntegerField(_("alighting takes (s)"))

    # The present plan, as the rider sees it.
    pickup_at = models.DateTimeField(_("pick-up at"), null=True, blank=True)
    dropoff_at = models.DateTimeField(_("drop-off at"), null=True, blank=True)
    eta_spread_s = models.PositiveIntegerField(_("give or take (s)"), default=0)
    change_reason = models.CharField(_("reason of the last change"), max_length=40, blank=True)
    # The promise could not be kept, by the world's doing: by how much.
    late_s = models.PositiveIntegerField(_("late by (s)"), default=0)

    fare = models.PositiveIntegerField(_("fare"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    fare_lines = models.JSONField(_("fare, line by line"), default=list)
    note = models.CharField(_("note for the driver"), max_length=200, blank=True)

    created_at = models.DateTimeField(_("created at"))
    arrived_at = models.DateTimeField(_("vehicle arrived at"), null=True, blank=True)
    boarded_at = models.DateTimeField(_("boarded at"), null=True, blank=True)
    alighted_at = models.DateTimeField(_("alighted at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ride")
        verbose_name_plural = _("rides")
        ordering = ["-pickup_earliest_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pickup_earliest_at__lte=F("pickup_latest_at"))
                & Q(pickup_earliest_at__lt=F("dropoff_latest_at")),
                name="a_promise_is_a_window",
            ),
            models.CheckConstraint(
                condition=Q(seats__gt=0) | Q(wheelchair_bays__gt=0), name="somebody_rides"
            ),
            # Who rides or waits has a vehicle; who seeks one has none.
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "approaching", "arrived", "onboard"])
                | Q(shift__isnull=False),
                name="a_promised_ride_has_a_vehicle",
            ),
        ]
        indexes = [
            # "My rides", newest first.
            models.Index(fields=["person", "-pickup_earliest_at"], name="drt_bookings_of_person"),
            # The dispatcher's question: who is carried by this shift?
            models.Index(
                fields=["shift"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="drt_bookings_open",
            ),
            # Demand by zone and hour, and retention.
            models.Index(fields=["service", "pickup_earliest_at"], name="drt_bookings_by_time"),
            models.Index(fields=["changed_in"], name="drt_booking_changes"),
        ]

    def __str__(self) -> str:
        return str(self.code)[:8]

    @property
    def life(self) -> Life:
        return Life(self.state)

    @property
    def party(self) -> Capacity:
        return Capacity(self.seats, self.wheelchair_bays, self.pushchairs, self.luggage)

    @property
    def is_open(self) -> bool:
        return self.life in OPEN
