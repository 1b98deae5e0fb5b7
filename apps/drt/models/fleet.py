"""Who drives: types, vehicles, drivers, and their shifts with breaks."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base.models import LiveRow
from apps.city.models import metres_field
from apps.drt.core.capacity import Capacity
from apps.drt.core.lifecycle import DRIVABLE, DUTIES, RUNNING, Duty
from apps.drt.core.vehicles import MOST_LAYOUTS
from apps.drt.models.area import Calendar, Named, Service


class Depot(Named):
    """Where vehicles stay overnight and shifts begin and end."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="depots", verbose_name=_("service")
    )
    geom = models.PointField(_("place"), srid=4326)
    geom_m = metres_field()

    class Meta:
        verbose_name = _("depot")
        verbose_name_plural = _("depots")
        ordering = ["code"]


def check_layouts(raw: Any) -> None:
    try:
        layouts = [Capacity(**layout) for layout in raw]
    except (TypeError, ValueError) as error:
        raise ValidationError(
            _("Each layout names seats, wheelchair_bays, pushchairs, luggage.")
        ) from error
    if not 1 <= len(layouts) <= MOST_LAYOUTS or any(layout.is_empty for layout in layouts):
        raise ValidationError(_("One to four layouts, none of them empty."))


class VehicleType(Named):
    """Vehicles that are alike."""

    class Boarding(models.TextChoices):
        """By wheelchair, as GOFS names it."""

        ACCESSIBLE = "boarding_accessible", _("accessible")
        ASSISTED = "boarding_accessible_with_assistance", _("accessible with assistance")
        INACCESSIBLE = "boarding_inaccessible", _("not accessible")

    layouts = models.JSONField(
        _("layouts"),
        validators=[check_layouts],
        help_text=_("Alternatives of seats, wheelchair_bays, pushchairs, luggage."),
    )
    wheelchair_boarding = models.CharField(
        _("boarding by wheelchair"),
        max_length=40,
        choices=Boarding.choices,
        default=Boarding.INACCESSIBLE,
    )

    class Meta:
        verbose_name = _("vehicle type")
        verbose_name_plural = _("vehicle types")
        ordering = ["code"]

    @property
    def capacities(self) -> tuple[Capacity, ...]:
        return tuple(Capacity(**layout) for layout in self.layouts)


class VehicleQuerySet(models.QuerySet["Vehicle"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)


class Vehicle(LiveRow):
    """One van, and where it was last seen."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="vehicles", verbose_name=_("service")
    )
    type = models.ForeignKey(
        VehicleType, on_delete=models.PROTECT, related_name="vehicles", verbose_name=_("type")
    )
    depot = models.ForeignKey(
        Depot, on_delete=models.PROTECT, related_name="vehicles", verbose_name=_("depot")
    )
    label = models.CharField(_("label"), max_length=60, blank=True)
    plate = models.CharField(_("number plate"), max_length=20, blank=True)
    broken_since = models.DateTimeField(_("broken since"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    seen_geom = models.PointField(_("last seen"), srid=4326, null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen at"), null=True, blank=True)
    bearing_deg = models.FloatField(_("bearing (°)"), null=True, blank=True)
    speed_mps = models.FloatField(_("speed (m/s)"), null=True, blank=True)

    objects = VehicleQuerySet.as_manager()

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["code"]
        # "Which vehicles moved since this horizon?"
        indexes = [models.Index(fields=["changed_in"], name="drt_vehicle_changes")]

    def __str__(self) -> str:
        return self.label or self.code


class VehiclePosition(models.Model):
    """Where a vehicle was; kept some days for travel times and complaints."""

    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.CASCADE, related_name="positions", verbose_name=_("vehicle")
    )
    shift = models.ForeignKey(
        "Shift", on_delete=models.CASCADE, related_name="positions", verbose_name=_("shift"),
        null=True, blank=True,
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("recorded at"))
    received_at = models.DateTimeField(_("received at"))
    geom = models.PointField(_("place"), srid=4326, spatial_index=False)
    bearing_deg = models.FloatField(_("bearing (°)"), null=True, blank=True)
    speed_mps = models.FloatField(_("speed (m/s)"), null=True, blank=True)

    class Meta:
        verbose_name = _("vehicle position")
        verbose_name_plural = _("vehicle positions")
        constraints = [
            # An offline queue may be sent twice.
            models.UniqueConstraint(
                fields=["vehicle", "recorded_at"], name="one_position_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.recorded_at:%H:%M:%S}"


class Driver(models.Model):
    """A person who drives for a service."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="drt_driver", verbose_name=_("person")
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="drivers", verbose_name=_("service")
    )
    number = models.CharField(_("staff number"), max_length=20, unique=True)
    weekly_min = models.PositiveIntegerField(_("most minutes a week"), default=3120)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.person}"


class ShiftPattern(models.Model):
    """A shift that comes again on the days of a calendar; rows of `Shift` are made from it."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.CASCADE, related_name="patterns", verbose_name=_("vehicle")
    )
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="patterns", verbose_name=_("calendar")
    )
    starts_min = models.PositiveSmallIntegerField(_("starts (min after midnight)"))
    ends_min = models.PositiveSmallIntegerField(_("ends (min after midnight)"))
    break_from_min = models.PositiveSmallIntegerField(_("break not before"), null=True, blank=True)
    break_by_min = models.PositiveSmallIntegerField(_("break begins by"), null=True, blank=True)
    break_lasts_min = models.PositiveSmallIntegerField(_("break lasts (min)"), default=0)
    driver = models.ForeignKey(
        Driver,
        on_delete=models.SET_NULL,
        related_name="patterns",
        verbose_name=_("usual driver"),
        null=True,
        blank=True,
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("shift pattern")
        verbose_name_plural = _("shift patterns")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_min__lt=F("ends_min"), ends_min__lte=2880),
                name="a_shift_pattern_lasts",
            )
        ]

    def __str__(self) -> str:
        return self.code


class During(Func):
    function = "tstzrange"
    output_field = DateTimeRangeField()


class ShiftQuerySet(models.QuerySet["Shift"]):
    def drivable(self, at: datetime) -> Self:
        """Those a ride can still be planned on, and late ones that are still under way."""
        return self.filter(duty__in=DRIVABLE).filter(Q(ends_at__gt=at) | Q(duty__in=RUNNING))

    def running(self) -> Self:
        return self.filter(duty__in=RUNNING)


class Shift(models.Model):
    """A vehicle on duty with a driver. To the dispatcher each shift is a vehicle of its own."""

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("vehicle")
    )
    driver = models.ForeignKey(
        Driver,
        on_delete=models.PROTECT,
        related_name="shifts",
        verbose_name=_("driver"),
        null=True,
        blank=True,
    )
    pattern = models.ForeignKey(
        ShiftPattern,
        on_delete=models.SET_NULL,
        related_name="shifts",
        verbose_name=_("pattern"),
        null=True,
        blank=True,
    )
    start_depot = models.ForeignKey(
        Depot, on_delete=models.PROTECT, related_name="+", verbose_name=_("begins at")
    )
    end_depot = models.ForeignKey(
        Depot, on_delete=models.PROTECT, related_name="+", verbose_name=_("ends at")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    max_route_s = models.PositiveIntegerField(
        _("longest time on the road (s)"), null=True, blank=True
    )
    duty = models.CharField(
        _("state"),
        max_length=10,
        choices=[
            (Duty.PLANNED.value, _("planned")),
            (Duty.ACTIVE.value, _("under way")),
            (Duty.PAUSED.value, _("paused")),
            (Duty.BROKEN.value, _("broken down")),
            (Duty.ENDED.value, _("over")),
            (Duty.CANCELLED.value, _("cancelled")),
        ],
        default=Duty.PLANNED.value,
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_shift_lasts"),
            ExclusionConstraint(
                name="no_vehicle_twice_on_shift",
                expressions=[
                    ("vehicle", RangeOperators.EQUAL),
                    (During("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(duty="cancelled"),
            ),
            ExclusionConstraint(
                name="no_driver_twice_on_shift",
                expressions=[
                    ("driver", RangeOperators.EQUAL),
                    (During("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(duty="cancelled") & Q(driver__isnull=False),
            ),
            models.UniqueConstraint(fields=["pattern", "starts_at"], name="one_shift_a_pattern"),
        ]
        indexes = [
            # The dispatcher's question: who can still carry somebody?
            models.Index(
                fields=["ends_at"],
                condition=Q(duty__in=[duty.value for duty in DRIVABLE]),
                name="drt_shift_drivable",
            )
        ]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.starts_at:%Y-%m-%d %H:%M}"

    def may_become(self, duty: Duty) -> bool:
        return duty in DUTIES[Duty(self.duty)]


class ShiftBreak(models.Model):
    """A rest the driver must get, begun between two moments; where it is taken if it matters."""

    shift = models.ForeignKey(
        Shift, on_delete=models.CASCADE, related_name="breaks", verbose_name=_("shift")
    )
    earliest_at = models.DateTimeField(_("not before"))
    latest_at = models.DateTimeField(_("begins by"))
    lasts_s = models.PositiveIntegerField(_("lasts (s)"))
    depot = models.ForeignKey(
        Depot, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken at")
    )
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        ordering = ["earliest_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(earliest_at__lte=F("latest_at")), name="a_break_can_begin"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.earliest_at:%H:%M}"
