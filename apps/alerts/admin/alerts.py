"""Alerts: what is in force, what was said about each, and what can be said next."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from apps.alerts.admin.notices import page_of, tell_problem
from apps.alerts.core.chains import Step
from apps.alerts.models import Alert
from apps.alerts.services.drafting import draft_from_assessment, draft_next
from apps.base.admin import ReadOnly
from apps.base.problems import Problem
from apps.hazards.events import Button
from apps.hazards.models import Assessment

COLOURS = {"in_force": "danger", "draft": "warning", "ended": "success"}
STATUS_COLOURS = {"Exercise": "info", "Test": "info"}


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    list_display = ("__str__", "shown_state", "shown_status", "severity", "created_at", "ended_at")
    list_filter = ("state", "status", "kind")
    actions_detail = ("update", "all_clear", "cancel")
    fields = (
        "kind", "shown_status", "shown_state", "assessment", "drill", "department", "said",
        "created_at", "ended_at",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).visible_to(request.user)
        return rows.select_related("current", "assessment")

    @display(description=_("state"), label=COLOURS)
    def shown_state(self, alert: Alert) -> tuple[str, str]:
        return alert.state, alert.get_state_display()

    @display(description=_("status"), label=STATUS_COLOURS)
    def shown_status(self, alert: Alert) -> tuple[str, str]:
        return alert.status, alert.get_status_display()

    @admin.display(description=_("severity"))
    def severity(self, alert: Alert) -> str:
        return alert.current.get_severity_display() if alert.current else "–"

    @admin.display(description=_("notices"))
    def said(self, alert: Alert) -> SafeString:
        lines = format_html_join(
            "",
            '<li><a href="{}">{}. {}</a>: {} {}</li>',
            (
                (
                    page_of(notice), notice.number, notice.get_step_display(),
                    notice.get_state_display(), notice.sent_at or "",
                )
                for notice in alert.notices.order_by("number")
            ),
        )  # fmt: skip
        return format_html("<ol style='list-style: none'>{}</ol>", lines)

    @action(description=_("Update"), permissions=["draft"])
    def update(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._next(request, object_id, Step.UPDATE)

    @action(description=_("All clear"), permissions=["draft"])
    def all_clear(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._next(request, object_id, Step.ALL_CLEAR)

    @action(description=_("It was a mistake"), permissions=["draft"])
    def cancel(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._next(request, object_id, Step.CANCEL)

    def has_draft_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("alerts.change_notice"))

    def _next(self, request: HttpRequest, object_id: int, step: Step) -> HttpResponse:
        alert = self.get_queryset(request).get(pk=object_id)
        waiting = alert.notices.filter(state__in=("draft", "submitted")).first()
        try:
            notice = waiting or draft_next(alert=alert, step=step, actor=str(request.user))
        except Problem as problem:
            tell_problem(request, problem)
            return HttpResponseRedirect(reverse("admin:alerts_alert_change", args=[object_id]))
        if waiting:
            messages.warning(request, _("This notice is still open: finish or drop it first."))
        return HttpResponseRedirect(page_of(notice))


def _warn(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """From the inbox: a draft with the catalogue's words; or the one there is."""
    alert = assessment.alerts.filter(state__in=("draft", "in_force"), drill=None).first()
    if alert is not None:
        return HttpResponseRedirect(reverse("admin:alerts_alert_change", args=[alert.pk]))
    try:
        notice = draft_from_assessment(assessment=assessment, actor=str(request.user))
    except Problem as problem:
        tell_problem(request, problem)
        here = reverse("admin:hazards_assessment_change", args=[assessment.pk])
        return HttpResponseRedirect(here)
    return HttpResponseRedirect(page_of(notice))


warn = Button(_("Warn people"), "alerts.change_notice", _warn)
