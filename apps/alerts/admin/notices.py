"""One notice: its area on the map, its words, how it looks and sounds on a phone, whom it reaches;
then a second officer's yes, and how far it has come."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.alerts.admin.boards import board_of
from apps.alerts.admin.notice_form import NoticeForm, word_fields
from apps.alerts.core.texts import Words, check
from apps.alerts.models import Notice
from apps.alerts.selectors.delivery import delivery_of
from apps.alerts.services import approving, drafting
from apps.base.admin import AuditedModelAdmin
from apps.base.names import pick
from apps.base.problems import Problem
from apps.city.admin.maps import MapWidget, shown_map

FAULTS = {
    "missing": gettext_lazy("is missing"),
    "over one SMS": gettext_lazy("does not fit one text message"),
    "long sentence": gettext_lazy("has a long sentence: hard to read and to hear"),
}


@admin.register(Notice)
class NoticeAdmin(AuditedModelAdmin):
    form = NoticeForm
    list_display = ("alert", "step", "state", "severity", "proposed_by", "approved_by", "sent_at")
    list_filter = ("state", "step", "severity")
    change_form_outer_before_template = "alerts/delivery_board.html"  # what is asked for first
    change_form_outer_after_template = "alerts/notice_panel.html"

    class Media:
        css = {"all": (*MapWidget.Media.css["all"], "alerts/staff.css")}
        js = (*MapWidget.Media.js, "alerts/staff.js")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("alert")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # from an assessment, or from the alert

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.is_open)

    def get_fieldsets(self, request: HttpRequest, obj: Notice | None = None) -> Any:
        if obj is not None and not obj.is_open:
            return [(None, {"fields": self.get_readonly_fields(request, obj)})]
        words = [
            (name, {"fields": [f for f, language, *_ in word_fields() if language == code]})
            for code, name in settings.LANGUAGES
        ]
        terms = ("severity", "certainty", "urgency", "responses", "expires_at", "note")
        return [(_("Area"), {"fields": ["geom"]}), *words, (_("Terms"), {"fields": terms})]

    def get_readonly_fields(self, request: HttpRequest, obj: Notice | None = None) -> Any:
        if obj is None or obj.is_open:
            return ()
        return (
            "where", "severity", "certainty", "urgency", "expires_at", "identifier", "sender",
            "sent_at", "references", "proposed_by", "approved_by", "alone", "policy", "cap_hash",
        )  # fmt: skip

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The words' fields are made by the form itself."""
        if obj is not None and not obj.is_open:
            kwargs["fields"] = ()
            return super(AuditedModelAdmin, self).get_form(request, obj, **kwargs)
        return NoticeForm

    @admin.display(description=gettext_lazy("where"))
    def where(self, notice: Notice) -> Any:
        return shown_map(notice.geom)

    def save_model(self, request: HttpRequest, obj: Notice, form: Any, change: bool) -> None:
        drafting.edit_notice(code=obj.code, actor=str(request.user), changes=form.changes())
        obj.refresh_from_db()

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, _("Saved as a draft."))
        return HttpResponseRedirect(page_of(obj))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        notice = Notice.objects.select_related("alert").filter(pk=object_id or 0).first()
        context = {**(extra_context or {}), **(self._panel(request, notice) if notice else {})}
        try:
            answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        except Problem as problem:
            tell_problem(request, problem)
            return HttpResponseRedirect(request.path)
        return answer

    def _panel(self, request: HttpRequest, notice: Notice) -> dict[str, Any]:
        counts = notice.counts or approving.counts_of(notice)
        wide = approving.is_wide(counts)
        own = notice.proposed_by == str(request.user)
        return {
            "notice": notice,
            "phones": [_phone(notice, code, str(name)) for code, name in settings.LANGUAGES],
            "counts": counts,
            "over_reach_pct": round(counts["over_reach"] * 100),
            "wide_phrase": approving.wide_phrase(counts) if wide else "",
            "own": own,
            "may_approve": request.user.has_perm("alerts.approve_notice"),
            "may_go_alone": own and notice.severity == "Extreme" and notice.urgency == "Immediate",
            "delivery_url": reverse("admin:alerts_notice_delivery", args=[notice.pk]),
            "delivery": delivery_of(notice.alert) if notice.state == "issued" else None,
            "actions_url": reverse("admin:alerts_notice_step", args=[notice.pk, "x"])[:-2],
        }

    # ------------------------------------------------------------ what the buttons do

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/delivery", view(self.delivery), name="alerts_notice_delivery"),
            path("<int:pk>/step/<str:step>/", view(self.step), name="alerts_notice_step"),
            *super().get_urls(),
        ]

    def delivery(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The board's numbers, asked for every other second."""
        notice = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, notice):
            return JsonResponse({}, status=403)
        return JsonResponse(board_of(notice.alert))

    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        notice = get_object_or_404(self.get_queryset(request), pk=pk)
        steps: dict[str, tuple[str, Callable[[HttpRequest, Notice], str]]] = {
            "submit": ("alerts.change_notice", _submit),
            "approve": ("alerts.approve_notice", _approve),
            "refuse": ("alerts.approve_notice", _refuse),
            "drop": ("alerts.change_notice", _drop),
        }
        permission, do = steps[step]
        if request.method != "POST" or not request.user.has_perm(permission):
            return HttpResponse(status=403)
        try:
            messages.success(request, do(request, notice))
        except Problem as problem:
            tell_problem(request, problem)
        still_there = Notice.objects.filter(pk=pk).exists()
        listed = reverse("admin:alerts_alert_changelist")
        return HttpResponseRedirect(page_of(notice) if still_there else listed)


def _submit(request: HttpRequest, notice: Notice) -> str:
    approving.submit_notice(code=notice.code, actor=str(request.user))
    return _("Handed over: a second officer can approve it now.")


def _approve(request: HttpRequest, notice: Notice) -> str:
    approving.approve_notice(
        code=notice.code, actor=str(request.user), alone=request.POST.get("alone") == "on",
        confirmation=request.POST.get("confirmation", ""), key=request.POST.get("key"),
    )  # fmt: skip
    return _("Issued. It is on its way.")


def _refuse(request: HttpRequest, notice: Notice) -> str:
    reason = request.POST.get("reason", "")
    approving.refuse_notice(code=notice.code, actor=str(request.user), reason=reason)
    return _("Sent back.")


def _drop(_request: HttpRequest, notice: Notice) -> str:
    drafting.drop_draft(code=notice.code)
    return _("Dropped.")


def page_of(notice: Notice) -> str:
    return reverse("admin:alerts_notice_change", args=[notice.pk])


def tell_problem(request: HttpRequest, problem: Problem) -> None:
    messages.error(request, str(problem.detail or problem.title))
    for field, reason in problem.errors.items():
        messages.error(request, f"{field}: {FAULTS.get(str(reason), reason)}")


def _phone(notice: Notice, language: str, name: str) -> dict[str, Any]:
    """One language as a phone shows and speaks it."""
    words = Words.read(notice.texts.get(language, {}))
    faults = [
        {"field": fault.field, "reason": FAULTS.get(fault.reason, fault.reason), "must": fault.must}
        for fault in check(words)
    ]
    return {
        "language": language, "name": name, "words": words, "faults": faults,
        "area": pick(notice.area_names, language),
    }  # fmt: skip
