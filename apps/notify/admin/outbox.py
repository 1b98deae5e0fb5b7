"""Tellings with their ledger, and the budgets. Nobody reads here who was where."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.base.admin import ReadOnly
from apps.notify.models import Budget, Chunk, Telling
from apps.notify.services.stopping import stop_tellings


@admin.register(Telling)
class TellingAdmin(ReadOnly):
    list_display = (
        "key", "shown_title", "lane", "category", "planned", "accepted", "failed", "shown",
        "created_at", "stopped_at",
    )  # fmt: skip
    list_filter = ("lane", "category")
    search_fields = ("key", "cause")
    actions = ("stop",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(shown_n=Count("receipts__shown_at"))
        return counted

    @admin.display(description=_("title"))
    def shown_title(self, telling: Telling) -> str:
        return telling.content("ko").title

    @admin.display(description=_("accepted"))
    def accepted(self, telling: Telling) -> int:
        return telling.chunks.aggregate(n=Sum("accepted"))["n"] or 0

    @admin.display(description=_("failed"))
    def failed(self, telling: Telling) -> int:
        return telling.chunks.aggregate(n=Sum("failed"))["n"] or 0

    @admin.display(description=_("shown"))
    def shown(self, telling: Any) -> int:
        return int(telling.shown_n)

    @admin.action(description=_("Stop what is not out yet"), permissions=["view"])
    def stop(self, request: HttpRequest, rows: QuerySet[Telling]) -> None:
        stopped = sum(
            stop_tellings(cause=cause, actor=str(request.user))
            for cause in set(rows.values_list("cause", flat=True))
        )
        messages.success(
            request, ngettext("%d chunk stopped.", "%d chunks stopped.", stopped) % stopped
        )


@admin.register(Chunk)
class ChunkAdmin(ReadOnly):
    list_display = (
        "telling", "transport", "language", "number", "accepted", "failed", "attempts", "due_at",
        "settled_at",
    )  # fmt: skip
    list_filter = ("transport", "language")
    exclude = ("recipients", "settled")


@admin.register(Budget)
class BudgetAdmin(ReadOnly):
    list_display = ("name", "spent_until", "paused_until", "trouble", "trouble_at")
