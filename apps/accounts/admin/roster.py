"""The duty roster, a week on one page."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, DutyShift, Person
from apps.base import clock
from apps.base.admin import ScopedModelAdmin


@dataclass(frozen=True, slots=True)
class Line:
    """One department's week: for each day its shifts in the order of their start and rank."""

    department: Department
    days: tuple[tuple[DutyShift, ...], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday in the city's time."""

    monday: date
    lines: tuple[Line, ...] = ()

    @property
    def dates(self) -> list[date]:
        return [self.monday + timedelta(days=day) for day in range(7)]

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=7)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=7)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def week_of(day: date, shifts: Any) -> Week:
    """The week around a day. A shift over midnight stands on both days."""
    week = Week(day - timedelta(days=day.weekday()))
    lines: dict[int, tuple[Department, list[list[DutyShift]]]] = {}
    found = shifts.between(midnight(week.monday), midnight(week.after))
    for shift in found.select_related("department", "person").order_by("starts_at", "rank"):
        _department, days = lines.setdefault(
            shift.department_id, (shift.department, [[] for _day in range(7)])
        )
        for cell, date_ in zip(days, week.dates, strict=True):
            if shift.starts_at < midnight(date_ + timedelta(1)) and shift.ends_at > midnight(date_):
                cell.append(shift)
    rows = sorted(lines.values(), key=lambda line: line[0].code)
    return Week(week.monday, tuple(Line(d, tuple(tuple(c) for c in days)) for d, days in rows))


@admin.register(DutyShift)
class DutyShiftAdmin(ScopedModelAdmin):
    list_display = ("department", "person", "starts_at", "ends_at", "rank")
    list_filter = ("department",)
    list_select_related = ("department", "person")
    date_hierarchy = "starts_at"
    list_before_template = "accounts/roster_week.html"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only staff stand by."""
        if db_field.name == "person":
            kwargs["queryset"] = Person.objects.filter(user__is_staff=True).order_by("display_name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The week asked for (`?week=2026-11-23`), above the list."""
        query = request.GET.copy()
        asked = query.pop("week", [""])[-1]
        request.GET = query  # type: ignore[assignment] # the list would take it for a filter
        try:
            day = date.fromisoformat(str(asked))
        except ValueError:
            day = timezone.localdate(clock.now())
        week = week_of(day, self.get_queryset(request))
        title = {"week": week, "title": _("Duty roster")}
        response: HttpResponse = super().changelist_view(request, (extra_context or {}) | title)
        return response
