"""Who is ill, for how long, and the course of a datastream in pictures."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.base import clock
from apps.base.admin import ReadOnly
from devices.admin.charts import Frame, Point, sparkline, time_chart
from devices.models import Alarm, Datastream
from devices.selectors import courses

DAY = timedelta(days=1)
SPARK = timedelta(days=7)


class OpenFilter(admin.SimpleListFilter):
    """Staff come for what is wrong now; what is over is one click away."""

    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("0", _("over")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("present")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(closed_at__isnull=self.value() != "0")


class WithCourses:
    """For a ModelAdmin: the last week of each row's datastream, read once a page."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)  # type: ignore[misc]
        now = clock.now()
        ids = {id_ for row in changelist.result_list if (id_ := self.stream_id(row))}
        found = courses.by_hour(ids, now - SPARK, now)
        frame = Frame(now - SPARK, now, timedelta(hours=2))
        for row in changelist.result_list:
            points = [Point(*one) for one in found.get(self.stream_id(row) or 0, [])]
            row.week = sparkline(points, frame, label=str(_("Last 7 days")))
        return changelist

    def stream_id(self, row: Any) -> int | None:
        raise NotImplementedError

    @admin.display(description=_("last 7 days"))
    def course_of_week(self, row: Any) -> SafeString:
        week: SafeString = row.week
        return week


@admin.register(Alarm)
class AlarmAdmin(WithCourses, ReadOnly):
    """The list staff work off: a sensor that died three weeks ago stands at its top."""

    list_display = (
        "what", "gateway", "device", "since", "last_heard", "last_result", "course_of_week",
        "opened_at", "closed_at",
    )  # fmt: skip
    list_filter = (OpenFilter, "kind", "gateway", "datastream__observed_property")
    list_select_related = (
        "gateway", "datastream__gateway", "datastream__thing", "datastream__last",
    )  # fmt: skip
    search_fields = ("gateway__code", "datastream__code", "datastream__thing__code")
    ordering = ("opened_at",)

    def stream_id(self, row: Alarm) -> int | None:
        return row.datastream_id

    @display(
        description=_("fault"), ordering="kind",
        label={"silent": "danger", "stuck": "danger", "flapping": "warning", "clock": "warning"},
    )  # fmt: skip
    def what(self, alarm: Alarm) -> tuple[str, str]:
        return alarm.kind, alarm.get_kind_display()

    @admin.display(description=_("device"))
    def device(self, alarm: Alarm) -> Any:
        stream = alarm.datastream
        if stream is None:
            return _("the gateway as a whole")
        url = reverse("admin:devices_datastream_change", args=[stream.pk])
        return format_html(
            '<a class="underline" href="{}">{}</a><br>{}', url, stream.code, stream.thing
        )

    @admin.display(description=_("for"), ordering="opened_at")
    def since(self, alarm: Alarm) -> str:
        """Silence began with the last word, not when it was noticed."""
        last = getattr(alarm.datastream, "last", None)
        began_at = alarm.opened_at
        if last and alarm.kind == Alarm.Kind.SILENT:
            began_at = min(began_at, last.received_at)
        return timesince(began_at, alarm.closed_at or clock.now(), depth=1)

    @admin.display(description=_("last heard"), ordering="datastream__last__received_at")
    def last_heard(self, alarm: Alarm) -> datetime | None:
        last = getattr(alarm.datastream, "last", None)
        return last.received_at if last else None

    @admin.display(description=_("last result"))
    def last_result(self, alarm: Alarm) -> str:
        last = getattr(alarm.datastream, "last", None)
        return f"{last.result:g} {alarm.datastream.unit}" if last and alarm.datastream else "–"


def charts(stream: Datastream) -> SafeString:
    """The last day as observed, the last month by hour, the last year by day."""
    now = clock.now()
    return format_html_join(
        "",
        '<h3 class="font-semibold mt-4 mb-1">{}</h3>{}',
        (
            (title, time_chart(points, frame, unit=stream.unit, label=str(title)))
            if points
            else (title, _("Nothing was heard in this time."))
            for title, points, frame in (
                (_("Last 24 hours"), *_day(stream, now)),
                (_("Last 30 days, by hour"), *_month(stream, now)),
                (_("Last year, by day"), *_year(stream, now)),
            )
        ),
    )


Picture = tuple[Sequence[Point], Frame]


def _day(stream: Datastream, now: datetime) -> Picture:
    points = [Point(*one) for one in courses.observed(stream, now - DAY, now)]
    gap = timedelta(seconds=3 * (stream.expected_interval_s or 3_600))
    return points, Frame(now - DAY, now, gap)


def _month(stream: Datastream, now: datetime) -> Picture:
    found = courses.by_hour([stream.pk], now - 30 * DAY, now).get(stream.pk, [])
    return [Point(*one) for one in found], Frame(now - 30 * DAY, now, timedelta(hours=2))


def _year(stream: Datastream, now: datetime) -> Picture:
    start = now - 365 * DAY
    days = courses.by_day(stream, start.date(), now.date())
    zone = timezone.get_current_timezone()
    points = [
        Point(datetime.combine(day.day_on, time(), zone), day.low, day.mean, day.high)
        for day in days
    ]
    return points, Frame(start, now, 2 * DAY)
