"""Drills: start one, alert its participants from an assessment, end it, read the report."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from apps.alerts.admin.boards import report_in_words
from apps.alerts.admin.notices import page_of, tell_problem
from apps.alerts.models import Drill
from apps.alerts.services.drills import draft_in_drill, end_drill, report_of, start_drill
from apps.base.admin import AuditedModelAdmin
from apps.base.problems import Problem
from apps.hazards.models import Assessment


@admin.register(Drill)
class DrillAdmin(AuditedModelAdmin):
    list_display = ("name", "department", "started_at", "ended_at")
    fields = ("name", "department", "started_at", "ended_at", "after_action")
    readonly_fields = ("started_at", "ended_at", "after_action")
    actions_detail = ("exercise", "end")

    class Media:
        css: ClassVar = {"all": ("alerts/staff.css",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Drill, form: Any, change: bool) -> None:
        made = start_drill(name=obj.name, department=obj.department, actor=str(request.user))
        obj.pk = made.pk
        obj.refresh_from_db()

    @admin.display(description=_("after-action report"))
    def after_action(self, drill: Drill) -> SafeString:
        report = report_in_words(drill.report or report_of(drill))
        return render_to_string("alerts/drill_report.html", {"drill": drill, "report": report})

    @action(description=_("Exercise an alert"), permissions=["drill"])
    def exercise(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """About the newest assessment; the area and the words can be changed."""
        drill = Drill.objects.get(pk=object_id)
        newest = Assessment.objects.order_by("-updated_at").first()
        try:
            if newest is None:
                raise Problem(_("There is no assessment yet to exercise with."))
            notice = draft_in_drill(drill=drill, assessment=newest, actor=str(request.user))
        except Problem as problem:
            tell_problem(request, problem)
            return HttpResponseRedirect(_page(object_id))
        return HttpResponseRedirect(page_of(notice))

    @action(description=_("End the drill"), permissions=["drill"])
    def end(self, request: HttpRequest, object_id: int) -> HttpResponse:
        try:
            end_drill(drill=Drill.objects.get(pk=object_id), actor=str(request.user))
        except Problem as problem:
            tell_problem(request, problem)
        return HttpResponseRedirect(_page(object_id))

    def has_drill_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("alerts.add_drill"))


def _page(pk: int) -> str:
    return reverse("admin:alerts_drill_change", args=[pk])
