"""Spaces that can be booked, and their bookings. Two bookings of one space cannot overlap: the
database refuses, whoever asks and however fast."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.parking.core.reservations import BLOCKING, Terms
from apps.parking.core.reservations import State as Life
from apps.parking.models.sites import Bay, CapacityPool
from apps.parking.models.tariffs import Tariff

MINUTE = timedelta(minutes=1)


class BookingPolicy(models.Model):
    """How a pool may be booked. Without a row it cannot."""

    pool = models.OneToOneField(
        CapacityPool,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="booking_policy",
        verbose_name=_("pool"),
    )
    reservable = models.PositiveIntegerField(
        _("spaces that can be booked"), help_text=_("Never more than the pool has.")
    )
    turnover_min = models.PositiveSmallIntegerField(_("minutes between bookings"), default=10)
    min_stay_min = models.PositiveIntegerField(_("shortest stay (min)"), default=30)
    max_stay_min = models.PositiveIntegerField(_("longest stay (min)"), default=1440)
    max_ahead_days = models.PositiveSmallIntegerField(_("bookable days ahead"), default=30)
    no_show_min = models.PositiveSmallIntegerField(_("minutes to wait for the car"), default=30)
    cancel_free_min = models.PositiveIntegerField(
        _("free cancellation until (min before)"), default=60
    )
    late_fee_percent = models.PositiveSmallIntegerField(_("late cancellation fee (%)"), default=50)
    no_show_percent = models.PositiveSmallIntegerField(_("no-show fee (%)"), default=100)
    overstay_grace_min = models.PositiveSmallIntegerField(_("minutes late for free"), default=5)

    class Meta:
        verbose_name = _("booking policy")
        verbose_name_plural = _("booking policies")
        constraints = [
            models.CheckConstraint(
                condition=Q(late_fee_percent__lte=100, no_show_percent__lte=100),
                name="fees_are_shares",
            ),
            models.CheckConstraint(
                condition=Q(min_stay_min__lte=F("max_stay_min")), name="stays_have_a_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}"

    def clean(self) -> None:
        if self.reservable > self.pool.total:
            raise ValidationError({"reservable": _("Never more than the pool has.")})

    @property
    def turnover(self) -> timedelta:
        return self.turnover_min * MINUTE

    @property
    def terms(self) -> Terms:
        return Terms(
            cancel_free=self.cancel_free_min * MINUTE,
            late_fee_percent=self.late_fee_percent,
            no_show_percent=self.no_show_percent,
        )


class SpaceQuerySet(models.QuerySet["Space"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)

    def free_in(self, start: datetime, end: datetime) -> Self:
        """Those without a standing booking in the span, as far as this snapshot knows."""
        taken = Reservation.objects.standing(clock.now()).filter(
            space=models.OuterRef("pk"), during__overlap=(start, end)
        )
        return self.in_use().filter(~models.Exists(taken))


class Space(models.Model):
    """One bookable space of a pool: a certain bay, or any one of those that look alike."""

    pool = models.ForeignKey(
        CapacityPool, on_delete=models.PROTECT, related_name="spaces", verbose_name=_("pool")
    )
    number = models.PositiveIntegerField(_("number"))
    bay = models.OneToOneField(
        Bay,
        on_delete=models.PROTECT,
        related_name="space",
        verbose_name=_("bay"),
        null=True,
        blank=True,
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("bookable space")
        verbose_name_plural = _("bookable spaces")
        constraints = [
            models.UniqueConstraint(fields=["pool", "number"], name="one_space_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}/{self.number}"


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def blocking(self) -> Self:
        return self.filter(state__in=BLOCKING)

    def standing(self, at: datetime) -> Self:
        """Blocking ones, without holds whose time is over."""
        return self.blocking().exclude(state=Life.HELD, expires_at__lte=at)

    def run_out(self, at: datetime) -> Self:
        return self.filter(state=Life.HELD, expires_at__lte=at)

    def awaited(self, at: datetime, lead: timedelta) -> Self:
        """Spaces kept for cars that have not come: a sensor sees them free, they are not."""
        return (
            self.standing(at)
            .exclude(state=Life.ACTIVE)
            .filter(starts_at__lt=at + lead, during__endswith__gt=at)
        )

    def reserved_now(
        self, pool_ids: Sequence[int], at: datetime, lead: timedelta = timedelta(minutes=15)
    ) -> dict[int, int]:
        """Per pool how many spaces that look free are kept for somebody; pools without any are
        left out. One statement, whatever the number of pools."""
        rows = self.awaited(at, lead).filter(space__pool__in=pool_ids)
        counted = rows.order_by().values_list("space__pool").annotate(kept=Count("pk"))
        return dict(counted)


class Reservation(models.Model):
    class State(models.TextChoices):
        HELD = Life.HELD.value, _("held")
        CONFIRMED = Life.CONFIRMED.value, _("confirmed")
        ACTIVE = Life.ACTIVE.value, _("parked")
        COMPLETED = Life.COMPLETED.value, _("completed")
        NO_SHOW = Life.NO_SHOW.value, _("did not come")
        CANCELLED = Life.CANCELLED.value, _("cancelled")
        EXPIRED = Life.EXPIRED.value, _("hold ran out")

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    quote = models.UUIDField(_("quote"), unique=True, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="reservations", verbose_name=_("person")
    )
    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, related_name="reservations", verbose_name=_("space")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    # With the turnover, and pushed on while a car overstays.
    during = DateTimeRangeField(_("space is kept"))
    expires_at = models.DateTimeField(_("hold runs out at"))
    plate = models.CharField(_("number plate"), max_length=20, blank=True)
    price = models.PositiveBigIntegerField(_("price"))
    currency = models.CharField(_("currency"), max_length=3)
    explanation = models.JSONField(_("explanation"), default=list)
    tariff = models.ForeignKey(
        Tariff,
        on_delete=models.PROTECT,
        related_name="reservations",
        verbose_name=_("tariff"),
        null=True,
        blank=True,
    )
    offer = models.ForeignKey(
        "SharedOffer",
        on_delete=models.PROTECT,
        related_name="reservations",
        verbose_name=_("shared offer"),
        null=True,
        blank=True,
    )
    discounts = ArrayField(
        models.SlugField(max_length=40), verbose_name=_("discounts"), default=list, blank=True
    )
    overstayed = models.BooleanField(_("overstayed"), default=False)
    moves = models.PositiveSmallIntegerField(_("times given another space"), default=0)
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(_("came at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("over at"), null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            ExclusionConstraint(
                name="no_double_booking",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=[state.value for state in BLOCKING]),
            ),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_booking_lasts"),
            models.CheckConstraint(
                condition=Q(during__contains=F("starts_at")), name="a_space_is_kept_from_the_start"
            ),
        ]
        indexes = [
            # "My bookings", newest first.
            models.Index(fields=["person", "-starts_at"], name="reservations_of_person"),
            # The sweeper's questions: holds that ran out, cars that did not come, cars that stay.
            models.Index(
                fields=["expires_at"], condition=Q(state="held"), name="reservations_held"
            ),
            models.Index(
                fields=["starts_at"], condition=Q(state="confirmed"), name="reservations_confirmed"
            ),
            models.Index(
                fields=["ends_at"], condition=Q(state="active"), name="reservations_active"
            ),
        ]

    def __str__(self) -> str:
        return str(self.code)[:8]

    @property
    def life(self) -> Life:
        return Life(self.state)

    def is_blocking(self) -> bool:
        return self.life in BLOCKING


class ReservationChange(models.Model):
    """What happened to a booking; appended, never edited."""

    reservation = models.ForeignKey(
        Reservation, on_delete=models.CASCADE, related_name="changes", verbose_name=_("reservation")
    )
    at = models.DateTimeField(_("at"))
    what = models.CharField(_("what"), max_length=20)
    actor = models.CharField(_("by"), max_length=120)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("change of a reservation")
        verbose_name_plural = _("changes of reservations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.what
