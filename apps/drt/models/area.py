"""What a service offers: where, when, and on which terms (names of GTFS-Flex and GOFS 1.0)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.base import names
from apps.base.models import LiveRow
from apps.city.models import metres_field
from apps.drt.core import fares
from apps.drt.core.asks import Terms

if TYPE_CHECKING:
    from apps.drt.models.fleet import VehicleType

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Named(models.Model):
    """A thing with a code of its own and names in several languages."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    names = models.JSONField(_("names"), default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return names.pick(self.names, get_language() or "") or self.code


class Service(LiveRow, Named):
    """A brand of rides with an area, a fleet and a dispatcher of its own.

    `version` grows with every change of its supply (zones, stops, rules, shifts): processes that
    remember the fleet build it anew then.
    """

    color = models.CharField(_("colour"), max_length=6, default="0284C7")
    text_color = models.CharField(_("colour of text on it"), max_length=6, default="FFFFFF")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    info_url = models.URLField(_("web page"), blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="KRW")
    ahead_days = models.PositiveSmallIntegerField(_("bookable days ahead"), default=14)
    max_party = models.PositiveSmallIntegerField(_("largest party"), default=8)
    max_walk_m = models.PositiveIntegerField(_("longest walk to a stop (m)"), default=400)
    longest_wait_s = models.PositiveIntegerField(_("longest wait (s)"), default=1800)
    pickup_window_s = models.PositiveIntegerField(_("width of the pick-up window (s)"), default=480)
    detour_factor = models.FloatField(_("longest ride, times the direct way"), default=1.5)
    spare_ride_s = models.PositiveIntegerField(_("but this much longer at least (s)"), default=600)
    earliest_arrival_s = models.PositiveIntegerField(
        _("earliest before an arrival (s)"), default=1800
    )
    board_s = models.PositiveSmallIntegerField(_("boarding takes (s)"), default=30)
    wheelchair_board_s = models.PositiveSmallIntegerField(
        _("boarding by the ramp takes (s)"), default=150
    )
    no_show_wait_s = models.PositiveSmallIntegerField(_("wait for a rider (s)"), default=180)
    cancel_free_s = models.PositiveIntegerField(
        _("free cancellation until (s before)"), default=900
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("ride service")
        verbose_name_plural = _("ride services")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(detour_factor__gte=1), name="no_ride_beats_the_way")
        ]

    @property
    def terms(self) -> Terms:
        return Terms(
            longest_wait_s=self.longest_wait_s,
            pickup_window_s=self.pickup_window_s,
            detour_factor=self.detour_factor,
            spare_ride_s=self.spare_ride_s,
            earliest_arrival_s=self.earliest_arrival_s,
        )


class ZoneQuerySet(models.QuerySet["Zone"]):
    def open_at(self, instant: datetime) -> Self:
        """In use and not suspended."""
        suspended = Q(suspended_from__lte=instant) & (
            Q(suspended_until=None) | Q(suspended_until__gt=instant)
        )
        return self.filter(retired_at=None).exclude(suspended)


class Zone(Named):
    """An area within, from or to which one may ride."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="zones", verbose_name=_("service")
    )
    geom = models.MultiPolygonField(_("area"), srid=4326)
    geom_m = metres_field()
    suspended_from = models.DateTimeField(_("suspended from"), null=True, blank=True)
    suspended_until = models.DateTimeField(_("suspended until"), null=True, blank=True)
    suspended_because = models.CharField(_("reason"), max_length=200, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["code"]

    def is_suspended_at(self, instant: datetime) -> bool:
        begins, ends = self.suspended_from, self.suspended_until
        return begins is not None and begins <= instant and (ends is None or instant < ends)


class VirtualStopQuerySet(models.QuerySet["VirtualStop"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)


class VirtualStop(Named):
    """Where a vehicle may halt: a place at a kerb, with or without a pole."""

    class KerbSide(models.TextChoices):
        RIGHT = "right", _("on the right")
        LEFT = "left", _("on the left")
        BOTH = "both", _("on either side")

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="stops", verbose_name=_("service")
    )
    geom = models.PointField(_("place"), srid=4326)
    geom_m = metres_field()
    kerb_side = models.CharField(
        _("kerb side"), max_length=5, choices=KerbSide.choices, default=KerbSide.RIGHT
    )
    heading_deg = models.FloatField(_("heading of the halting vehicle (°)"), null=True, blank=True)
    step_free = models.BooleanField(_("step-free"), default=False)
    boards_wheelchairs = models.BooleanField(
        _("room for the ramp"), default=False, help_text=_("A wheelchair can board here.")
    )
    sheltered = models.BooleanField(_("sheltered"), default=False)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = VirtualStopQuerySet.as_manager()

    class Meta:
        verbose_name = _("virtual stop")
        verbose_name_plural = _("virtual stops")
        ordering = ["code"]


class Calendar(Named):
    """On which days something holds."""

    days = ArrayField(
        models.CharField(max_length=3, choices=[(day, day) for day in WEEKDAYS]),
        verbose_name=_("weekdays"),
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    excepted_on = ArrayField(
        models.DateField(), default=list, blank=True, verbose_name=_("days without")
    )
    added_on = ArrayField(
        models.DateField(), default=list, blank=True, verbose_name=_("further days")
    )
    on_holidays = models.BooleanField(
        _("on public holidays"),
        default=True,
        help_text=_("Also if they fall on one of the weekdays."),
    )

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["code"]

    def runs_on(self, day_on: date, *, is_holiday: bool = False) -> bool:
        if day_on in self.added_on:
            return True
        if day_on in self.excepted_on or not self.first_on <= day_on <= self.last_on:
            return False
        if is_holiday and not self.on_holidays:
            return False
        return WEEKDAYS[day_on.weekday()] in self.days


class BookingRule(Named):
    """How long before a ride one must (and may) ask for it."""

    class Kind(models.IntegerChoices):
        REAL_TIME = 0, _("at once")
        SAME_DAY = 1, _("up to the same day, with notice")
        PRIOR_DAYS = 2, _("up to days before")

    kind = models.PositiveSmallIntegerField(_("kind"), choices=Kind.choices, default=Kind.REAL_TIME)
    notice_min = models.PositiveIntegerField(_("least notice (min)"), null=True, blank=True)
    notice_max_min = models.PositiveIntegerField(_("greatest notice (min)"), null=True, blank=True)
    last_day = models.PositiveSmallIntegerField(_("last day (days before)"), null=True, blank=True)
    last_time = models.TimeField(_("until"), null=True, blank=True)
    message = models.CharField(_("message"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    info_url = models.URLField(_("web page"), blank=True)
    booking_url = models.URLField(_("booking page"), blank=True)

    class Meta:
        verbose_name = _("booking rule")
        verbose_name_plural = _("booking rules")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=1) | Q(notice_min__isnull=False), name="same_day_needs_a_notice"
            ),
            models.CheckConstraint(
                condition=~Q(kind=2) | Q(last_day__isnull=False, last_time__isnull=False),
                name="prior_days_need_a_last_day",
            ),
        ]


def check_steps(raw: Any) -> None:
    try:
        fares.read_steps(raw)
    except (ValueError, AttributeError) as error:
        raise ValidationError(str(error)) from error


class Fare(Named):
    """What a ride costs, component by component; without any it is free."""

    currency = models.CharField(_("currency"), max_length=3, default="KRW")
    components = models.JSONField(
        _("components"),
        default=dict,
        blank=True,
        validators=[check_steps],
        help_text=_("As GOFS writes them: kilometer, minute, rider, luggage, and ride."),
    )

    class Meta:
        verbose_name = _("fare")
        verbose_name_plural = _("fares")
        ordering = ["code"]

    @property
    def steps(self) -> dict[str, list[fares.Step]]:
        return fares.read_steps(self.components)


class OperatingRule(models.Model):
    """From which zone to which, when, with which vehicles, for how much."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="rules", verbose_name=_("service")
    )
    from_zone = models.ForeignKey(
        Zone, on_delete=models.CASCADE, related_name="rules_from", verbose_name=_("from zone")
    )
    to_zone = models.ForeignKey(
        Zone, on_delete=models.CASCADE, related_name="rules_to", verbose_name=_("to zone")
    )
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="rules", verbose_name=_("calendar")
    )
    # Minutes after local midnight; beyond 1440 it is the next morning, as in GTFS.
    opens_min = models.PositiveSmallIntegerField(_("first pick-up (min)"))
    closes_min = models.PositiveSmallIntegerField(_("last pick-up (min)"))
    last_dropoff_min = models.PositiveSmallIntegerField(_("last drop-off (min)"))
    booking_rule = models.ForeignKey(
        BookingRule, on_delete=models.PROTECT, related_name="rules", verbose_name=_("booking rule")
    )
    fare = models.ForeignKey(
        Fare,
        on_delete=models.PROTECT,
        related_name="rules",
        verbose_name=_("fare"),
        null=True,
        blank=True,
    )
    vehicle_types: "models.ManyToManyField[VehicleType, Any]" = models.ManyToManyField(
        "VehicleType", blank=True, related_name="rules", verbose_name=_("vehicle types"),
        help_text=_("None: all."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("operating rule")
        verbose_name_plural = _("operating rules")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    opens_min__lt=models.F("closes_min"),
                    closes_min__lte=models.F("last_dropoff_min"),
                    last_dropoff_min__lte=2880,
                ),
                name="service_hours_follow_each_other",
            )
        ]

    def __str__(self) -> str:
        return self.code
