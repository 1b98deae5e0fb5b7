"""What cameras saw: the queue with its stills, and the answers that teach a camera."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from apps.base.admin import ReadOnly
from apps.city.admin.maps import MapWidget, shown_map
from devices.models import CameraEvent
from devices.services.camera_events import judge_event, look_at_still

SEVERITY_COLOURS = {"Extreme": "danger", "Severe": "danger", "Moderate": "warning"}
SEVERITIES = {
    "Extreme": _("extreme"), "Severe": _("severe"), "Moderate": _("moderate"), "Minor": _("minor"),
}  # fmt: skip


class WaitingFilter(admin.SimpleListFilter):
    """Staff come for what nobody has judged; the rest is one click away."""

    title = _("verdict")
    parameter_name = "judged"

    def lookups(self, *_arguments: Any) -> list[tuple[str, Any]]:
        return [*CameraEvent.Verdict.choices, ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("to be judged")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(verdict=self.value() or "")


@admin.register(CameraEvent)
class CameraEventAdmin(ReadOnly):
    """The queue: what was seen, its still, and the answer that teaches the camera."""

    list_display = (
        "what", "shown_severity", "camera", "place", "noticed_at", "over_at", "sure", "answer",
    )  # fmt: skip
    list_filter = (WaitingFilter, "kind", "severity", "camera")
    list_select_related = ("camera__thing", "zone__camera__thing")
    date_hierarchy = "noticed_at"
    actions = ("was_true", "was_false")
    fields = (
        "what", "in_words", "camera", "place", "evidence", "where", "began_at", "noticed_at",
        "over_at", "sure", "threshold", "verdict", "decided_by", "decided_at", "still_until",
    )  # fmt: skip
    readonly_fields = fields

    class Media:
        css = MapWidget.Media.css
        js = MapWidget.Media.js

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        still = path("<int:pk>/still/", wrap(self.still), name="devices_cameraevent_still")
        judge = path("<int:pk>/judge/", wrap(self.judge), name="devices_cameraevent_judge")
        return [still, judge, *super().get_urls()]

    def has_judge_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("devices.change_cameraevent"))

    @admin.display(description=_("event"), ordering="kind")
    def what(self, event: CameraEvent) -> str:
        return capfirst(event.get_kind_display())

    @admin.display(description=_("zone"), ordering="zone__code")
    def place(self, event: CameraEvent) -> str:
        return event.zone.shown_name if event.zone else "–"

    @display(description=_("severity"), label=SEVERITY_COLOURS, ordering="severity")
    def shown_severity(self, event: CameraEvent) -> tuple[str, str]:
        return event.severity, self.in_words(event)

    @admin.display(description=_("severity"))
    def in_words(self, event: CameraEvent) -> str:
        return capfirst(str(SEVERITIES.get(event.severity, event.severity)))

    @admin.display(description=_("confidence"), ordering="score")
    def sure(self, event: CameraEvent) -> str:
        return f"{100 * event.score:.0f} %"

    @admin.display(description=_("told from this confidence on"))
    def threshold(self, event: CameraEvent) -> str:
        return f"{100 * event.camera.tuning.get(event.kind, 0.0):.0f} %"

    @display(description=_("verdict"), label={"true": "success", "false": "warning", "": "info"})
    def answer(self, event: CameraEvent) -> tuple[str, Any]:
        return event.verdict, event.get_verdict_display() or _("to be judged")

    @admin.display(description=_("place"))
    def where(self, event: CameraEvent) -> SafeString | str:
        return shown_map(event.geom)

    @admin.display(description=_("still"))
    def evidence(self, event: CameraEvent) -> SafeString | Any:
        if event.still_id is None:
            return _("Not kept, or no longer.")
        return format_html(
            '<img src="{}" alt="{}" style="max-width:48rem;width:100%;border-radius:6px">',
            reverse("admin:devices_cameraevent_still", args=[event.pk]), event,
        )  # fmt: skip

    def still(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Each look goes into the audit chain."""
        event = get_object_or_404(CameraEvent.objects.select_related("still"), pk=pk)
        if not self.has_view_permission(request, event):
            raise PermissionDenied
        media = look_at_still(event=event, actor=str(request.user))
        if media is None:
            return HttpResponse(status=404)
        with media.file.open("rb") as file:
            answer = HttpResponse(file.read(), content_type=media.content_type)
        add_never_cache_headers(answer)
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        shown = {"judge_url": "", "may_judge": self.has_judge_permission(request)}
        if object_id.isdigit():
            shown["judge_url"] = reverse("admin:devices_cameraevent_judge", args=[int(object_id)])
        context = (extra_context or {}) | shown
        response: HttpResponse = super().change_view(request, object_id, form_url, context)
        return response

    change_form_outer_before_template = "devices/judge_event.html"

    def judge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The two buttons on an event's page."""
        if request.method != "POST" or not self.has_judge_permission(request):
            raise PermissionDenied
        event = get_object_or_404(CameraEvent, pk=pk)
        self._judge(request, CameraEvent.objects.filter(pk=pk), true="true" in request.POST)
        answer: HttpResponse = self.response_change(request, event)
        return answer

    @admin.action(description=_("It was true"), permissions=["judge"])
    def was_true(self, request: HttpRequest, rows: QuerySet[CameraEvent]) -> None:
        self._judge(request, rows, true=True)

    @admin.action(description=_("False alarm"), permissions=["judge"])
    def was_false(self, request: HttpRequest, rows: QuerySet[CameraEvent]) -> None:
        self._judge(request, rows, true=False)

    def _judge(self, request: HttpRequest, rows: QuerySet[CameraEvent], *, true: bool) -> None:
        codes = [str(code) for code in rows.values_list("code", flat=True)]
        for code in codes:
            judge_event(code=code, true=true, actor=str(request.user))
        told = ngettext("%d event was judged.", "%d events were judged.", len(codes))
        messages.success(request, told % len(codes))
