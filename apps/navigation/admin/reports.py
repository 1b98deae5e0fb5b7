"""Citizens' reports to review: each with its photo, its place, and how many saw it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.base.media import shown_inline
from apps.base.problems import Problem
from apps.city.admin.maps import ShownMapAdmin
from apps.city.models import Obstruction
from apps.city.services.obstructions import (
    close_obstruction,
    confirm_obstruction,
    refuse_obstruction,
)
from apps.navigation.models import ObstacleReport, ObstacleVoice
from apps.navigation.services.obstacles import SOURCE


@admin.register(ObstacleReport)
class ObstacleReportAdmin(ShownMapAdmin):
    list_display = ("kind", "state", "certainty", "there", "gone", "has_photo", "created_at")
    list_filter = ("state", "kind")
    search_fields = ("description",)
    fields = (
        "kind", "state", "certainty", "there", "gone", "description", "width_left_m", "depth_m",
        "stops", "created_at", "where", "picture",
    )  # fmt: skip
    readonly_fields = ("there", "gone", "where", "picture")
    actions = ("confirm", "close", "refuse")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        says = ObstacleVoice.Says
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .filter(source=SOURCE)
            .annotate(
                there_n=Count("voices", filter=Q(voices__says=says.THERE)),
                gone_n=Count("voices", filter=Q(voices__says=says.GONE)),
            )
            .order_by("-created_at")
        )
        return rows

    @admin.display(description=_("saw it"))
    def there(self, row: Any) -> int:
        return int(row.there_n)

    @admin.display(description=_("say it is gone"))
    def gone(self, row: Any) -> int:
        return int(row.gone_n)

    @admin.display(description=_("photo"), boolean=True)
    def has_photo(self, row: Obstruction) -> bool:
        return row.photo_id is not None

    @admin.display(description=_("photo"))
    def picture(self, row: Obstruction) -> SafeString | str:
        if row.photo is None:
            return "–"
        return format_html('<img src="{}" alt="" style="max-width:480px">', shown_inline(row.photo))

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("city.change_obstruction")

    @admin.action(description=_("Confirm"), permissions=["review"])
    def confirm(self, request: HttpRequest, rows: QuerySet[Obstruction]) -> None:
        self._each(request, rows, confirm_obstruction)

    @admin.action(description=_("Over: close"), permissions=["review"])
    def close(self, request: HttpRequest, rows: QuerySet[Obstruction]) -> None:
        self._each(request, rows, close_obstruction)

    @admin.action(description=_("Not true: refuse"), permissions=["review"])
    def refuse(self, request: HttpRequest, rows: QuerySet[Obstruction]) -> None:
        self._each(request, rows, refuse_obstruction)

    def _each(self, request: HttpRequest, rows: QuerySet[Obstruction], move: Any) -> None:
        done = 0
        for row in rows:
            try:
                move(code=row.code, actor=str(request.user))
                done += 1
            except Problem as problem:
                messages.error(request, f"{row}: {problem.detail}")
        messages.success(request, ngettext("%d report.", "%d reports.", done) % done)
