"""What is ill at present, and the course of a datastream as a small chart."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.admin import ReadOnly
from devices.models import Alarm, Datastream, Observation

WIDTH, HEIGHT, MOST_POINTS = 640, 140, 2_000
SHOWN = timedelta(hours=24)


class OpenFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("present")), ("0", _("over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(closed_at__isnull=self.value() == "1")


@admin.register(Alarm)
class AlarmAdmin(ReadOnly):
    list_display = ("kind", "gateway", "datastream", "opened_at", "closed_at")
    list_filter = (OpenFilter, "kind", "gateway")
    list_select_related = ("gateway", "datastream__gateway")


def chart(stream: Datastream) -> SafeString | str:
    """The last day's observations as a line, drawn here so that no script is needed."""
    now = clock.now()
    points = [
        ((at - (now - SHOWN)) / SHOWN, result)
        for at, result in Observation.objects.filter(
            datastream=stream, phenomenon_at__gt=now - SHOWN, phenomenon_at__lte=now
        )
        .order_by("-phenomenon_at")
        .values_list("phenomenon_at", "result")[:MOST_POINTS]
    ][::-1]
    if len(points) < 2:
        return "–"
    low = min(result for _share, result in points)
    high = max(result for _share, result in points)
    return format_html(
        '<figure><svg viewBox="0 0 {} {}" width="100%" role="img" aria-label="{}">{}</svg>'
        "<figcaption>{}</figcaption></figure>",
        WIDTH,
        HEIGHT,
        _("Course of the last 24 hours"),
        _line(points, low, high),
        f"{low:g} … {high:g} {stream.unit}",
    )


def _line(points: Sequence[tuple[float, float]], low: float, high: float) -> SafeString:
    span = (high - low) or 1.0
    places = format_html_join(
        " ",
        "{},{}",
        (
            (round(share * WIDTH, 1), round(HEIGHT - 5 - (result - low) / span * (HEIGHT - 10), 1))
            for share, result in points
        ),
    )
    return format_html(
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.5"/>', places
    )
