"""Who is safe and who needs help; and the neighbours who send us CAP."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.alerts.models import CapSource, InboundCap, SafetyAnswer
from apps.alerts.services.answers import mark_helped
from apps.alerts.services.inbound import open_source
from apps.base.admin import AuditedModelAdmin, ReadOnly
from apps.base.problems import Problem


@admin.register(SafetyAnswer)
class SafetyAnswerAdmin(ReadOnly):
    """The board: those who need help and wait come first."""

    list_display = (
        "shown_answer", "people", "note", "where", "phone", "person", "alert", "answered_at",
        "helped_at", "helped_by",
    )  # fmt: skip
    list_filter = ("answer", "alert")
    actions = ("helped",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).visible_to(request.user)
        return rows.select_related("alert", "person").order_by("helped_at", "answer", "answered_at")

    @display(description=_("answer"), label={"need_help": "danger", "safe": "success"})
    def shown_answer(self, row: SafetyAnswer) -> tuple[str, str]:
        return row.answer, row.get_answer_display()

    @admin.display(description=_("where"))
    def where(self, row: SafetyAnswer) -> str:
        return f"{row.lat:.5f}, {row.lon:.5f}" if row.lat is not None else "–"

    @admin.action(description=_("Somebody is with them"), permissions=["view"])
    def helped(self, request: HttpRequest, rows: QuerySet[SafetyAnswer]) -> None:
        for row in rows:
            try:
                mark_helped(code=row.code, actor=str(request.user))
            except Problem as problem:
                messages.error(request, str(problem.detail))


@admin.register(CapSource)
class CapSourceAdmin(AuditedModelAdmin):
    list_display = ("name", "code", "sender", "is_active")
    fields = ("code", "name", "sender", "is_active")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CapSource, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, key = open_source(code=obj.code, name=obj.name, sender=obj.sender)
        obj.pk = made.pk
        messages.warning(request, _("The key of this source, shown only now: %s") % key)


@admin.register(InboundCap)
class InboundCapAdmin(ReadOnly):
    list_display = ("identifier", "source", "status", "message_type", "sent_at", "assessment")
    list_filter = ("source", "status", "message_type")
