"""The duty roster: who is called first when something happens at three in the morning."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.persons import Person
from apps.accounts.models.scopes import ScopedQuerySet
from apps.accounts.models.staff import Department


class Span(Func):
    """[starts_at, ends_at) as a range."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class DutyShiftQuerySet(ScopedQuerySet["DutyShift"]):
    department_lookup: ClassVar[str] = "department_id"

    def at(self, instant: datetime) -> "DutyShiftQuerySet":
        return self.filter(starts_at__lte=instant, ends_at__gt=instant)

    def between(self, start: datetime, end: datetime) -> "DutyShiftQuerySet":
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class DutyShift(models.Model):
    """One person stands by for a department. Rank 1 is called first, then 2 …"""

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="duty_shifts",
        verbose_name=_("department"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="duty_shifts", verbose_name=_("person")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    rank = models.PositiveSmallIntegerField(_("rank"), default=1, help_text=_("1 is called first."))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty shift")
        verbose_name_plural = _("duty roster")
        ordering = ["starts_at", "rank"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="shift_rank_from_one"),
            ExclusionConstraint(
                name="nobody_twice_on_duty_in_a_department",
                expressions=[
                    (Span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                    ("department", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                ],
            ),
        ]
        indexes = [
            # "Who is on duty in this department now?"
            models.Index(fields=["department", "starts_at", "ends_at"], name="shift_on_duty")
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.starts_at:%Y-%m-%d %H:%M}"
